/**
 * The kernels of lenet5. Every shape is a constant; arrays are flat, channels last unless a comment
 * says otherwise. Sums are kept in doubles and rounded once, when they are stored.
 */

/** convnet.c1 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_5x5_1to6_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** maxPool: loops */
export declare function maxPool_2x2_s2_6(x: Float32Array, out: Float32Array): void;

/** convnet.c3 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_5x5_6to16_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** maxPool2: loops */
export declare function maxPool_2x2_s2_16(x: Float32Array, out: Float32Array): void;

/** convnet.c5 + relu: direct, 2 pixels x 4 channels */
export declare function conv2d_5x5_16to120_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** fc.f6 + relu: dot products, 1 x 4 */
export declare function linear_120to84_relu(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;

/** fc.f7: dot products, 1 x 4 */
export declare function linear_84to10(
  x: Float32Array,
  weight: Float32Array,
  bias: Float32Array,
  out: Float32Array,
): void;
