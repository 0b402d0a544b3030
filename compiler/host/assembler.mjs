/**
 * WebAssembly's text -> bytes, by binaryen, which also validates. Plain JavaScript, because it runs in a process of its
 * own: tsx would translate binaryen's fourteen megabytes first, which takes ten times as long as all the rest.
 *
 * Run as a program it reads texts and answers each with a module's bytes, or with what is wrong. A text is its length
 * (32 bits, little-endian) and itself; an answer a byte, 0 for a module and 1 for a message, its length and itself.
 */
import { argv, stdin, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
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

function answer(text) {
  try {
    return [0, assemble(text)];
  } catch (error) {
    return [1, Buffer.from(error.message)];
  }
}

function send([kind, bytes]) {
  const head = Buffer.alloc(5);
  head.writeUInt8(kind);
  head.writeUInt32LE(bytes.length, 1);
  stdout.write(Buffer.concat([head, bytes]));
}

async function main() {
  let pending = Buffer.alloc(0);
  for await (const chunk of stdin) {
    pending = Buffer.concat([pending, chunk]);
    while (pending.length >= 4 && pending.length >= 4 + pending.readUInt32LE()) {
      const end = 4 + pending.readUInt32LE();
      send(answer(pending.toString('utf8', 4, end)));
      pending = pending.subarray(end);
    }
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await main();
