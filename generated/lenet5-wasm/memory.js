/**
 * The memory layout of lenet5: addresses in the kernels' memory, in bytes.
 * Activations share 23.6 kB from 247232 on; at most 23.6 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

/** Size of the memory in pages of 64 KiB. */
export const MEMORY_PAGES = 7;

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
};

/** The weights in the layouts that the kernels read, and constants. */
export const w = {
  /** f32[6] */
  convnet_c1_bias: 0,
  /** f32[16] */
  convnet_c3_bias: 64,
  /** f32[120] */
  convnet_c5_bias: 128,
  /** f32[84,120] */
  fc_f6_weight: 640,
  /** f32[84] */
  fc_f6_bias: 40960,
  /** f32[10,84] */
  fc_f7_weight: 41344,
  /** f32[10] */
  fc_f7_bias: 44736,
  /** f32[6,1,5,5], ohwi8 */
  convnet_c1_weight_ohwi8: 44800,
  /** f32[16,6,5,5], ohwi8 */
  convnet_c3_weight_ohwi8: 45632,
  /** f32[120,16,5,5], ohwi8 */
  convnet_c5_weight_ohwi8: 55232,
};

/** Creates views of the kernels' memory. When the memory grows they become empty and must be created again. */
export function createMemory(buffer) {
  return {
    image: new Float32Array(buffer, m.image, 1024),
    logits: new Float32Array(buffer, m.logits, 10),
  };
}
