/**
 * The kernels of resnet18. Every shape is a constant.
 * Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept
 * in doubles and rounded once, when they are stored.
 */

/**
 * bn1: loops
 *     out = a + b
 * a: f32[64]
 * b = 0.00001
 * out: f32[64]
 */
export declare function add_64(a: Float32Array, out: Float32Array): void;

/**
 * bn1: loops
 *     out = sqrt(x)
 * x: f32[64]
 * out: f32[64]
 */
export declare function sqrt_64(x: Float32Array, out: Float32Array): void;

/**
 * bn1.scale: loops
 *     out = a / b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function div_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * bn1.shift: loops
 *     out = a * b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function mul_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * bn1.shift: loops
 *     out = a - b
 * a: f32[64]
 * b: f32[64]
 * out: f32[64]
 */
export declare function sub_64(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * conv1.weight.folded: loops
 *     out = a * b
 * a: f32[64,3,7,7], row-major
 * b: f32[64,1,1,1]
 * out: f32[64,3,7,7], row-major
 */
export declare function mul_64x3x7x7(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[64,3,7,7], row-major
 * out: f32[64,3,7,7], in memory [o / 4: 16][kh 7][kw 7][i 3][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_64x3x7x7(x: Float32Array, out: Float32Array): void;

/**
 * layer1.0.conv1.weight.folded: loops
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
 * layer2.0.bn1: loops
 *     out = a + b
 * a: f32[128]
 * b = 0.00001
 * out: f32[128]
 */
export declare function add_128(a: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[128]
 * out: f32[128]
 */
export declare function sqrt_128(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.scale: loops
 *     out = a / b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export declare function div_128(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.shift: loops
 *     out = a * b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export declare function mul_128(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.bn1.shift: loops
 *     out = a - b
 * a: f32[128]
 * b: f32[128]
 * out: f32[128]
 */
export declare function sub_128(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[128,64,3,3], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,64,3,3], row-major
 */
export declare function mul_128x64x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[128,64,3,3], row-major
 * out: f32[128,64,3,3], in memory [o / 4: 32][kh 3][kw 3][i 64][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_128x64x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer2.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[128,128,3,3], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,128,3,3], row-major
 */
export declare function mul_128x128x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer2.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[128,64,1,1], row-major
 * b: f32[128,1,1,1]
 * out: f32[128,64,1,1], row-major
 */
export declare function mul_128x64x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[128,64,1,1], row-major
 * out: f32[128,64,1,1], in memory [o / 4: 32][kh 1][kw 1][i 64][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_128x64x1x1(x: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[128,128,3,3], row-major
 * out: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_128x128x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1: loops
 *     out = a + b
 * a: f32[256]
 * b = 0.00001
 * out: f32[256]
 */
export declare function add_256(a: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[256]
 * out: f32[256]
 */
export declare function sqrt_256(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.scale: loops
 *     out = a / b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export declare function div_256(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.shift: loops
 *     out = a * b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export declare function mul_256(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.bn1.shift: loops
 *     out = a - b
 * a: f32[256]
 * b: f32[256]
 * out: f32[256]
 */
export declare function sub_256(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[256,128,3,3], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,128,3,3], row-major
 */
export declare function mul_256x128x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,128,3,3], row-major
 * out: f32[256,128,3,3], in memory [o / 4: 64][kh 3][kw 3][i 128][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_256x128x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer3.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[256,256,3,3], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,256,3,3], row-major
 */
export declare function mul_256x256x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer3.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[256,128,1,1], row-major
 * b: f32[256,1,1,1]
 * out: f32[256,128,1,1], row-major
 */
export declare function mul_256x128x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,128,1,1], row-major
 * out: f32[256,128,1,1], in memory [o / 4: 64][kh 1][kw 1][i 128][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_256x128x1x1(x: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[256,256,3,3], row-major
 * out: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_256x256x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer4.0.bn1: loops
 *     out = a + b
 * a: f32[512]
 * b = 0.00001
 * out: f32[512]
 */
export declare function add_512(a: Float32Array, out: Float32Array): void;

/**
 * layer4.0.bn1: loops
 *     out = sqrt(x)
 * x: f32[512]
 * out: f32[512]
 */
export declare function sqrt_512(x: Float32Array, out: Float32Array): void;

/**
 * layer4.0.bn1.scale: loops
 *     out = a / b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export declare function div_512(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer4.0.bn1.shift: loops
 *     out = a * b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export declare function mul_512(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer4.0.bn1.shift: loops
 *     out = a - b
 * a: f32[512]
 * b: f32[512]
 * out: f32[512]
 */
export declare function sub_512(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer4.0.conv1.weight.folded: loops
 *     out = a * b
 * a: f32[512,256,3,3], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,256,3,3], row-major
 */
export declare function mul_512x256x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,256,3,3], row-major
 * out: f32[512,256,3,3], in memory [o / 4: 128][kh 3][kw 3][i 256][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_512x256x3x3(x: Float32Array, out: Float32Array): void;

/**
 * layer4.0.conv2.weight.folded: loops
 *     out = a * b
 * a: f32[512,512,3,3], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,512,3,3], row-major
 */
export declare function mul_512x512x3x3(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * layer4.0.downsample.0.weight.folded: loops
 *     out = a * b
 * a: f32[512,256,1,1], row-major
 * b: f32[512,1,1,1]
 * out: f32[512,256,1,1], row-major
 */
export declare function mul_512x256x1x1(a: Float32Array, b: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,256,1,1], row-major
 * out: f32[512,256,1,1], in memory [o / 4: 128][kh 1][kw 1][i 256][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_512x256x1x1(x: Float32Array, out: Float32Array): void;

/**
 * repack_rowMajor_to_ohwi4: copy
 *     out = x, the same elements at other places
 * x: f32[512,512,3,3], row-major
 * out: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 */
export declare function repack_rowMajor_to_ohwi4_512x512x3x3(x: Float32Array, out: Float32Array): void;

/**
 * conv1 with bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 3, 2 * w + kw - 3]
 *     out = max(value, 0)
 * x: f32[1,3,224,224], row-major
 * weight: f32[64,3,7,7], in memory [o / 4: 16][kh 7][kw 7][i 3][o % 4]
 * bias: f32[64]
 * out: f32[1,64,112,112], in memory [n 1][h 112][w 112][c 64]
 */
export declare function conv2d_7x7_s2_3to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * maxPool: loops
 *     out = max over kh < 3, kw < 3 of x[n, c, 2 * h + kh - 1, 2 * w + kw - 1], inside x only
 * x: f32[1,64,112,112], in memory [n 1][h 112][w 112][c 64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export declare function maxPool_3x3_s2_64(x: Float32Array, out: Float32Array): void;

/**
 * layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export declare function conv2d_3x3_64to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[64,64,3,3], in memory [o / 4: 16][kh 3][kw 3][i 64][o % 4]
 * bias: f32[64]
 * residual: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * out: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 */
export declare function conv2d_3x3_64to64_add_relu(
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
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[128,64,3,3], in memory [o / 4: 32][kh 3][kw 3][i 64][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export declare function conv2d_3x3_s2_64to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer2.0.downsample.0 with layer2.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,64,56,56], in memory [n 1][h 56][w 56][c 64]
 * weight: f32[128,64,1,1], in memory [o / 4: 32][kh 1][kw 1][i 64][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export declare function conv2d_1x1_s2_64to128(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 * bias: f32[128]
 * residual: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export declare function conv2d_3x3_128to128_add_relu(
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
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[128,128,3,3], in memory [o / 4: 32][kh 3][kw 3][i 128][o % 4]
 * bias: f32[128]
 * out: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 */
export declare function conv2d_3x3_128to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[256,128,3,3], in memory [o / 4: 64][kh 3][kw 3][i 128][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export declare function conv2d_3x3_s2_128to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.0.downsample.0 with layer3.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,128,28,28], in memory [n 1][h 28][w 28][c 128]
 * weight: f32[256,128,1,1], in memory [o / 4: 64][kh 1][kw 1][i 128][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export declare function conv2d_1x1_s2_128to256(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 * bias: f32[256]
 * residual: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export declare function conv2d_3x3_256to256_add_relu(
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
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[256,256,3,3], in memory [o / 4: 64][kh 3][kw 3][i 256][o % 4]
 * bias: f32[256]
 * out: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 */
export declare function conv2d_3x3_256to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer4.0.conv1 with layer4.0.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, 2 * h + kh - 1, 2 * w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[512,256,3,3], in memory [o / 4: 128][kh 3][kw 3][i 256][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export declare function conv2d_3x3_s2_256to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer4.0.downsample.0 with layer4.0.downsample.1: direct, 2 pixels x 4 channels
 *     out = bias[o] + sum over i of weight[o, i, 0, 0] * x[n, i, 2 * h, 2 * w]
 * x: f32[1,256,14,14], in memory [n 1][h 14][w 14][c 256]
 * weight: f32[512,256,1,1], in memory [o / 4: 128][kh 1][kw 1][i 256][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export declare function conv2d_1x1_s2_256to512(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * layer4.0.conv2 with layer4.0.bn2 + add + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value + residual, 0)
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * weight: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 * bias: f32[512]
 * residual: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export declare function conv2d_3x3_512to512_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/**
 * layer4.1.conv1 with layer4.1.bn1 + relu: direct, 2 pixels x 4 channels
 *     value = bias[o] + sum over i, kh, kw of weight[o, i, kh, kw] * x[n, i, h + kh - 1, w + kw - 1]
 *     out = max(value, 0)
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * weight: f32[512,512,3,3], in memory [o / 4: 128][kh 3][kw 3][i 512][o % 4]
 * bias: f32[512]
 * out: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 */
export declare function conv2d_3x3_512to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/**
 * globalAveragePool: loops
 *     out = mean over h, w of x[n, c, h, w]
 * x: f32[1,512,7,7], in memory [n 1][h 7][w 7][c 512]
 * out: f32[1,512,1,1]
 */
export declare function globalAveragePool(x: Float32Array, out: Float32Array): void;

/**
 * fc: dot products, 1 x 4
 *     out = bias[o] + sum over i of weight[o, i] * x[n, i]
 * x: f32[1,512]
 * weight: f32[1000,512], row-major
 * bias: f32[1000]
 * out: f32[1,1000]
 */
export declare function linear_512to1000(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
