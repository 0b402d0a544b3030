/**
 * The kernels of resnet18. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** conv1 with bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_7x7_s2_3to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** maxPool: loops */
export declare function maxPool_3x3_s2_64(x: Float32Array, out: Float32Array): void;

/** layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_64to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_64to64_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer2.0.conv1 with layer2.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_s2_64to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer2.0.downsample.0 with layer2.0.downsample.1: direct, 2 pixels x 4 channels */
export declare function conv2d_1x1_s2_64to128(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_128to128_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer2.1.conv1 with layer2.1.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_128to128_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_s2_128to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer3.0.downsample.0 with layer3.0.downsample.1: direct, 2 pixels x 4 channels */
export declare function conv2d_1x1_s2_128to256(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_256to256_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer3.1.conv1 with layer3.1.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_256to256_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer4.0.conv1 with layer4.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_s2_256to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer4.0.downsample.0 with layer4.0.downsample.1: direct, 2 pixels x 4 channels */
export declare function conv2d_1x1_s2_256to512(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer4.0.conv2 with layer4.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_512to512_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer4.1.conv1 with layer4.1.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_512to512_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** globalAveragePool: loops */
export declare function globalAveragePool(x: Float32Array, out: Float32Array): void;

/** fc: dot products, 1 x 4 */
export declare function linear_512to1000(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
