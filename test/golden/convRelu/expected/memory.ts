// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of conv-relu. Activations share one arena of 768 B;
 * at most 768 B are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 768;

export interface Memory {
  /** f32[1,2,5,5], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,5,5,5], from call 0 to the end */
  readonly features: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 512, 50),
    features: new Float32Array(arena, 0, 125),
  };
}

export interface Weights {
  /** f32[5] */
  readonly conv_bias: Float32Array;
  /** f32[5,2,3,3], ohwi4 */
  readonly conv_weight_ohwi4: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    conv_bias: new Float32Array(5),
    conv_weight_ohwi4: new Float32Array(144),
  };
}
