/**
 * The kernels of lenet5 in WGSL. Each has one entry point, and every shape is a constant. The comment of a kernel states
 * what it computes and how its buffers are laid out. `workgroups` has the number of columns and of rows; `bindings` are in
 * the order of their numbers. Activations are bound as `read_write` even if a kernel only reads them, because they share
 * one GPUBuffer, and a dispatch must not bind a buffer both for reading and for writing.
 */
import type { GpuKernel } from './runtime.js';
/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi8_part1: GpuKernel;
/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi8_part2: GpuKernel;
/**
 * repack_rowMajor_to_ohwi8: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi8_part3: GpuKernel;
/**
 * repack_rowMajor_to_o8: copy
 *     out = x, the same elements at other places
 * x: f32[6]
 * out: f32[6]
 */
export declare const repack_rowMajor_to_o8: GpuKernel;
/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[16,6,5,5], row-major
 * out: f32[16,6,5,5], in memory [o / 16: 1][kh 5][kw 5][i 6][o % 16]
 */
export declare const repack_rowMajor_to_ohwi16_16x6x5x5: GpuKernel;
/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi16_120x16x5x5_part1: GpuKernel;
/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi16_120x16x5x5_part2: GpuKernel;
/**
 * repack_rowMajor_to_ohwi16: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 */
export declare const repack_rowMajor_to_ohwi16_120x16x5x5_part3: GpuKernel;
/**
 * repack_rowMajor_to_o16: copy
 *     out = x, the same elements at other places
 * x: f32[120]
 * out: f32[120]
 */
export declare const repack_rowMajor_to_o16: GpuKernel;
/**
 * convnet.c1 + relu: direct, 7 pixels x 8 channels
 *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,1,32,32], row-major
 * weight: f32[6,1,5,5], in memory [o / 8: 1][kh 5][kw 5][i 1][o % 8], filled up with zeros
 * bias: f32[6]
 * out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 */
export declare const conv2d_5x5_1to6_relu: GpuKernel;
/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export declare const maxPool_2x2_s2_6_part1: GpuKernel;
/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export declare const maxPool_2x2_s2_6_part2: GpuKernel;
/**
 * convnet.c3 + relu: direct, 5 pixels x 16 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 * weight: f32[16,6,5,5], in memory [o / 16: 1][kh 5][kw 5][i 6][o % 16]
 * bias: f32[16]
 * out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 */
export declare const conv2d_5x5_6to16_relu: GpuKernel;
/**
 * maxPool2: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 * out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 */
export declare const maxPool_2x2_s2_16: GpuKernel;
/**
 * convnet.c5 + relu: direct, 1 pixels x 16 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export declare const conv2d_5x5_16to120_relu: GpuKernel;
/**
 * convnet.c5 + relu: 16 pixels x 32 channels x 16 in a workgroup, 2 x 4 per invocation
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 16: 8][kh 5][kw 5][i 16][o % 16], filled up with zeros
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export declare const conv2d_5x5_16to120_relu_tiled: GpuKernel;
/**
 * fc.f6 + relu: dot products, 1 x 4
 *     value = bias[o] + sum over i of weight[o, i] * x[n, i]
 *     out = max(value, 0)
 * x: f32[1,120]
 * weight: f32[84,120], row-major
 * bias: f32[84]
 * out: f32[1,84]
 */
export declare const linear_120to84_relu: GpuKernel;
/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export declare const linear_84to10_part1: GpuKernel;
/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export declare const linear_84to10_part2: GpuKernel;
