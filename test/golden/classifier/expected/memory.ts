// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of classifier. Activations share one arena of 128 B;
 * at most 128 B are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 128;

export interface Memory {
  /** f32[2,4], from the start to call 0 */
  readonly measurements: Float32Array;
  /** f32[2,3], from call 0 to call 1 */
  readonly fc: Float32Array;
  /** f32[2,3], from call 1 to the end */
  readonly probabilities: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    measurements: new Float32Array(arena, 0, 8),
    fc: new Float32Array(arena, 64, 6),
    probabilities: new Float32Array(arena, 0, 6),
  };
}

export interface Weights {
  /** f32[3,4] */
  readonly fc_weight: Float32Array;
  /** f32[3] */
  readonly fc_bias: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    fc_weight: new Float32Array(12),
    fc_bias: new Float32Array(3),
  };
}
