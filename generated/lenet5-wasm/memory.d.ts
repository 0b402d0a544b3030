/**
 * The memory layout of lenet5: addresses in the kernels' memory, in bytes.
 * Activations share 23.6 kB from 247232 on; at most 23.6 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */
/** Size of the memory in pages of 64 KiB. */
export declare const MEMORY_PAGES = 7;
/** The activations. */
export declare const m: {
  /** f32[1,1,32,32], from the start to call 0 */
  readonly image: 266048;
  /** f32[1,6,28,28], nhwc, from call 0 to call 1 */
  readonly convnet_c1: 247232;
  /** f32[1,6,14,14], nhwc, from call 1 to call 2 */
  readonly maxPool: 266048;
  /** f32[1,16,10,10], nhwc, from call 2 to call 3 */
  readonly convnet_c3: 247232;
  /** f32[1,16,5,5], nhwc, from call 3 to call 4 */
  readonly maxPool2: 253632;
  /** f32[1,120,1,1], from call 4 to call 5 */
  readonly convnet_c5: 247232;
  /** f32[1,84], from call 5 to call 6 */
  readonly fc_f6: 247744;
  /** f32[1,10], from call 6 to the end */
  readonly logits: 247232;
};
/** The weights in the layouts that the kernels read, and constants. */
export declare const w: {
  /** f32[6] */
  readonly convnet_c1_bias: 0;
  /** f32[16] */
  readonly convnet_c3_bias: 64;
  /** f32[120] */
  readonly convnet_c5_bias: 128;
  /** f32[84,120] */
  readonly fc_f6_weight: 640;
  /** f32[84] */
  readonly fc_f6_bias: 40960;
  /** f32[10,84] */
  readonly fc_f7_weight: 41344;
  /** f32[10] */
  readonly fc_f7_bias: 44736;
  /** f32[6,1,5,5], ohwi8 */
  readonly convnet_c1_weight_ohwi8: 44800;
  /** f32[16,6,5,5], ohwi8 */
  readonly convnet_c3_weight_ohwi8: 45632;
  /** f32[120,16,5,5], ohwi8 */
  readonly convnet_c5_weight_ohwi8: 55232;
};
/** Inputs and outputs as arrays. */
export interface Memory {
  /** f32[1,1,32,32] */
  readonly image: Float32Array;
  /** f32[1,10] */
  readonly logits: Float32Array;
}
/** Creates views of the kernels' memory. When the memory grows they become empty and must be created again. */
export declare function createMemory(buffer: ArrayBuffer): Memory;
