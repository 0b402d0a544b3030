/**
 * WebAssembly's text -> bytes, by binaryen, which also validates. Pages call it, and Node's process (../assembler.mjs):
 * the bytes are the same. Plain JavaScript, because that process has no loader for TypeScript.
 */
import binaryen from 'binaryen';

const { SIMD128, RelaxedSIMD, NontrappingFPToInt, MutableGlobals, SignExt } = binaryen.Features;

/** Throws for a text that is no module. */
export function assemble(text) {
  const module = parse(text);
  try {
    module.setFeatures(SIMD128 | RelaxedSIMD | NontrappingFPToInt | MutableGlobals | SignExt);
    if (!module.validate()) throw new Error('binaryen finds the emitted module invalid');
    return module.emitBinary();
  } finally {
    module.dispose();
  }
}

/** What binaryen throws is no Error and says nothing; the reason is on its standard error. */
function parse(text) {
  try {
    return binaryen.parseText(text);
  } catch {
    throw new Error('binaryen cannot read the emitted module');
  }
}
