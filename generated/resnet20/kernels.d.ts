/**
 * The kernels of resnet20. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** conv1 with bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_3to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer1.0.conv1 with layer1.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_16to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer1.0.conv2 with layer1.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_16to16_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer2.0.conv1 with layer2.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_s2_16to32_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer2.0.pad: loops */
export declare function pad_16x16(x: Float32Array, out: Float32Array): void;

/** layer2.0.conv2 with layer2.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_32to32_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer2.1.conv1 with layer2.1.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_32to32_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer3.0.conv1 with layer3.0.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_s2_32to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** layer3.0.pad: loops */
export declare function pad_8x8(x: Float32Array, out: Float32Array): void;

/** layer3.0.conv2 with layer3.0.bn2 + add + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_64to64_add_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  residual: Float32Array,
  out: Float32Array,
): void;

/** layer3.1.conv1 with layer3.1.bn1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_3x3_64to64_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** globalAveragePool: loops */
export declare function globalAveragePool(x: Float32Array, out: Float32Array): void;

/** linear: dot products, 1 x 4 */
export declare function linear_64to10(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
