// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of flatten. Activations share one arena of 128 B;
 * at most 128 B are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 128;

export interface Memory {
  /** f32[1,1,4,4], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,2,2,2], from call 0 to call 1 */
  readonly conv: Float32Array;
  /** f32[1,3], from call 1 to the end */
  readonly logits: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 16),
    conv: new Float32Array(arena, 64, 8),
    logits: new Float32Array(arena, 0, 3),
  };
}

export interface Weights {
  /** f32[2] */
  readonly conv_bias: Float32Array;
  /** f32[3,8] */
  readonly fc_weight: Float32Array;
  /** f32[3] */
  readonly fc_bias: Float32Array;
  /** f32[2,1,3,3], ohwi4 */
  readonly conv_weight_ohwi4: Float32Array;
}

/** Creates the constants, and arrays for all other weights. */
export function createWeights(): Weights {
  return {
    conv_bias: new Float32Array(2),
    fc_weight: new Float32Array(24),
    fc_bias: new Float32Array(3),
    conv_weight_ohwi4: new Float32Array(36),
  };
}
