/**
 * The memory layout of resnet18. Activations share one arena of 4.01 MB;
 * at most 4.01 MB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */
export declare const ARENA_BYTES = 4014080;
export interface Memory {
  /** f32[1,3,224,224], from the start to call 0 */
  readonly image: Float32Array;
  /** f32[1,64,112,112], nhwc, from call 0 to call 1 */
  readonly conv1: Float32Array;
  /** f32[1,64,56,56], nhwc, from call 1 to call 3 */
  readonly maxPool: Float32Array;
  /** f32[1,64,56,56], nhwc, from call 2 to call 3 */
  readonly layer1_0_conv1: Float32Array;
  /** f32[1,64,56,56], nhwc, from call 3 to call 5 */
  readonly layer1_0_conv2: Float32Array;
  /** f32[1,64,56,56], nhwc, from call 4 to call 5 */
  readonly layer1_1_conv1: Float32Array;
  /** f32[1,64,56,56], nhwc, from call 5 to call 7 */
  readonly layer1_1_conv2: Float32Array;
  /** f32[1,128,28,28], nhwc, from call 6 to call 8 */
  readonly layer2_0_conv1: Float32Array;
  /** f32[1,128,28,28], nhwc, from call 7 to call 8 */
  readonly layer2_0_downsample_0: Float32Array;
  /** f32[1,128,28,28], nhwc, from call 8 to call 10 */
  readonly layer2_0_conv2: Float32Array;
  /** f32[1,128,28,28], nhwc, from call 9 to call 10 */
  readonly layer2_1_conv1: Float32Array;
  /** f32[1,128,28,28], nhwc, from call 10 to call 12 */
  readonly layer2_1_conv2: Float32Array;
  /** f32[1,256,14,14], nhwc, from call 11 to call 13 */
  readonly layer3_0_conv1: Float32Array;
  /** f32[1,256,14,14], nhwc, from call 12 to call 13 */
  readonly layer3_0_downsample_0: Float32Array;
  /** f32[1,256,14,14], nhwc, from call 13 to call 15 */
  readonly layer3_0_conv2: Float32Array;
  /** f32[1,256,14,14], nhwc, from call 14 to call 15 */
  readonly layer3_1_conv1: Float32Array;
  /** f32[1,256,14,14], nhwc, from call 15 to call 17 */
  readonly layer3_1_conv2: Float32Array;
  /** f32[1,512,7,7], nhwc, from call 16 to call 18 */
  readonly layer4_0_conv1: Float32Array;
  /** f32[1,512,7,7], nhwc, from call 17 to call 18 */
  readonly layer4_0_downsample_0: Float32Array;
  /** f32[1,512,7,7], nhwc, from call 18 to call 20 */
  readonly layer4_0_conv2: Float32Array;
  /** f32[1,512,7,7], nhwc, from call 19 to call 20 */
  readonly layer4_1_conv1: Float32Array;
  /** f32[1,512,7,7], nhwc, from call 20 to call 21 */
  readonly layer4_1_conv2: Float32Array;
  /** f32[1,512,1,1], from call 21 to call 22 */
  readonly globalAveragePool: Float32Array;
  /** f32[1,1000], from call 22 to the end */
  readonly logits: Float32Array;
}
/** Creates the arena and its views; offsets are in bytes. */
export declare function createMemory(): Memory;
export interface Weights {
  /** f32[1000,512] */
  readonly fc_weight: Float32Array;
  /** f32[1000] */
  readonly fc_bias: Float32Array;
  /** f32[64] */
  readonly bn1_shift: Float32Array;
  /** f32[64,3,7,7], ohwi4 */
  readonly conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer1_0_bn1_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer1_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer1_0_bn2_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer1_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer1_1_bn1_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer1_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[64] */
  readonly layer1_1_bn2_shift: Float32Array;
  /** f32[64,64,3,3], ohwi4 */
  readonly layer1_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[128] */
  readonly layer2_0_bn1_shift: Float32Array;
  /** f32[128,64,3,3], ohwi4 */
  readonly layer2_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[128] */
  readonly layer2_0_bn2_shift: Float32Array;
  /** f32[128] */
  readonly layer2_0_downsample_1_shift: Float32Array;
  /** f32[128,64,1,1], ohwi4 */
  readonly layer2_0_downsample_0_weight_folded_ohwi4: Float32Array;
  /** f32[128,128,3,3], ohwi4 */
  readonly layer2_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[128] */
  readonly layer2_1_bn1_shift: Float32Array;
  /** f32[128,128,3,3], ohwi4 */
  readonly layer2_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[128] */
  readonly layer2_1_bn2_shift: Float32Array;
  /** f32[128,128,3,3], ohwi4 */
  readonly layer2_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[256] */
  readonly layer3_0_bn1_shift: Float32Array;
  /** f32[256,128,3,3], ohwi4 */
  readonly layer3_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[256] */
  readonly layer3_0_bn2_shift: Float32Array;
  /** f32[256] */
  readonly layer3_0_downsample_1_shift: Float32Array;
  /** f32[256,128,1,1], ohwi4 */
  readonly layer3_0_downsample_0_weight_folded_ohwi4: Float32Array;
  /** f32[256,256,3,3], ohwi4 */
  readonly layer3_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[256] */
  readonly layer3_1_bn1_shift: Float32Array;
  /** f32[256,256,3,3], ohwi4 */
  readonly layer3_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[256] */
  readonly layer3_1_bn2_shift: Float32Array;
  /** f32[256,256,3,3], ohwi4 */
  readonly layer3_1_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[512] */
  readonly layer4_0_bn1_shift: Float32Array;
  /** f32[512,256,3,3], ohwi4 */
  readonly layer4_0_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[512] */
  readonly layer4_0_bn2_shift: Float32Array;
  /** f32[512] */
  readonly layer4_0_downsample_1_shift: Float32Array;
  /** f32[512,256,1,1], ohwi4 */
  readonly layer4_0_downsample_0_weight_folded_ohwi4: Float32Array;
  /** f32[512,512,3,3], ohwi4 */
  readonly layer4_0_conv2_weight_folded_ohwi4: Float32Array;
  /** f32[512] */
  readonly layer4_1_bn1_shift: Float32Array;
  /** f32[512,512,3,3], ohwi4 */
  readonly layer4_1_conv1_weight_folded_ohwi4: Float32Array;
  /** f32[512] */
  readonly layer4_1_bn2_shift: Float32Array;
  /** f32[512,512,3,3], ohwi4 */
  readonly layer4_1_conv2_weight_folded_ohwi4: Float32Array;
}
/** Creates the constants, and arrays for all other weights. */
export declare function createWeights(): Weights;
