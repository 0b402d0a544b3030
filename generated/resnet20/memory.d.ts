/**
 * The memory layout of resnet20. Activations share one arena of 131 kB;
 * at most 131 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */
export declare const ARENA_BYTES = 131072;
export interface Memory {
  /** f32[1,3,32,32], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 0 to call 2 */
  readonly conv1: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 1 to call 2 */
  readonly layer1_0_conv1: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 2 to call 4 */
  readonly layer1_0_conv2: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 3 to call 4 */
  readonly layer1_1_conv1: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 4 to call 6 */
  readonly layer1_1_conv2: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 5 to call 6 */
  readonly layer1_2_conv1: Float32Array;
  /** f32[1,16,32,32], nhwc, from call 6 to call 8 */
  readonly layer1_2_conv2: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 7 to call 9 */
  readonly layer2_0_conv1: Float32Array;
  /** f32[1,16,16,16], nhwc_part, from call 6 to call 8 */
  readonly layer2_0_slice: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 8 to call 9 */
  readonly layer2_0_pad: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 9 to call 11 */
  readonly layer2_0_conv2: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 10 to call 11 */
  readonly layer2_1_conv1: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 11 to call 13 */
  readonly layer2_1_conv2: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 12 to call 13 */
  readonly layer2_2_conv1: Float32Array;
  /** f32[1,32,16,16], nhwc, from call 13 to call 15 */
  readonly layer2_2_conv2: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 14 to call 16 */
  readonly layer3_0_conv1: Float32Array;
  /** f32[1,32,8,8], nhwc_part, from call 13 to call 15 */
  readonly layer3_0_slice: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 15 to call 16 */
  readonly layer3_0_pad: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 16 to call 18 */
  readonly layer3_0_conv2: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 17 to call 18 */
  readonly layer3_1_conv1: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 18 to call 20 */
  readonly layer3_1_conv2: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 19 to call 20 */
  readonly layer3_2_conv1: Float32Array;
  /** f32[1,64,8,8], nhwc, from call 20 to call 21 */
  readonly layer3_2_conv2: Float32Array;
  /** f32[1,64,1,1], from call 21 to call 22 */
  readonly globalAveragePool: Float32Array;
  /** f32[1,10], from call 22 to the end */
  readonly logits: Float32Array;
}
/** Creates the arena and its views; offsets are in bytes. */
export declare function createMemory(): Memory;
export interface Weights {
  /** f32[10,64] */
  readonly linear_weight: Float32Array;
  /** f32[10] */
  readonly linear_bias: Float32Array;
  /** f32[16] */
  readonly bn1_shift: Float32Array;
  /** f32[16,3,3,3], ohwi4 */
  readonly conv1_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_0_bn1_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_0_bn2_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_1_bn1_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_1_bn2_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_2_bn1_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_2_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[16] */
  readonly layer1_2_bn2_shift: Float32Array;
  /** f32[16,16,3,3], ohwi4 */
  readonly layer1_2_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_0_bn1_shift: Float32Array;
  /** f32[32,16,3,3], ohwi4 */
  readonly layer2_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_0_bn2_shift: Float32Array;
  /** f32[32,32,3,3], ohwi4 */
  readonly layer2_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_1_bn1_shift: Float32Array;
  /** f32[32,32,3,3], ohwi4 */
  readonly layer2_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_1_bn2_shift: Float32Array;
  /** f32[32,32,3,3], ohwi4 */
  readonly layer2_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_2_bn1_shift: Float32Array;
  /** f32[32,32,3,3], ohwi4 */
  readonly layer2_2_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[32] */
  readonly layer2_2_bn2_shift: Float32Array;
  /** f32[32,32,3,3], ohwi4 */
  readonly layer2_2_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_0_bn1_shift: Float32Array;
  /** f32[64,32,3,3], ohwi4 */
  readonly layer3_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_0_bn2_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer3_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_1_bn1_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer3_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_1_bn2_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer3_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_2_bn1_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer3_2_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer3_2_bn2_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer3_2_conv2_weight_folded_ohwi4: Float32Array;
}
/** Creates the constants, and arrays for all other weights. */
export declare function createWeights(): Weights;
