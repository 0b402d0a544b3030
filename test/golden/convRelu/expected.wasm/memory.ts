// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of conv-relu: addresses in the kernels' memory, in bytes.
 * Activations share 1.22 kB from 640 on; at most 1.22 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

/** Size of the memory in pages of 64 KiB. */
export const MEMORY_PAGES = 1;

/** The activations. */
export const m = {
  /** f32[1,2,5,5], from the start to call 0 */
  image: 1600,
  /** f32[98], from call 0 to call 0 */
  conv_strip: 1152,
  /** f32[1,5,5,5], from call 0 to the end */
  features: 640,
} as const;

/** The weights in the layouts that the kernels read, and constants. */
export const w = {
  /** f32[5] */
  conv_bias: 0,
  /** f32[5,2,3,3], ohwi8 */
  conv_weight_ohwi8: 64,
} as const;

/** Inputs and outputs as arrays. */
export interface Memory {
  /** f32[1,2,5,5] */
  readonly image: Float32Array;
  /** f32[1,5,5,5] */
  readonly features: Float32Array;
}

/** Creates views of the kernels' memory. When the memory grows they become empty and must be created again. */
export function createMemory(buffer: ArrayBuffer): Memory {
  return {
    image: new Float32Array(buffer, m.image, 50),
    features: new Float32Array(buffer, m.features, 125),
  };
}
