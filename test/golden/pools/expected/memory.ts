// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of pools. Activations share one arena of 960 B;
 * at most 960 B are in use at a time.
 * Weights are views of the weight file, packed in the layouts that the kernels read.
 */

export const ARENA_BYTES = 960;

export interface Memory {
  /** f32[1,3,8,8], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,3,4,4], nhwc, from call 0 to call 2 */
  readonly maxPool: Float32Array;
  /** f32[1,3,2,2], from call 1 to the end */
  readonly halves: Float32Array;
  /** f32[1,3,1,1], from call 2 to the end */
  readonly means: Float32Array;
}

/** Creates the arena and its views; offsets are in bytes. */
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 0, 192),
    maxPool: new Float32Array(arena, 768, 48),
    halves: new Float32Array(arena, 0, 12),
    means: new Float32Array(arena, 64, 3),
  };
}
