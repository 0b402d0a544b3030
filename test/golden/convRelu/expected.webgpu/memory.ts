// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of conv-relu: ranges of GPUBuffers, in bytes.
 * Activations share an arena of 768 B; at most 768 B are in use at a time.
 * Weights are written from the weight file, or computed from it by `prepare`.
 */

import type { GpuConstant } from './runtime.js';

/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export const sizes = { arena: 768, weights: 1024, binding: 576 } as const;

/** The activations. */
export const m = {
  /** f32[1,2,5,5], from the start to call 0 */
  image: { space: 'arena', offset: 512, bytes: 200 },
  /** f32[1,5,5,5], from call 0 to the end */
  features: { space: 'arena', offset: 0, bytes: 500 },
} as const;

/** The weights in the layouts that the kernels read, and constants. */
export const w = {
  /** f32[5,2,3,3], ohwi8 */
  conv_weight_ohwi8: { space: 'weights', offset: 0, bytes: 576 },
  /** f32[5], o8 */
  conv_bias_o8: { space: 'weights', offset: 768, bytes: 32 },
} as const;

/** The program's constants and their places. */
export const constants: readonly GpuConstant[] = [];
