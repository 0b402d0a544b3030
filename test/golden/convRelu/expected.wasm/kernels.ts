// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/** The kernels of conv-relu; kernels.wat has their code. Arguments are addresses in bytes. Every shape is a constant. */

import { instantiateWasm, type WasmOptions } from './runtime.js';

export interface Kernels {
  /**
   * repack_rowMajor_to_ohwi8: copy
   *     out = x, the same elements at other places
   * x: f32[5,2,3,3], row-major
   * out: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
   */
  repack_rowMajor_to_ohwi8(x: number, out: number): void;
  /**
   * conv + relu: direct, 4 pixels x 8 channels, 5 rows, padded strips
   *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
   *     out = max(value, 0)
   * x: f32[1,2,5,5], row-major
   * weight: f32[5,2,3,3], in memory [o / 8: 1][kh 3][kw 3][i 2][o % 8], filled up with zeros
   * bias: f32[5]
   * out: f32[1,5,5,5], row-major
   */
  conv2d_3x3_2to5_relu(x: number, weight: number, bias: number, strip: number, out: number): void;
}

/** Compiles the variant that this host supports, and connects it to the memory. */
export async function loadKernels(memory: WebAssembly.Memory, options: WasmOptions = {}): Promise<Kernels> {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('conv-relu', memory, variants, options)) as unknown as Kernels;
}
