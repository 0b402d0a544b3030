// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/** The kernels of lenet5; kernels.wat has their code. Arguments are addresses in bytes. Every shape is a constant. */

import { instantiateWasm, type WasmOptions } from './runtime.js';

export interface Kernels {
  /**
   * repack_rowMajor_to_ohwi8: copy
   *     out = x, the same elements at other places
   * x: f32[6,1,5,5], row-major
   * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
   */
  repack_rowMajor_to_ohwi8_6x1x5x5(x: number, out: number): void;
  /**
   * repack_rowMajor_to_ohwi8: copy
   *     out = x, the same elements at other places
   * x: f32[16,6,5,5], row-major
   * out: f32[16,6,5,5], in memory [o / 8: 2][kh 5][kw 5][i 6][o % 8]
   */
  repack_rowMajor_to_ohwi8_16x6x5x5(x: number, out: number): void;
  /**
   * repack_rowMajor_to_ohwi8: copy
   *     out = x, the same elements at other places
   * x: f32[120,16,5,5], row-major
   * out: f32[120,16,5,5], in memory [o / 8: 15][kh 5][kw 5][i 16][o % 8]
   */
  repack_rowMajor_to_ohwi8_120x16x5x5(x: number, out: number): void;
  /**
   * convnet.c1 + relu: direct, 4 pixels x 8 channels, 28 rows
   *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
   *     out = max(value, 0)
   * x: f32[1,1,32,32], row-major
   * weight: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
   * bias: f32[6]
   * out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
   */
  conv2d_5x5_1to6_relu(x: number, weight: number, bias: number, out: number): void;
  /**
   * maxPool: windows in registers, 4 channels
   *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
   * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
   * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
   */
  maxPool_2x2_s2_6(x: number, out: number): void;
  /**
   * convnet.c3 + relu: direct, 4 pixels x 8 channels, 10 rows
   *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
   *     out = max(value, 0)
   * x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
   * weight: f32[16,6,5,5], in memory [o / 8: 2][kh 5][kw 5][i 6][o % 8]
   * bias: f32[16]
   * out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
   */
  conv2d_5x5_6to16_relu(x: number, weight: number, bias: number, out: number): void;
  /**
   * maxPool2: windows in registers, 4 channels
   *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
   * x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
   * out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
   */
  maxPool_2x2_s2_16(x: number, out: number): void;
  /**
   * convnet.c5 + relu: direct, 4 pixels x 8 channels, 1 rows
   *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
   *     out = max(value, 0)
   * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
   * weight: f32[120,16,5,5], in memory [o / 8: 15][kh 5][kw 5][i 16][o % 8]
   * bias: f32[120]
   * out: f32[1,120,1,1]
   */
  conv2d_5x5_16to120_relu(x: number, weight: number, bias: number, out: number): void;
  /**
   * fc.f6 + relu: dot products, 1 x 4
   *     value = bias[o] + sum over i of weight[o, i] * x[n, i]
   *     out = max(value, 0)
   * x: f32[1,120]
   * weight: f32[84,120], row-major
   * bias: f32[84]
   * out: f32[1,84]
   */
  linear_120to84_relu(x: number, weight: number, bias: number, out: number): void;
  /**
   * fc.f7: dot products, 1 x 4
   *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
   * x: f32[1,84]
   * weight: f32[10,84], row-major
   * bias: f32[10]
   * out: f32[1,10]
   */
  linear_84to10(x: number, weight: number, bias: number, out: number): void;
}

/** Compiles the variant that this host supports, and connects it to the memory. */
export async function loadKernels(memory: WebAssembly.Memory, options: WasmOptions = {}): Promise<Kernels> {
  const variants = {
    plain: () => new URL('./kernels.wasm', import.meta.url),
    relaxed: () => new URL('./kernels.relaxed.wasm', import.meta.url),
  };
  return (await instantiateWasm('lenet5', memory, variants, options)) as unknown as Kernels;
}
