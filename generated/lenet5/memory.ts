// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of lenet5. Activations share one arena of 23.6 kB;
 * at most 23.6 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 23552;

export interface Memory {
  /** f32[1,1,32,32], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,6,28,28], nhwc, from call 0 to call 1 */
  readonly convnet_c1: Float32Array;
  /** f32[1,6,14,14], nhwc, from call 1 to call 2 */
  readonly maxPool: Float32Array;
  /** f32[1,16,10,10], nhwc, from call 2 to call 3 */
  readonly convnet_c3: Float32Array;
  /** f32[1,16,5,5], nhwc, from call 3 to call 4 */
  readonly maxPool2: Float32Array;
  /** f32[1,120,1,1], from call 4 to call 5 */
  readonly convnet_c5: Float32Array;
  /** f32[1,84], from call 5 to call 6 */
  readonly fc_f6: Float32Array;
  /** f32[1,10], from call 6 to the end */
  readonly logits: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 18816, 1024),
    convnet_c1: new Float32Array(arena, 0, 4704),
    maxPool: new Float32Array(arena, 18816, 1176),
    convnet_c3: new Float32Array(arena, 0, 1600),
    maxPool2: new Float32Array(arena, 6400, 400),
    convnet_c5: new Float32Array(arena, 0, 120),
    fc_f6: new Float32Array(arena, 512, 84),
    logits: new Float32Array(arena, 0, 10),
  };
}

export interface Weights {
  /** f32[6] */
  readonly convnet_c1_bias: Float32Array;
  /** f32[16] */
  readonly convnet_c3_bias: Float32Array;
  /** f32[120] */
  readonly convnet_c5_bias: Float32Array;
  /** f32[84,120] */
  readonly fc_f6_weight: Float32Array;
  /** f32[84] */
  readonly fc_f6_bias: Float32Array;
  /** f32[10,84] */
  readonly fc_f7_weight: Float32Array;
  /** f32[10] */
  readonly fc_f7_bias: Float32Array;
  /** f32[6,1,5,5], ohwi4 */
  readonly convnet_c1_weight_ohwi4: Float32Array;
  /** f32[16,6,5,5], ohwi4 */
  readonly convnet_c3_weight_ohwi4: Float32Array;
  /** f32[120,16,5,5], ohwi4 */
  readonly convnet_c5_weight_ohwi4: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    convnet_c1_bias: new Float32Array(6),
    convnet_c3_bias: new Float32Array(16),
    convnet_c5_bias: new Float32Array(120),
    fc_f6_weight: new Float32Array(10080),
    fc_f6_bias: new Float32Array(84),
    fc_f7_weight: new Float32Array(840),
    fc_f7_bias: new Float32Array(10),
    convnet_c1_weight_ohwi4: new Float32Array(200),
    convnet_c3_weight_ohwi4: new Float32Array(2400),
    convnet_c5_weight_ohwi4: new Float32Array(48000),
  };
}
