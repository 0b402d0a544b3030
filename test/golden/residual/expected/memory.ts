// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of residual. Activations share one arena of 1.73 kB;
 * at most 1.73 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 1728;

export interface Memory {
  /** f32[1,4,6,6], from the start to call 1 */
  readonly image: Float32Array;
  /** f32[1,4,6,6], nhwc, from call 0 to call 1 */
  readonly layer1_0_conv1: Float32Array;
  /** f32[1,4,6,6], nhwc, from call 1 to call 3 */
  readonly layer1_0_conv2: Float32Array;
  /** f32[1,4,6,6], nhwc, from call 2 to call 3 */
  readonly layer1_1_conv1: Float32Array;
  /** f32[1,4,6,6], from call 3 to the end */
  readonly features: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 144),
    layer1_0_conv1: new Float32Array(arena, 576, 144),
    layer1_0_conv2: new Float32Array(arena, 1152, 144),
    layer1_1_conv1: new Float32Array(arena, 0, 144),
    features: new Float32Array(arena, 576, 144),
  };
}

export interface Weights {
  /** f32[4] */
  readonly layer1_0_bn1_shift: Float32Array;
  /** f32[4,4,3,3], ohwi4 */
  readonly layer1_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[4] */
  readonly layer1_0_bn2_shift: Float32Array;
  /** f32[4,4,3,3], ohwi4 */
  readonly layer1_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[4] */
  readonly layer1_1_bn1_shift: Float32Array;
  /** f32[4,4,3,3], ohwi4 */
  readonly layer1_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[4] */
  readonly layer1_1_bn2_shift: Float32Array;
  /** f32[4,4,3,3], ohwi4 */
  readonly layer1_1_conv2_weight_folded_ohwi4: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    layer1_0_bn1_shift: new Float32Array(4),
    layer1_0_conv1_weight_folded_ohwi4: new Float32Array(144),
    layer1_0_bn2_shift: new Float32Array(4),
    layer1_0_conv2_weight_folded_ohwi4: new Float32Array(144),
    layer1_1_bn1_shift: new Float32Array(4),
    layer1_1_conv1_weight_folded_ohwi4: new Float32Array(144),
    layer1_1_bn2_shift: new Float32Array(4),
    layer1_1_conv2_weight_folded_ohwi4: new Float32Array(144),
  };
}
