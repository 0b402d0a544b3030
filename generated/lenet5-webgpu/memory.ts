// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of lenet5: ranges of GPUBuffers, in bytes.
 * Activations share an arena of 23.8 kB; at most 23.8 kB are in use at a time.
 * Weights are written to their places once, from the weight file.
 */

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

/** The weights, packed in the layouts that the kernels read. */
export const w = {
  /** f32[120,16,5,5], ohwi16 */
  convnet_c5_weight_ohwi16: { space: 'weights', offset: 0, bytes: 204800 },
  /** f32[120], o16 */
  convnet_c5_bias_o16: { space: 'weights', offset: 204800, bytes: 512 },
  /** f32[6,1,5,5], ohwi8 */
  convnet_c1_weight_ohwi8: { space: 'weights', offset: 205312, bytes: 800 },
  /** f32[6], o8 */
  convnet_c1_bias_o8: { space: 'weights', offset: 206336, bytes: 32 },
  /** f32[16,6,5,5], ohwi16 */
  convnet_c3_weight_ohwi16: { space: 'weights', offset: 206592, bytes: 9600 },
  /** f32[16] */
  convnet_c3_bias: { space: 'weights', offset: 216320, bytes: 64 },
  /** f32[84,120] */
  fc_f6_weight: { space: 'weights', offset: 216576, bytes: 40320 },
  /** f32[84] */
  fc_f6_bias: { space: 'weights', offset: 257024, bytes: 336 },
  /** f32[10,84] */
  fc_f7_weight: { space: 'weights', offset: 257536, bytes: 3360 },
  /** f32[10] */
  fc_f7_bias: { space: 'weights', offset: 261120, bytes: 40 },
} as const;

/** The array that each tensor of the weight file fills, in the weights' buffer. */
export function weightArrays(buffer: ArrayBuffer): Map<string, Float32Array> {
  return new Map<string, Float32Array>([
    ['convnet_c5_weight_ohwi16', new Float32Array(buffer, w.convnet_c5_weight_ohwi16.offset, 51200)],
    ['convnet_c5_bias_o16', new Float32Array(buffer, w.convnet_c5_bias_o16.offset, 128)],
    ['convnet_c1_weight_ohwi8', new Float32Array(buffer, w.convnet_c1_weight_ohwi8.offset, 200)],
    ['convnet_c1_bias_o8', new Float32Array(buffer, w.convnet_c1_bias_o8.offset, 8)],
    ['convnet_c3_weight_ohwi16', new Float32Array(buffer, w.convnet_c3_weight_ohwi16.offset, 2400)],
    ['convnet.c3.bias', new Float32Array(buffer, w.convnet_c3_bias.offset, 16)],
    ['fc.f6.weight', new Float32Array(buffer, w.fc_f6_weight.offset, 10080)],
    ['fc.f6.bias', new Float32Array(buffer, w.fc_f6_bias.offset, 84)],
    ['fc.f7.weight', new Float32Array(buffer, w.fc_f7_weight.offset, 840)],
    ['fc.f7.bias', new Float32Array(buffer, w.fc_f7_bias.offset, 10)],
  ]);
}
