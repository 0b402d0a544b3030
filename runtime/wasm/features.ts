/**
 * What the host's WebAssembly can do, asked with the smallest module that uses it. Self-contained; works in Node and in
 * browsers.
 */

// A module of nothing; modules of one function each: a v128 of i8 lanes summed up, and a relaxed_madd.
const EMPTY = '0061736d01000000';
const SIMD = '0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b';
const RELAXED_SIMD = '0061736d010000000105016000017b030201000a13011100' + '4101fd0f4102fd0f4103fd0ffd85020b';

const validates = (hex: string): boolean =>
  typeof WebAssembly === 'object' && WebAssembly.validate(bytesOfHex(hex) as BufferSource);

const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));

export const hasWasmSimd = (): boolean => validates(SIMD);
export const hasRelaxedSimd = (): boolean => validates(RELAXED_SIMD);

/** False where the host or a page's content security policy forbids to compile what may well be valid. */
export function mayCompileWasm(): boolean {
  try {
    return new WebAssembly.Module(bytesOfHex(EMPTY) as BufferSource) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/** True for compiled modules: a host that compiles none at run time, such as workerd, instantiates them. */
export const isCompiledWasm = (kernels: unknown): boolean => {
  if (typeof kernels !== 'object' || kernels === null) return false;
  if (kernels instanceof WebAssembly.Module) return true;
  const { plain, relaxed = plain } = kernels as { readonly plain?: unknown; readonly relaxed?: unknown };
  return plain instanceof WebAssembly.Module && relaxed instanceof WebAssembly.Module;
};

/** Whether modules of kernels run here; `kernels` are those that `load` was given. */
export const runsWasm = ({ kernels }: { readonly kernels?: unknown } = {}): boolean =>
  hasWasmSimd() && (isCompiledWasm(kernels) || mayCompileWasm());
