// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of grouped-strided. Activations share one arena of 1.54 kB;
 * at most 1.54 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 1536;

export interface Memory {
  /** f32[1,4,8,8], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,8,4,4], nhwc, from call 0 to call 1 */
  readonly grouped: Float32Array;
  /** f32[1,8,4,4], from call 1 to the end */
  readonly features: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 256),
    grouped: new Float32Array(arena, 1024, 128),
    features: new Float32Array(arena, 0, 128),
  };
}

export interface Weights {
  /** f32[8] */
  readonly grouped_bias: Float32Array;
  /** f32[8,1,3,3] */
  readonly depthwise_weight: Float32Array;
  /** f32[8] */
  readonly depthwise_bias: Float32Array;
  /** f32[8,2,3,3], ohwi4 */
  readonly grouped_weight_ohwi4: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    grouped_bias: new Float32Array(8),
    depthwise_weight: new Float32Array(72),
    depthwise_bias: new Float32Array(8),
    grouped_weight_ohwi4: new Float32Array(144),
  };
}
