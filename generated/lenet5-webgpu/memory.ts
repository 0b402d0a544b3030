// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of lenet5: ranges of GPUBuffers, in bytes.
 * Activations share an arena of 23.8 kB; at most 23.8 kB are in use at a time.
 * Weights are written from the weight file, or computed from it by `prepare`.
 */

import type { GpuConstant } from './runtime.js';

/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export const sizes = { arena: 23808, weights: 261376, binding: 204800 } as const;

/** The activations. */
export const m = {
  /** f32[1,1,32,32], from the start to call 0 */
  image: { space: 'arena', offset: 18944, bytes: 4096 },
  /** f32[1,6,28,28], nhwc, from call 0 to call 1 */
  convnet_c1: { space: 'arena', offset: 0, bytes: 18816 },
  /** f32[1,6,14,14], nhwc, from call 1 to call 2 */
  maxPool: { space: 'arena', offset: 18944, bytes: 4704 },
  /** f32[1,16,10,10], nhwc, from call 2 to call 3 */
  convnet_c3: { space: 'arena', offset: 0, bytes: 6400 },
  /** f32[1,16,5,5], nhwc, from call 3 to call 4 */
  maxPool2: { space: 'arena', offset: 6400, bytes: 1600 },
  /** f32[1,120,1,1], from call 4 to call 5 */
  convnet_c5: { space: 'arena', offset: 0, bytes: 480 },
  /** f32[1,84], from call 5 to call 6 */
  fc_f6: { space: 'arena', offset: 512, bytes: 336 },
  /** f32[1,10], from call 6 to the end */
  logits: { space: 'arena', offset: 0, bytes: 40 },
} as const;

/** The weights in the layouts that the kernels read, and constants. */
export const w = {
  /** f32[16] */
  convnet_c3_bias: { space: 'weights', offset: 0, bytes: 64 },
  /** f32[84,120] */
  fc_f6_weight: { space: 'weights', offset: 256, bytes: 40320 },
  /** f32[84] */
  fc_f6_bias: { space: 'weights', offset: 40704, bytes: 336 },
  /** f32[10,84] */
  fc_f7_weight: { space: 'weights', offset: 41216, bytes: 3360 },
  /** f32[10] */
  fc_f7_bias: { space: 'weights', offset: 44800, bytes: 40 },
  /** f32[6,1,5,5], ohwi8 */
  convnet_c1_weight_ohwi8: { space: 'weights', offset: 45056, bytes: 800 },
  /** f32[6], o8 */
  convnet_c1_bias_o8: { space: 'weights', offset: 46080, bytes: 32 },
  /** f32[16,6,5,5], ohwi16 */
  convnet_c3_weight_ohwi16: { space: 'weights', offset: 46336, bytes: 9600 },
  /** f32[120,16,5,5], ohwi16 */
  convnet_c5_weight_ohwi16: { space: 'weights', offset: 56064, bytes: 204800 },
  /** f32[120], o16 */
  convnet_c5_bias_o16: { space: 'weights', offset: 260864, bytes: 512 },
} as const;

/** The program's constants and their places. */
export const constants: readonly GpuConstant[] = [];
