// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The memory layout of resnet20. Activations share one arena of 131 kB;
 * at most 131 kB are in use at a time.
 * Weights are read from the weight file, or computed from it by `prepare`.
 */

export const ARENA_BYTES = 131072;

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
export function createMemory(): Memory {
  const arena = new ArrayBuffer(ARENA_BYTES);
  return {
    image: new Float32Array(arena, 65536, 3072),
    conv1: new Float32Array(arena, 0, 16384),
    layer1_0_conv1: new Float32Array(arena, 65536, 16384),
    layer1_0_conv2: new Float32Array(arena, 0, 16384),
    layer1_1_conv1: new Float32Array(arena, 65536, 16384),
    layer1_1_conv2: new Float32Array(arena, 0, 16384),
    layer1_2_conv1: new Float32Array(arena, 65536, 16384),
    layer1_2_conv2: new Float32Array(arena, 0, 16384),
    layer2_0_conv1: new Float32Array(arena, 65536, 8192),
    layer2_0_slice: new Float32Array(arena, 0, 15856),
    layer2_0_pad: new Float32Array(arena, 98304, 8192),
    layer2_0_conv2: new Float32Array(arena, 98304, 8192),
    layer2_1_conv1: new Float32Array(arena, 0, 8192),
    layer2_1_conv2: new Float32Array(arena, 98304, 8192),
    layer2_2_conv1: new Float32Array(arena, 0, 8192),
    layer2_2_conv2: new Float32Array(arena, 98304, 8192),
    layer3_0_conv1: new Float32Array(arena, 0, 4096),
    layer3_0_slice: new Float32Array(arena, 98304, 7648),
    layer3_0_pad: new Float32Array(arena, 16384, 4096),
    layer3_0_conv2: new Float32Array(arena, 16384, 4096),
    layer3_1_conv1: new Float32Array(arena, 0, 4096),
    layer3_1_conv2: new Float32Array(arena, 16384, 4096),
    layer3_2_conv1: new Float32Array(arena, 0, 4096),
    layer3_2_conv2: new Float32Array(arena, 16384, 4096),
    globalAveragePool: new Float32Array(arena, 0, 64),
    logits: new Float32Array(arena, 256, 10),
  };
}

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
export function createWeights(): Weights {
  return {
    linear_weight: new Float32Array(640),
    linear_bias: new Float32Array(10),
    bn1_shift: new Float32Array(16),
    conv1_weight_folded_ohwi4: new Float32Array(432),
    layer1_0_bn1_shift: new Float32Array(16),
    layer1_0_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_0_bn2_shift: new Float32Array(16),
    layer1_0_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer1_1_bn1_shift: new Float32Array(16),
    layer1_1_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_1_bn2_shift: new Float32Array(16),
    layer1_1_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer1_2_bn1_shift: new Float32Array(16),
    layer1_2_conv1_weight_folded_ohwi4: new Float32Array(2304),
    layer1_2_bn2_shift: new Float32Array(16),
    layer1_2_conv2_weight_folded_ohwi4: new Float32Array(2304),
    layer2_0_bn1_shift: new Float32Array(32),
    layer2_0_conv1_weight_folded_ohwi4: new Float32Array(4608),
    layer2_0_bn2_shift: new Float32Array(32),
    layer2_0_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer2_1_bn1_shift: new Float32Array(32),
    layer2_1_conv1_weight_folded_ohwi4: new Float32Array(9216),
    layer2_1_bn2_shift: new Float32Array(32),
    layer2_1_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer2_2_bn1_shift: new Float32Array(32),
    layer2_2_conv1_weight_folded_ohwi4: new Float32Array(9216),
    layer2_2_bn2_shift: new Float32Array(32),
    layer2_2_conv2_weight_folded_ohwi4: new Float32Array(9216),
    layer3_0_bn1_shift: new Float32Array(64),
    layer3_0_conv1_weight_folded_ohwi4: new Float32Array(18432),
    layer3_0_bn2_shift: new Float32Array(64),
    layer3_0_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer3_1_bn1_shift: new Float32Array(64),
    layer3_1_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer3_1_bn2_shift: new Float32Array(64),
    layer3_1_conv2_weight_folded_ohwi4: new Float32Array(36864),
    layer3_2_bn1_shift: new Float32Array(64),
    layer3_2_conv1_weight_folded_ohwi4: new Float32Array(36864),
    layer3_2_bn2_shift: new Float32Array(64),
    layer3_2_conv2_weight_folded_ohwi4: new Float32Array(36864),
  };
}
