// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of conv-relu: ranges of GPUBuffers, in bytes.
 * Activations share an arena of 768 B; at most 768 B are in use at a time.
 * Weights are written to their places once, from the weight file.
 */

/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
export const sizes = { arena: 768, weights: 1024, binding: 576 } as const;

/** The activations. */
export const m = {
  /** f32[1,2,5,5], from the start to call 0 */
  image: { space: 'arena', offset: 512, bytes: 200 },
  /** f32[1,5,5,5], from call 0 to the end */
  features: { space: 'arena', offset: 0, bytes: 500 },
} as const;

/** The weights, packed in the layouts that the kernels read. */
export const w = {
  /** f32[5,2,3,3], ohwi8 */
  conv_weight_ohwi8: { space: 'weights', offset: 0, bytes: 576 },
  /** f32[5], o8 */
  conv_bias_o8: { space: 'weights', offset: 768, bytes: 32 },
} as const;

/** The array that each tensor of the weight file fills, in the weights' buffer. */
export function weightArrays(buffer: ArrayBuffer): Map<string, Float32Array> {
  return new Map<string, Float32Array>([
    ['conv_weight_ohwi8', new Float32Array(buffer, w.conv_weight_ohwi8.offset, 144)],
    ['conv_bias_o8', new Float32Array(buffer, w.conv_bias_o8.offset, 8)],
  ]);
}
