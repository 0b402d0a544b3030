/**
 * Detects what the host's WebAssembly supports, by validating the smallest module that uses a feature. Self-contained;
 * works in Node and in browsers.
 */

// An empty module, and modules with one function each: with an i8x16.popcnt, and with an f32x4.relaxed_madd.
const EMPTY = '0061736d01000000';
const SIMD = '0061736d010000000105016000017b030201000a0a0108004100fd0ffd620b';
const RELAXED_SIMD = '0061736d010000000105016000017b030201000a13011100' + '4101fd0f4102fd0f4103fd0ffd85020b';

const validates = (hex: string): boolean =>
  typeof WebAssembly === 'object' && WebAssembly.validate(bytesOfHex(hex) as BufferSource);

const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from({ length: hex.length / 2 }, (_, i) => parseInt(hex.slice(2 * i, 2 * i + 2), 16));

export const hasWasmSimd = (): boolean => validates(SIMD);
export const hasRelaxedSimd = (): boolean => validates(RELAXED_SIMD);

/**
 * Whether the host may compile WebAssembly. The host or a page's content security policy may forbid it for any module.
 */
export function mayCompileWasm(): boolean {
  try {
    return new WebAssembly.Module(bytesOfHex(EMPTY) as BufferSource) instanceof WebAssembly.Module;
  } catch {
    return false;
  }
}

/**
 * Whether kernels are compiled modules. Hosts that compile nothing at run time, such as workerd, can instantiate them.
 */
export const isCompiledWasm = (kernels: unknown): boolean => {
  if (typeof kernels !== 'object' || kernels === null) return false;
  if (kernels instanceof WebAssembly.Module) return true;
  const { plain, relaxed = plain } = kernels as { readonly plain?: unknown; readonly relaxed?: unknown };
  return plain instanceof WebAssembly.Module && relaxed instanceof WebAssembly.Module;
};

/** Whether modules of kernels run here. `kernels` is the option of `load`. */
export const runsWasm = ({ kernels }: { readonly kernels?: unknown } = {}): boolean =>
  hasWasmSimd() && (isCompiledWasm(kernels) || mayCompileWasm());
