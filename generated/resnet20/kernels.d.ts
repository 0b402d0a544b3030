/**
 * The kernels of resnet20. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * bn1: loops
 *     out = a + b
 * a: f32[16]
 * b = 0.00001
 * out: f32[16]
 */
export declare function add_16(a: Float32Array, out: Float32Array): void;

/**
 * bn1: loops
 *     out = sqrt(x)
 * x: f32[16]
 * out: f32[16]
 */
export declare function sqrt_16(x: Float32Array, out: Float32Array): void;

/**
 * bn1.scale: loops
 *     out = a / b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export declare function div_16(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * bn1.shift: loops
 *     out = a * b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export declare function mul_16(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * bn1.shift: loops
 *     out = a - b
 * a: f32[16]
 * b: f32[16]
 * out: f32[16]
 */
export declare function sub_16(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * conv1.weight.folded: loops
 *     out = a * b
 * a: f32[16,3,3,3], row-major
 * b: f32[16,1,1,1]
 * out: f32[16,3,3,3], row-major
 */
export declare function mul_16x3x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,3,3,3], row-major
 * out: f32[16,3,3,3], in memory [o / 4: 4][kh 3][kw 3][i 3][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_16x3x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer1.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[16,16,3,3], row-major
 * b: f32[16,1,1,1]
 * out: f32[16,16,3,3], row-major
 */
export declare function mul_16x16x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[16,16,3,3], row-major
 * out: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_16x16x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1: loops
 *     out = a + b
 * a: f32[32]
 * b = 0.00001
 * out: f32[32]
 */
export declare function add_32(a: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[32]
 * out: f32[32]
 */
export declare function sqrt_32(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.scale: loops
 *     out = a / b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export declare function div_32(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.shift: loops
 *     out = a * b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export declare function mul_32(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.shift: loops
 *     out = a - b
 * a: f32[32]
 * b: f32[32]
 * out: f32[32]
 */
export declare function sub_32(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[32,16,3,3], row-major
 * b: f32[32,1,1,1]
 * out: f32[32,16,3,3], row-major
 */
export declare function mul_32x16x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[32,16,3,3], row-major
 * out: f32[32,16,3,3], in memory [o / 4: 8][kh 3][kw 3][i 16][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_32x16x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[32,32,3,3], row-major
 * b: f32[32,1,1,1]
 * out: f32[32,32,3,3], row-major
 */
export declare function mul_32x32x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[32,32,3,3], row-major
 * out: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_32x32x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1: loops
 *     out = a + b
 * a: f32[64]
 * b = 0.00001
 * out: f32[64]
 */
export declare function add_64(a: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[64]
 * out: f32[64]
 */
export declare function sqrt_64(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.scale: loops
 *     out = a / b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function div_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.shift: loops
 *     out = a * b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function mul_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.shift: loops
 *     out = a - b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function sub_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[64,32,3,3], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,32,3,3], row-major
 */
export declare function mul_64x32x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,32,3,3], row-major
 * out: f32[64,32,3,3], in memory [o / 4: 16][kh 3][kw 3][i 32][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_64x32x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[64,64,3,3], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,64,3,3], row-major
 */
export declare function mul_64x64x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,64,3,3], row-major
 * out: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_64x64x3x3(x: Float32Array, out: Float32Array): void;

/**
 * conv1 with bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,3,32,32], row-major
 * weight: f32[16,3,3,3], in memory [o / 4: 4][kh 3][kw 3][i 3][o % 4]
 * bias: f32[16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export declare function conv2d_3x3_3to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 * bias: f32[16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export declare function conv2d_3x3_16to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[16,16,3,3], in memory [o / 4: 4][kh 3][kw 3][i 16][o % 4]
 * bias: f32[16]
 * residual: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * out: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 */
export declare function conv2d_3x3_16to16_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/**
 * layer2.0.conv1 with layer2.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,16,32,32], in memory [n 1][h 32][w 32][c 16]
 * weight: f32[32,16,3,3], in memory [o / 4: 8][kh 3][kw 3][i 16][o % 4]
 * bias: f32[32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export declare function conv2d_3x3_s2_16to32_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer2.0.pad: loops
 *     out = x[n, c - 8, h, w], 0 outside x
 * x: f32[1,16,16,16], in memory [n 1][h 16][w 16][c 16], filled up with zeros
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export declare function pad_16x16(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 * bias: f32[32]
 * residual: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export declare function conv2d_3x3_32to32_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/**
 * layer2.1.conv1 with layer2.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[32,32,3,3], in memory [o / 4: 8][kh 3][kw 3][i 32][o % 4]
 * bias: f32[32]
 * out: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 */
export declare function conv2d_3x3_32to32_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,32,16,16], in memory [n 1][h 16][w 16][c 32]
 * weight: f32[64,32,3,3], in memory [o / 4: 16][kh 3][kw 3][i 32][o % 4]
 * bias: f32[64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export declare function conv2d_3x3_s2_32to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.0.pad: loops
 *     out = x[n, c - 16, h, w], 0 outside x
 * x: f32[1,32,8,8], in memory [n 1][h 8][w 8][c 32], filled up with zeros
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export declare function pad_8x8(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * residual: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export declare function conv2d_3x3_64to64_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.1.conv1 with layer3.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * out: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 */
export declare function conv2d_3x3_64to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * globalAveragePool: loops
 *     out = mean over h, w of x[n, c, h, w]
 * x: f32[1,64,8,8], in memory [n 1][h 8][w 8][c 64]
 * out: f32[1,64,1,1]
 */
export declare function globalAveragePool(x: Float32Array, out: Float32Array): void;

/**
 * linear: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,64]
 * weight: f32[10,64], row-major
 * bias: f32[10]
 * out: f32[1,10]
 */
export declare function linear_64to10(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
