/**
 * The kernels of lenet5. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[6,1,5,5], row-major
 * out: f32[6,1,5,5], in memory [o / 4: 2][kh 5][kw 5][i 1][o % 4], filled up with zeros
 */
export declare function repack_rowMajor_to_ohwi4_6x1x5x5(x: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,6,5,5], row-major
 * out: f32[16,6,5,5], in memory [o / 4: 4][kh 5][kw 5][i 6][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_16x6x5x5(x: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[120,16,5,5], row-major
 * out: f32[120,16,5,5], in memory [o / 4: 30][kh 5][kw 5][i 16][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_120x16x5x5(x: Float32Array, out: Float32Array): void;

/**
 * convnet.c1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over kh, kw of weight[o, 0, kh, kw] * x[n, 0, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,1,32,32], row-major
 * weight: f32[6,1,5,5], in memory [o / 4: 2][kh 5][kw 5][i 1][o % 4], filled up with zeros
 * bias: f32[6]
 * out: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 */
export declare function conv2d_5x5_1to6_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * maxPool: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,6,28,28], in memory [n 1][h 28][w 28][c 6]
 * out: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 */
export declare function maxPool_2x2_s2_6(x: Float32Array, out: Float32Array): void;

/**
 * convnet.c3 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,6,14,14], in memory [n 1][h 14][w 14][c 6]
 * weight: f32[16,6,5,5], in memory [o / 4: 4][kh 5][kw 5][i 6][o % 4]
 * bias: f32[16]
 * out: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 */
export declare function conv2d_5x5_6to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * maxPool2: loops
 *     out = max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]
 * x: f32[1,16,10,10], in memory [n 1][h 10][w 10][c 16]
 * out: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 */
export declare function maxPool_2x2_s2_16(x: Float32Array, out: Float32Array): void;

/**
 * convnet.c5 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh, w + kw]
 *     out = max(value, 0)
 * x: f32[1,16,5,5], in memory [n 1][h 5][w 5][c 16]
 * weight: f32[120,16,5,5], in memory [o / 4: 30][kh 5][kw 5][i 16][o % 4]
 * bias: f32[120]
 * out: f32[1,120,1,1]
 */
export declare function conv2d_5x5_16to120_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * fc.f6 + relu: dot products, 1 x 4
 *     value = bias[o] + sum over i of weight[o, i] * x[n, i]
 *     out = max(value, 0)
 * x: f32[1,120]
 * weight: f32[84,120], row-major
 * bias: f32[84]
 * out: f32[1,84]
 */
export declare function linear_120to84_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * fc.f7: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,84]
 * weight: f32[10,84], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export declare function linear_84to10(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
