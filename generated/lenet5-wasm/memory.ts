// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of lenet5: addresses in the kernels' memory, in bytes.
 * Activations share 23.6 kB from 247232 on; at most 23.6 kB are in use at a time.
 * Weights are read from the weight file to their addresses.
 */

/** Size of the memory in pages of 64 KiB. */
export const MEMORY_PAGES = 5;

/** The activations. */
export const m = {
  /** f32[1,1,32,32], from the start to call 0 */
  image: 266048,
  /** f32[1,6,28,28], nhwc, from call 0 to call 1 */
  convnet_c1: 247232,
  /** f32[1,6,14,14], nhwc, from call 1 to call 2 */
  maxPool: 266048,
  /** f32[1,16,10,10], nhwc, from call 2 to call 3 */
  convnet_c3: 247232,
  /** f32[1,16,5,5], nhwc, from call 3 to call 4 */
  maxPool2: 253632,
  /** f32[1,120,1,1], from call 4 to call 5 */
  convnet_c5: 247232,
  /** f32[1,84], from call 5 to call 6 */
  fc_f6: 247744,
  /** f32[1,10], from call 6 to the end */
  logits: 247232,
} as const;

/** The weights, packed in the layouts that the kernels read. */
export const w = {
  /** f32[16,6,5,5], ohwi8 */
  convnet_c3_weight_ohwi8: 0,
  /** f32[16] */
  convnet_c3_bias: 9600,
  /** f32[120,16,5,5], ohwi8 */
  convnet_c5_weight_ohwi8: 9664,
  /** f32[84,120] */
  fc_f6_weight: 201664,
  /** f32[6,1,5,5], ohwi8 */
  convnet_c1_weight_ohwi8: 241984,
  /** f32[6] */
  convnet_c1_bias: 242816,
  /** f32[120] */
  convnet_c5_bias: 242880,
  /** f32[84] */
  fc_f6_bias: 243392,
  /** f32[10,84] */
  fc_f7_weight: 243776,
  /** f32[10] */
  fc_f7_bias: 247168,
} as const;

/** The array that each tensor of the weight file fills. */
export function weightArrays(buffer: ArrayBuffer): Map<string, Float32Array> {
  return new Map<string, Float32Array>([
    ['convnet_c3_weight_ohwi8', new Float32Array(buffer, w.convnet_c3_weight_ohwi8, 2400)],
    ['convnet.c3.bias', new Float32Array(buffer, w.convnet_c3_bias, 16)],
    ['convnet_c5_weight_ohwi8', new Float32Array(buffer, w.convnet_c5_weight_ohwi8, 48000)],
    ['fc.f6.weight', new Float32Array(buffer, w.fc_f6_weight, 10080)],
    ['convnet_c1_weight_ohwi8', new Float32Array(buffer, w.convnet_c1_weight_ohwi8, 200)],
    ['convnet.c1.bias', new Float32Array(buffer, w.convnet_c1_bias, 6)],
    ['convnet.c5.bias', new Float32Array(buffer, w.convnet_c5_bias, 120)],
    ['fc.f6.bias', new Float32Array(buffer, w.fc_f6_bias, 84)],
    ['fc.f7.weight', new Float32Array(buffer, w.fc_f7_weight, 840)],
    ['fc.f7.bias', new Float32Array(buffer, w.fc_f7_bias, 10)],
  ]);
}

/** Inputs and outputs as arrays. */
export interface Memory {
  /** f32[1,1,32,32] */
  readonly image: Float32Array;
  /** f32[1,10] */
  readonly logits: Float32Array;
}

/** Creates views of the kernels' memory. When the memory grows they become empty and must be created again. */
export function createMemory(buffer: ArrayBuffer): Memory {
  return {
    image: new Float32Array(buffer, m.image, 1024),
    logits: new Float32Array(buffer, m.logits, 10),
  };
}
