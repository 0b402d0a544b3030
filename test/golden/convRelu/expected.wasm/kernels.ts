/** The kernels of conv-relu, as kernels.wat shows them. Every shape is a constant; arguments are addresses in bytes. */

import { instantiateWasm, type WasmOptions } from './runtime.js';

export interface Kernels {
  /** conv + relu: direct, 4 pixels x 8 channels, 5 rows, padded strips */
  conv2d_3x3_2to5_relu(x: number, weight: number, bias: number, strip: number, out: number): void;
}

/** Compiles what this host can run, over this memory. */
export async function loadKernels(memory: WebAssembly.Memory, options: WasmOptions = {}): Promise<Kernels> {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('conv-relu', memory, variants, options)) as unknown as Kernels;
}
