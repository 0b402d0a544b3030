// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/** The tensors of the weight file. They are row-major. */

import type { Weights } from './memory.js';
import type { StagedTensor } from './runtime.js';

/** What only `prepare` needs. */
export interface Staged {
  /** f32[64,3,7,7], from call 0 to call 5 */
  readonly conv1_weight: Float32Array;
  /** f32[64], from call 0 to call 2 */
  readonly bn1_weight: Float32Array;
  /** f32[64], from call 0 to call 4 */
  readonly bn1_bias: Float32Array;
  /** f32[64], from call 0 to call 3 */
  readonly bn1_running_mean: Float32Array;
  /** f32[64], from call 0 to call 0 */
  readonly bn1_running_var: Float32Array;
  /** f32[64], from call 0 to call 1 */
  readonly bn1_add: Float32Array;
  /** f32[64], from call 1 to call 2 */
  readonly bn1: Float32Array;
  /** f32[64], from call 2 to call 5 */
  readonly bn1_scale: Float32Array;
  /** f32[64], from call 3 to call 4 */
  readonly bn1_shift_mul: Float32Array;
  /** f32[64,3,7,7], from call 5 to call 6 */
  readonly conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 12 to call 12 */
  readonly layer1_0_conv1_weight: Float32Array;
  /** f32[64], from call 0 to call 9 */
  readonly layer1_0_bn1_weight: Float32Array;
  /** f32[64], from call 0 to call 11 */
  readonly layer1_0_bn1_bias: Float32Array;
  /** f32[64], from call 0 to call 10 */
  readonly layer1_0_bn1_running_mean: Float32Array;
  /** f32[64], from call 0 to call 7 */
  readonly layer1_0_bn1_running_var: Float32Array;
  /** f32[64], from call 7 to call 8 */
  readonly layer1_0_bn1_add: Float32Array;
  /** f32[64], from call 8 to call 9 */
  readonly layer1_0_bn1: Float32Array;
  /** f32[64], from call 9 to call 12 */
  readonly layer1_0_bn1_scale: Float32Array;
  /** f32[64], from call 10 to call 11 */
  readonly layer1_0_bn1_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 12 to call 13 */
  readonly layer1_0_conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 19 to call 19 */
  readonly layer1_0_conv2_weight: Float32Array;
  /** f32[64], from call 12 to call 16 */
  readonly layer1_0_bn2_weight: Float32Array;
  /** f32[64], from call 12 to call 18 */
  readonly layer1_0_bn2_bias: Float32Array;
  /** f32[64], from call 12 to call 17 */
  readonly layer1_0_bn2_running_mean: Float32Array;
  /** f32[64], from call 12 to call 14 */
  readonly layer1_0_bn2_running_var: Float32Array;
  /** f32[64], from call 14 to call 15 */
  readonly layer1_0_bn2_add: Float32Array;
  /** f32[64], from call 15 to call 16 */
  readonly layer1_0_bn2: Float32Array;
  /** f32[64], from call 16 to call 19 */
  readonly layer1_0_bn2_scale: Float32Array;
  /** f32[64], from call 17 to call 18 */
  readonly layer1_0_bn2_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 19 to call 20 */
  readonly layer1_0_conv2_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 26 to call 26 */
  readonly layer1_1_conv1_weight: Float32Array;
  /** f32[64], from call 19 to call 23 */
  readonly layer1_1_bn1_weight: Float32Array;
  /** f32[64], from call 19 to call 25 */
  readonly layer1_1_bn1_bias: Float32Array;
  /** f32[64], from call 19 to call 24 */
  readonly layer1_1_bn1_running_mean: Float32Array;
  /** f32[64], from call 19 to call 21 */
  readonly layer1_1_bn1_running_var: Float32Array;
  /** f32[64], from call 21 to call 22 */
  readonly layer1_1_bn1_add: Float32Array;
  /** f32[64], from call 22 to call 23 */
  readonly layer1_1_bn1: Float32Array;
  /** f32[64], from call 23 to call 26 */
  readonly layer1_1_bn1_scale: Float32Array;
  /** f32[64], from call 24 to call 25 */
  readonly layer1_1_bn1_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 26 to call 27 */
  readonly layer1_1_conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 33 to call 33 */
  readonly layer1_1_conv2_weight: Float32Array;
  /** f32[64], from call 26 to call 30 */
  readonly layer1_1_bn2_weight: Float32Array;
  /** f32[64], from call 26 to call 32 */
  readonly layer1_1_bn2_bias: Float32Array;
  /** f32[64], from call 26 to call 31 */
  readonly layer1_1_bn2_running_mean: Float32Array;
  /** f32[64], from call 26 to call 28 */
  readonly layer1_1_bn2_running_var: Float32Array;
  /** f32[64], from call 28 to call 29 */
  readonly layer1_1_bn2_add: Float32Array;
  /** f32[64], from call 29 to call 30 */
  readonly layer1_1_bn2: Float32Array;
  /** f32[64], from call 30 to call 33 */
  readonly layer1_1_bn2_scale: Float32Array;
  /** f32[64], from call 31 to call 32 */
  readonly layer1_1_bn2_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 33 to call 34 */
  readonly layer1_1_conv2_weight_folded: Float32Array;
  /** f32[128,64,3,3], from call 40 to call 40 */
  readonly layer2_0_conv1_weight: Float32Array;
  /** f32[128], from call 33 to call 37 */
  readonly layer2_0_bn1_weight: Float32Array;
  /** f32[128], from call 33 to call 39 */
  readonly layer2_0_bn1_bias: Float32Array;
  /** f32[128], from call 33 to call 38 */
  readonly layer2_0_bn1_running_mean: Float32Array;
  /** f32[128], from call 33 to call 35 */
  readonly layer2_0_bn1_running_var: Float32Array;
  /** f32[128], from call 35 to call 36 */
  readonly layer2_0_bn1_add: Float32Array;
  /** f32[128], from call 36 to call 37 */
  readonly layer2_0_bn1: Float32Array;
  /** f32[128], from call 37 to call 40 */
  readonly layer2_0_bn1_scale: Float32Array;
  /** f32[128], from call 38 to call 39 */
  readonly layer2_0_bn1_shift_mul: Float32Array;
  /** f32[128,64,3,3], from call 40 to call 41 */
  readonly layer2_0_conv1_weight_folded: Float32Array;
  /** f32[128,128,3,3], from call 47 to call 47 */
  readonly layer2_0_conv2_weight: Float32Array;
  /** f32[128], from call 40 to call 44 */
  readonly layer2_0_bn2_weight: Float32Array;
  /** f32[128], from call 40 to call 46 */
  readonly layer2_0_bn2_bias: Float32Array;
  /** f32[128], from call 40 to call 45 */
  readonly layer2_0_bn2_running_mean: Float32Array;
  /** f32[128], from call 40 to call 42 */
  readonly layer2_0_bn2_running_var: Float32Array;
  /** f32[128], from call 42 to call 43 */
  readonly layer2_0_bn2_add: Float32Array;
  /** f32[128], from call 43 to call 44 */
  readonly layer2_0_bn2: Float32Array;
  /** f32[128], from call 44 to call 47 */
  readonly layer2_0_bn2_scale: Float32Array;
  /** f32[128], from call 45 to call 46 */
  readonly layer2_0_bn2_shift_mul: Float32Array;
  /** f32[128,128,3,3], from call 47 to call 55 */
  readonly layer2_0_conv2_weight_folded: Float32Array;
  /** f32[128,64,1,1], from call 53 to call 53 */
  readonly layer2_0_downsample_0_weight: Float32Array;
  /** f32[128], from call 47 to call 50 */
  readonly layer2_0_downsample_1_weight: Float32Array;
  /** f32[128], from call 47 to call 52 */
  readonly layer2_0_downsample_1_bias: Float32Array;
  /** f32[128], from call 47 to call 51 */
  readonly layer2_0_downsample_1_running_mean: Float32Array;
  /** f32[128], from call 47 to call 48 */
  readonly layer2_0_downsample_1_running_var: Float32Array;
  /** f32[128], from call 48 to call 49 */
  readonly layer2_0_downsample_1_add: Float32Array;
  /** f32[128], from call 49 to call 50 */
  readonly layer2_0_downsample_1: Float32Array;
  /** f32[128], from call 50 to call 53 */
  readonly layer2_0_downsample_1_scale: Float32Array;
  /** f32[128], from call 51 to call 52 */
  readonly layer2_0_downsample_1_shift_mul: Float32Array;
  /** f32[128,64,1,1], from call 53 to call 54 */
  readonly layer2_0_downsample_0_weight_folded: Float32Array;
  /** f32[128,128,3,3], from call 61 to call 61 */
  readonly layer2_1_conv1_weight: Float32Array;
  /** f32[128], from call 53 to call 58 */
  readonly layer2_1_bn1_weight: Float32Array;
  /** f32[128], from call 53 to call 60 */
  readonly layer2_1_bn1_bias: Float32Array;
  /** f32[128], from call 53 to call 59 */
  readonly layer2_1_bn1_running_mean: Float32Array;
  /** f32[128], from call 53 to call 56 */
  readonly layer2_1_bn1_running_var: Float32Array;
  /** f32[128], from call 56 to call 57 */
  readonly layer2_1_bn1_add: Float32Array;
  /** f32[128], from call 57 to call 58 */
  readonly layer2_1_bn1: Float32Array;
  /** f32[128], from call 58 to call 61 */
  readonly layer2_1_bn1_scale: Float32Array;
  /** f32[128], from call 59 to call 60 */
  readonly layer2_1_bn1_shift_mul: Float32Array;
  /** f32[128,128,3,3], from call 61 to call 62 */
  readonly layer2_1_conv1_weight_folded: Float32Array;
  /** f32[128,128,3,3], from call 68 to call 68 */
  readonly layer2_1_conv2_weight: Float32Array;
  /** f32[128], from call 61 to call 65 */
  readonly layer2_1_bn2_weight: Float32Array;
  /** f32[128], from call 61 to call 67 */
  readonly layer2_1_bn2_bias: Float32Array;
  /** f32[128], from call 61 to call 66 */
  readonly layer2_1_bn2_running_mean: Float32Array;
  /** f32[128], from call 61 to call 63 */
  readonly layer2_1_bn2_running_var: Float32Array;
  /** f32[128], from call 63 to call 64 */
  readonly layer2_1_bn2_add: Float32Array;
  /** f32[128], from call 64 to call 65 */
  readonly layer2_1_bn2: Float32Array;
  /** f32[128], from call 65 to call 68 */
  readonly layer2_1_bn2_scale: Float32Array;
  /** f32[128], from call 66 to call 67 */
  readonly layer2_1_bn2_shift_mul: Float32Array;
  /** f32[128,128,3,3], from call 68 to call 69 */
  readonly layer2_1_conv2_weight_folded: Float32Array;
  /** f32[256,128,3,3], from call 75 to call 75 */
  readonly layer3_0_conv1_weight: Float32Array;
  /** f32[256], from call 68 to call 72 */
  readonly layer3_0_bn1_weight: Float32Array;
  /** f32[256], from call 68 to call 74 */
  readonly layer3_0_bn1_bias: Float32Array;
  /** f32[256], from call 68 to call 73 */
  readonly layer3_0_bn1_running_mean: Float32Array;
  /** f32[256], from call 68 to call 70 */
  readonly layer3_0_bn1_running_var: Float32Array;
  /** f32[256], from call 70 to call 71 */
  readonly layer3_0_bn1_add: Float32Array;
  /** f32[256], from call 71 to call 72 */
  readonly layer3_0_bn1: Float32Array;
  /** f32[256], from call 72 to call 75 */
  readonly layer3_0_bn1_scale: Float32Array;
  /** f32[256], from call 73 to call 74 */
  readonly layer3_0_bn1_shift_mul: Float32Array;
  /** f32[256,128,3,3], from call 75 to call 76 */
  readonly layer3_0_conv1_weight_folded: Float32Array;
  /** f32[256,256,3,3], from call 82 to call 82 */
  readonly layer3_0_conv2_weight: Float32Array;
  /** f32[256], from call 75 to call 79 */
  readonly layer3_0_bn2_weight: Float32Array;
  /** f32[256], from call 75 to call 81 */
  readonly layer3_0_bn2_bias: Float32Array;
  /** f32[256], from call 75 to call 80 */
  readonly layer3_0_bn2_running_mean: Float32Array;
  /** f32[256], from call 75 to call 77 */
  readonly layer3_0_bn2_running_var: Float32Array;
  /** f32[256], from call 77 to call 78 */
  readonly layer3_0_bn2_add: Float32Array;
  /** f32[256], from call 78 to call 79 */
  readonly layer3_0_bn2: Float32Array;
  /** f32[256], from call 79 to call 82 */
  readonly layer3_0_bn2_scale: Float32Array;
  /** f32[256], from call 80 to call 81 */
  readonly layer3_0_bn2_shift_mul: Float32Array;
  /** f32[256,256,3,3], from call 82 to call 90 */
  readonly layer3_0_conv2_weight_folded: Float32Array;
  /** f32[256,128,1,1], from call 88 to call 88 */
  readonly layer3_0_downsample_0_weight: Float32Array;
  /** f32[256], from call 82 to call 85 */
  readonly layer3_0_downsample_1_weight: Float32Array;
  /** f32[256], from call 82 to call 87 */
  readonly layer3_0_downsample_1_bias: Float32Array;
  /** f32[256], from call 82 to call 86 */
  readonly layer3_0_downsample_1_running_mean: Float32Array;
  /** f32[256], from call 82 to call 83 */
  readonly layer3_0_downsample_1_running_var: Float32Array;
  /** f32[256], from call 83 to call 84 */
  readonly layer3_0_downsample_1_add: Float32Array;
  /** f32[256], from call 84 to call 85 */
  readonly layer3_0_downsample_1: Float32Array;
  /** f32[256], from call 85 to call 88 */
  readonly layer3_0_downsample_1_scale: Float32Array;
  /** f32[256], from call 86 to call 87 */
  readonly layer3_0_downsample_1_shift_mul: Float32Array;
  /** f32[256,128,1,1], from call 88 to call 89 */
  readonly layer3_0_downsample_0_weight_folded: Float32Array;
  /** f32[256,256,3,3], from call 96 to call 96 */
  readonly layer3_1_conv1_weight: Float32Array;
  /** f32[256], from call 88 to call 93 */
  readonly layer3_1_bn1_weight: Float32Array;
  /** f32[256], from call 88 to call 95 */
  readonly layer3_1_bn1_bias: Float32Array;
  /** f32[256], from call 88 to call 94 */
  readonly layer3_1_bn1_running_mean: Float32Array;
  /** f32[256], from call 88 to call 91 */
  readonly layer3_1_bn1_running_var: Float32Array;
  /** f32[256], from call 91 to call 92 */
  readonly layer3_1_bn1_add: Float32Array;
  /** f32[256], from call 92 to call 93 */
  readonly layer3_1_bn1: Float32Array;
  /** f32[256], from call 93 to call 96 */
  readonly layer3_1_bn1_scale: Float32Array;
  /** f32[256], from call 94 to call 95 */
  readonly layer3_1_bn1_shift_mul: Float32Array;
  /** f32[256,256,3,3], from call 96 to call 97 */
  readonly layer3_1_conv1_weight_folded: Float32Array;
  /** f32[256,256,3,3], from call 103 to call 103 */
  readonly layer3_1_conv2_weight: Float32Array;
  /** f32[256], from call 96 to call 100 */
  readonly layer3_1_bn2_weight: Float32Array;
  /** f32[256], from call 96 to call 102 */
  readonly layer3_1_bn2_bias: Float32Array;
  /** f32[256], from call 96 to call 101 */
  readonly layer3_1_bn2_running_mean: Float32Array;
  /** f32[256], from call 96 to call 98 */
  readonly layer3_1_bn2_running_var: Float32Array;
  /** f32[256], from call 98 to call 99 */
  readonly layer3_1_bn2_add: Float32Array;
  /** f32[256], from call 99 to call 100 */
  readonly layer3_1_bn2: Float32Array;
  /** f32[256], from call 100 to call 103 */
  readonly layer3_1_bn2_scale: Float32Array;
  /** f32[256], from call 101 to call 102 */
  readonly layer3_1_bn2_shift_mul: Float32Array;
  /** f32[256,256,3,3], from call 103 to call 104 */
  readonly layer3_1_conv2_weight_folded: Float32Array;
  /** f32[512,256,3,3], from call 110 to call 110 */
  readonly layer4_0_conv1_weight: Float32Array;
  /** f32[512], from call 103 to call 107 */
  readonly layer4_0_bn1_weight: Float32Array;
  /** f32[512], from call 103 to call 109 */
  readonly layer4_0_bn1_bias: Float32Array;
  /** f32[512], from call 103 to call 108 */
  readonly layer4_0_bn1_running_mean: Float32Array;
  /** f32[512], from call 103 to call 105 */
  readonly layer4_0_bn1_running_var: Float32Array;
  /** f32[512], from call 105 to call 106 */
  readonly layer4_0_bn1_add: Float32Array;
  /** f32[512], from call 106 to call 107 */
  readonly layer4_0_bn1: Float32Array;
  /** f32[512], from call 107 to call 110 */
  readonly layer4_0_bn1_scale: Float32Array;
  /** f32[512], from call 108 to call 109 */
  readonly layer4_0_bn1_shift_mul: Float32Array;
  /** f32[512,256,3,3], from call 110 to call 111 */
  readonly layer4_0_conv1_weight_folded: Float32Array;
  /** f32[512,512,3,3], from call 117 to call 117 */
  readonly layer4_0_conv2_weight: Float32Array;
  /** f32[512], from call 110 to call 114 */
  readonly layer4_0_bn2_weight: Float32Array;
  /** f32[512], from call 110 to call 116 */
  readonly layer4_0_bn2_bias: Float32Array;
  /** f32[512], from call 110 to call 115 */
  readonly layer4_0_bn2_running_mean: Float32Array;
  /** f32[512], from call 110 to call 112 */
  readonly layer4_0_bn2_running_var: Float32Array;
  /** f32[512], from call 112 to call 113 */
  readonly layer4_0_bn2_add: Float32Array;
  /** f32[512], from call 113 to call 114 */
  readonly layer4_0_bn2: Float32Array;
  /** f32[512], from call 114 to call 117 */
  readonly layer4_0_bn2_scale: Float32Array;
  /** f32[512], from call 115 to call 116 */
  readonly layer4_0_bn2_shift_mul: Float32Array;
  /** f32[512,512,3,3], from call 117 to call 125 */
  readonly layer4_0_conv2_weight_folded: Float32Array;
  /** f32[512,256,1,1], from call 123 to call 123 */
  readonly layer4_0_downsample_0_weight: Float32Array;
  /** f32[512], from call 117 to call 120 */
  readonly layer4_0_downsample_1_weight: Float32Array;
  /** f32[512], from call 117 to call 122 */
  readonly layer4_0_downsample_1_bias: Float32Array;
  /** f32[512], from call 117 to call 121 */
  readonly layer4_0_downsample_1_running_mean: Float32Array;
  /** f32[512], from call 117 to call 118 */
  readonly layer4_0_downsample_1_running_var: Float32Array;
  /** f32[512], from call 118 to call 119 */
  readonly layer4_0_downsample_1_add: Float32Array;
  /** f32[512], from call 119 to call 120 */
  readonly layer4_0_downsample_1: Float32Array;
  /** f32[512], from call 120 to call 123 */
  readonly layer4_0_downsample_1_scale: Float32Array;
  /** f32[512], from call 121 to call 122 */
  readonly layer4_0_downsample_1_shift_mul: Float32Array;
  /** f32[512,256,1,1], from call 123 to call 124 */
  readonly layer4_0_downsample_0_weight_folded: Float32Array;
  /** f32[512,512,3,3], from call 131 to call 131 */
  readonly layer4_1_conv1_weight: Float32Array;
  /** f32[512], from call 123 to call 128 */
  readonly layer4_1_bn1_weight: Float32Array;
  /** f32[512], from call 123 to call 130 */
  readonly layer4_1_bn1_bias: Float32Array;
  /** f32[512], from call 123 to call 129 */
  readonly layer4_1_bn1_running_mean: Float32Array;
  /** f32[512], from call 123 to call 126 */
  readonly layer4_1_bn1_running_var: Float32Array;
  /** f32[512], from call 126 to call 127 */
  readonly layer4_1_bn1_add: Float32Array;
  /** f32[512], from call 127 to call 128 */
  readonly layer4_1_bn1: Float32Array;
  /** f32[512], from call 128 to call 131 */
  readonly layer4_1_bn1_scale: Float32Array;
  /** f32[512], from call 129 to call 130 */
  readonly layer4_1_bn1_shift_mul: Float32Array;
  /** f32[512,512,3,3], from call 131 to call 132 */
  readonly layer4_1_conv1_weight_folded: Float32Array;
  /** f32[512,512,3,3], from call 138 to call 138 */
  readonly layer4_1_conv2_weight: Float32Array;
  /** f32[512], from call 131 to call 135 */
  readonly layer4_1_bn2_weight: Float32Array;
  /** f32[512], from call 131 to call 137 */
  readonly layer4_1_bn2_bias: Float32Array;
  /** f32[512], from call 131 to call 136 */
  readonly layer4_1_bn2_running_mean: Float32Array;
  /** f32[512], from call 131 to call 133 */
  readonly layer4_1_bn2_running_var: Float32Array;
  /** f32[512], from call 133 to call 134 */
  readonly layer4_1_bn2_add: Float32Array;
  /** f32[512], from call 134 to call 135 */
  readonly layer4_1_bn2: Float32Array;
  /** f32[512], from call 135 to call 138 */
  readonly layer4_1_bn2_scale: Float32Array;
  /** f32[512], from call 136 to call 137 */
  readonly layer4_1_bn2_shift_mul: Float32Array;
  /** f32[512,512,3,3], from call 138 to call 139 */
  readonly layer4_1_conv2_weight_folded: Float32Array;
}

/** Creates the memory of `prepare` and its views; offsets are in bytes. */
export function createStaged(): Staged {
  const arena = new ArrayBuffer(9971712);
  return {
    conv1_weight: new Float32Array(arena, 0, 9408),
    bn1_weight: new Float32Array(arena, 37632, 64),
    bn1_bias: new Float32Array(arena, 37888, 64),
    bn1_running_mean: new Float32Array(arena, 38144, 64),
    bn1_running_var: new Float32Array(arena, 38400, 64),
    bn1_add: new Float32Array(arena, 38400, 64),
    bn1: new Float32Array(arena, 38400, 64),
    bn1_scale: new Float32Array(arena, 37632, 64),
    bn1_shift_mul: new Float32Array(arena, 38144, 64),
    conv1_weight_folded: new Float32Array(arena, 0, 9408),
    layer1_0_conv1_weight: new Float32Array(arena, 0, 36864),
    layer1_0_bn1_weight: new Float32Array(arena, 147456, 64),
    layer1_0_bn1_bias: new Float32Array(arena, 38656, 64),
    layer1_0_bn1_running_mean: new Float32Array(arena, 38912, 64),
    layer1_0_bn1_running_var: new Float32Array(arena, 39168, 64),
    layer1_0_bn1_add: new Float32Array(arena, 39168, 64),
    layer1_0_bn1: new Float32Array(arena, 39168, 64),
    layer1_0_bn1_scale: new Float32Array(arena, 147456, 64),
    layer1_0_bn1_shift_mul: new Float32Array(arena, 38912, 64),
    layer1_0_conv1_weight_folded: new Float32Array(arena, 0, 36864),
    layer1_0_conv2_weight: new Float32Array(arena, 0, 36864),
    layer1_0_bn2_weight: new Float32Array(arena, 147712, 64),
    layer1_0_bn2_bias: new Float32Array(arena, 147968, 64),
    layer1_0_bn2_running_mean: new Float32Array(arena, 148224, 64),
    layer1_0_bn2_running_var: new Float32Array(arena, 148480, 64),
    layer1_0_bn2_add: new Float32Array(arena, 148480, 64),
    layer1_0_bn2: new Float32Array(arena, 148480, 64),
    layer1_0_bn2_scale: new Float32Array(arena, 147712, 64),
    layer1_0_bn2_shift_mul: new Float32Array(arena, 148224, 64),
    layer1_0_conv2_weight_folded: new Float32Array(arena, 0, 36864),
    layer1_1_conv1_weight: new Float32Array(arena, 0, 36864),
    layer1_1_bn1_weight: new Float32Array(arena, 147456, 64),
    layer1_1_bn1_bias: new Float32Array(arena, 147968, 64),
    layer1_1_bn1_running_mean: new Float32Array(arena, 148224, 64),
    layer1_1_bn1_running_var: new Float32Array(arena, 148480, 64),
    layer1_1_bn1_add: new Float32Array(arena, 148480, 64),
    layer1_1_bn1: new Float32Array(arena, 148480, 64),
    layer1_1_bn1_scale: new Float32Array(arena, 147456, 64),
    layer1_1_bn1_shift_mul: new Float32Array(arena, 148224, 64),
    layer1_1_conv1_weight_folded: new Float32Array(arena, 0, 36864),
    layer1_1_conv2_weight: new Float32Array(arena, 0, 36864),
    layer1_1_bn2_weight: new Float32Array(arena, 148992, 64),
    layer1_1_bn2_bias: new Float32Array(arena, 147712, 64),
    layer1_1_bn2_running_mean: new Float32Array(arena, 147968, 64),
    layer1_1_bn2_running_var: new Float32Array(arena, 148224, 64),
    layer1_1_bn2_add: new Float32Array(arena, 148224, 64),
    layer1_1_bn2: new Float32Array(arena, 148224, 64),
    layer1_1_bn2_scale: new Float32Array(arena, 148992, 64),
    layer1_1_bn2_shift_mul: new Float32Array(arena, 147968, 64),
    layer1_1_conv2_weight_folded: new Float32Array(arena, 0, 36864),
    layer2_0_conv1_weight: new Float32Array(arena, 0, 73728),
    layer2_0_bn1_weight: new Float32Array(arena, 294912, 128),
    layer2_0_bn1_bias: new Float32Array(arena, 147456, 128),
    layer2_0_bn1_running_mean: new Float32Array(arena, 147968, 128),
    layer2_0_bn1_running_var: new Float32Array(arena, 148480, 128),
    layer2_0_bn1_add: new Float32Array(arena, 148480, 128),
    layer2_0_bn1: new Float32Array(arena, 148480, 128),
    layer2_0_bn1_scale: new Float32Array(arena, 294912, 128),
    layer2_0_bn1_shift_mul: new Float32Array(arena, 147968, 128),
    layer2_0_conv1_weight_folded: new Float32Array(arena, 0, 73728),
    layer2_0_conv2_weight: new Float32Array(arena, 0, 147456),
    layer2_0_bn2_weight: new Float32Array(arena, 589824, 128),
    layer2_0_bn2_bias: new Float32Array(arena, 295424, 128),
    layer2_0_bn2_running_mean: new Float32Array(arena, 295936, 128),
    layer2_0_bn2_running_var: new Float32Array(arena, 296448, 128),
    layer2_0_bn2_add: new Float32Array(arena, 296448, 128),
    layer2_0_bn2: new Float32Array(arena, 296448, 128),
    layer2_0_bn2_scale: new Float32Array(arena, 589824, 128),
    layer2_0_bn2_shift_mul: new Float32Array(arena, 295936, 128),
    layer2_0_conv2_weight_folded: new Float32Array(arena, 0, 147456),
    layer2_0_downsample_0_weight: new Float32Array(arena, 589824, 8192),
    layer2_0_downsample_1_weight: new Float32Array(arena, 622592, 128),
    layer2_0_downsample_1_bias: new Float32Array(arena, 590336, 128),
    layer2_0_downsample_1_running_mean: new Float32Array(arena, 590848, 128),
    layer2_0_downsample_1_running_var: new Float32Array(arena, 591360, 128),
    layer2_0_downsample_1_add: new Float32Array(arena, 591360, 128),
    layer2_0_downsample_1: new Float32Array(arena, 591360, 128),
    layer2_0_downsample_1_scale: new Float32Array(arena, 622592, 128),
    layer2_0_downsample_1_shift_mul: new Float32Array(arena, 590848, 128),
    layer2_0_downsample_0_weight_folded: new Float32Array(arena, 589824, 8192),
    layer2_1_conv1_weight: new Float32Array(arena, 0, 147456),
    layer2_1_bn1_weight: new Float32Array(arena, 623104, 128),
    layer2_1_bn1_bias: new Float32Array(arena, 623616, 128),
    layer2_1_bn1_running_mean: new Float32Array(arena, 624128, 128),
    layer2_1_bn1_running_var: new Float32Array(arena, 624640, 128),
    layer2_1_bn1_add: new Float32Array(arena, 624640, 128),
    layer2_1_bn1: new Float32Array(arena, 624640, 128),
    layer2_1_bn1_scale: new Float32Array(arena, 623104, 128),
    layer2_1_bn1_shift_mul: new Float32Array(arena, 624128, 128),
    layer2_1_conv1_weight_folded: new Float32Array(arena, 0, 147456),
    layer2_1_conv2_weight: new Float32Array(arena, 0, 147456),
    layer2_1_bn2_weight: new Float32Array(arena, 592896, 128),
    layer2_1_bn2_bias: new Float32Array(arena, 589824, 128),
    layer2_1_bn2_running_mean: new Float32Array(arena, 590336, 128),
    layer2_1_bn2_running_var: new Float32Array(arena, 590848, 128),
    layer2_1_bn2_add: new Float32Array(arena, 590848, 128),
    layer2_1_bn2: new Float32Array(arena, 590848, 128),
    layer2_1_bn2_scale: new Float32Array(arena, 592896, 128),
    layer2_1_bn2_shift_mul: new Float32Array(arena, 590336, 128),
    layer2_1_conv2_weight_folded: new Float32Array(arena, 0, 147456),
    layer3_0_conv1_weight: new Float32Array(arena, 0, 294912),
    layer3_0_bn1_weight: new Float32Array(arena, 1179648, 256),
    layer3_0_bn1_bias: new Float32Array(arena, 589824, 256),
    layer3_0_bn1_running_mean: new Float32Array(arena, 590848, 256),
    layer3_0_bn1_running_var: new Float32Array(arena, 591872, 256),
    layer3_0_bn1_add: new Float32Array(arena, 591872, 256),
    layer3_0_bn1: new Float32Array(arena, 591872, 256),
    layer3_0_bn1_scale: new Float32Array(arena, 1179648, 256),
    layer3_0_bn1_shift_mul: new Float32Array(arena, 590848, 256),
    layer3_0_conv1_weight_folded: new Float32Array(arena, 0, 294912),
    layer3_0_conv2_weight: new Float32Array(arena, 0, 589824),
    layer3_0_bn2_weight: new Float32Array(arena, 2359296, 256),
    layer3_0_bn2_bias: new Float32Array(arena, 1180672, 256),
    layer3_0_bn2_running_mean: new Float32Array(arena, 1181696, 256),
    layer3_0_bn2_running_var: new Float32Array(arena, 1182720, 256),
    layer3_0_bn2_add: new Float32Array(arena, 1182720, 256),
    layer3_0_bn2: new Float32Array(arena, 1182720, 256),
    layer3_0_bn2_scale: new Float32Array(arena, 2359296, 256),
    layer3_0_bn2_shift_mul: new Float32Array(arena, 1181696, 256),
    layer3_0_conv2_weight_folded: new Float32Array(arena, 0, 589824),
    layer3_0_downsample_0_weight: new Float32Array(arena, 2359296, 32768),
    layer3_0_downsample_1_weight: new Float32Array(arena, 2490368, 256),
    layer3_0_downsample_1_bias: new Float32Array(arena, 2360320, 256),
    layer3_0_downsample_1_running_mean: new Float32Array(arena, 2361344, 256),
    layer3_0_downsample_1_running_var: new Float32Array(arena, 2362368, 256),
    layer3_0_downsample_1_add: new Float32Array(arena, 2362368, 256),
    layer3_0_downsample_1: new Float32Array(arena, 2362368, 256),
    layer3_0_downsample_1_scale: new Float32Array(arena, 2490368, 256),
    layer3_0_downsample_1_shift_mul: new Float32Array(arena, 2361344, 256),
    layer3_0_downsample_0_weight_folded: new Float32Array(arena, 2359296, 32768),
    layer3_1_conv1_weight: new Float32Array(arena, 0, 589824),
    layer3_1_bn1_weight: new Float32Array(arena, 2491392, 256),
    layer3_1_bn1_bias: new Float32Array(arena, 2492416, 256),
    layer3_1_bn1_running_mean: new Float32Array(arena, 2493440, 256),
    layer3_1_bn1_running_var: new Float32Array(arena, 2494464, 256),
    layer3_1_bn1_add: new Float32Array(arena, 2494464, 256),
    layer3_1_bn1: new Float32Array(arena, 2494464, 256),
    layer3_1_bn1_scale: new Float32Array(arena, 2491392, 256),
    layer3_1_bn1_shift_mul: new Float32Array(arena, 2493440, 256),
    layer3_1_conv1_weight_folded: new Float32Array(arena, 0, 589824),
    layer3_1_conv2_weight: new Float32Array(arena, 0, 589824),
    layer3_1_bn2_weight: new Float32Array(arena, 2365440, 256),
    layer3_1_bn2_bias: new Float32Array(arena, 2359296, 256),
    layer3_1_bn2_running_mean: new Float32Array(arena, 2360320, 256),
    layer3_1_bn2_running_var: new Float32Array(arena, 2361344, 256),
    layer3_1_bn2_add: new Float32Array(arena, 2361344, 256),
    layer3_1_bn2: new Float32Array(arena, 2361344, 256),
    layer3_1_bn2_scale: new Float32Array(arena, 2365440, 256),
    layer3_1_bn2_shift_mul: new Float32Array(arena, 2360320, 256),
    layer3_1_conv2_weight_folded: new Float32Array(arena, 0, 589824),
    layer4_0_conv1_weight: new Float32Array(arena, 0, 1179648),
    layer4_0_bn1_weight: new Float32Array(arena, 4718592, 512),
    layer4_0_bn1_bias: new Float32Array(arena, 2359296, 512),
    layer4_0_bn1_running_mean: new Float32Array(arena, 2361344, 512),
    layer4_0_bn1_running_var: new Float32Array(arena, 2363392, 512),
    layer4_0_bn1_add: new Float32Array(arena, 2363392, 512),
    layer4_0_bn1: new Float32Array(arena, 2363392, 512),
    layer4_0_bn1_scale: new Float32Array(arena, 4718592, 512),
    layer4_0_bn1_shift_mul: new Float32Array(arena, 2361344, 512),
    layer4_0_conv1_weight_folded: new Float32Array(arena, 0, 1179648),
    layer4_0_conv2_weight: new Float32Array(arena, 0, 2359296),
    layer4_0_bn2_weight: new Float32Array(arena, 9437184, 512),
    layer4_0_bn2_bias: new Float32Array(arena, 4720640, 512),
    layer4_0_bn2_running_mean: new Float32Array(arena, 4722688, 512),
    layer4_0_bn2_running_var: new Float32Array(arena, 4724736, 512),
    layer4_0_bn2_add: new Float32Array(arena, 4724736, 512),
    layer4_0_bn2: new Float32Array(arena, 4724736, 512),
    layer4_0_bn2_scale: new Float32Array(arena, 9437184, 512),
    layer4_0_bn2_shift_mul: new Float32Array(arena, 4722688, 512),
    layer4_0_conv2_weight_folded: new Float32Array(arena, 0, 2359296),
    layer4_0_downsample_0_weight: new Float32Array(arena, 9437184, 131072),
    layer4_0_downsample_1_weight: new Float32Array(arena, 9961472, 512),
    layer4_0_downsample_1_bias: new Float32Array(arena, 9439232, 512),
    layer4_0_downsample_1_running_mean: new Float32Array(arena, 9441280, 512),
    layer4_0_downsample_1_running_var: new Float32Array(arena, 9443328, 512),
    layer4_0_downsample_1_add: new Float32Array(arena, 9443328, 512),
    layer4_0_downsample_1: new Float32Array(arena, 9443328, 512),
    layer4_0_downsample_1_scale: new Float32Array(arena, 9961472, 512),
    layer4_0_downsample_1_shift_mul: new Float32Array(arena, 9441280, 512),
    layer4_0_downsample_0_weight_folded: new Float32Array(arena, 9437184, 131072),
    layer4_1_conv1_weight: new Float32Array(arena, 0, 2359296),
    layer4_1_bn1_weight: new Float32Array(arena, 9963520, 512),
    layer4_1_bn1_bias: new Float32Array(arena, 9965568, 512),
    layer4_1_bn1_running_mean: new Float32Array(arena, 9967616, 512),
    layer4_1_bn1_running_var: new Float32Array(arena, 9969664, 512),
    layer4_1_bn1_add: new Float32Array(arena, 9969664, 512),
    layer4_1_bn1: new Float32Array(arena, 9969664, 512),
    layer4_1_bn1_scale: new Float32Array(arena, 9963520, 512),
    layer4_1_bn1_shift_mul: new Float32Array(arena, 9967616, 512),
    layer4_1_conv1_weight_folded: new Float32Array(arena, 0, 2359296),
    layer4_1_conv2_weight: new Float32Array(arena, 0, 2359296),
    layer4_1_bn2_weight: new Float32Array(arena, 9437184, 512),
    layer4_1_bn2_bias: new Float32Array(arena, 9439232, 512),
    layer4_1_bn2_running_mean: new Float32Array(arena, 9441280, 512),
    layer4_1_bn2_running_var: new Float32Array(arena, 9443328, 512),
    layer4_1_bn2_add: new Float32Array(arena, 9443328, 512),
    layer4_1_bn2: new Float32Array(arena, 9443328, 512),
    layer4_1_bn2_scale: new Float32Array(arena, 9437184, 512),
    layer4_1_bn2_shift_mul: new Float32Array(arena, 9441280, 512),
    layer4_1_conv2_weight_folded: new Float32Array(arena, 0, 2359296),
  };
}

/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export function nameWeights(w: Weights, s: Staged): StagedTensor[] {
  return [
    { name: 'bn1.running_var', shape: [64], data: s.bn1_running_var },
    { name: 'bn1.weight', shape: [64], data: s.bn1_weight },
    { name: 'bn1.running_mean', shape: [64], data: s.bn1_running_mean },
    { name: 'bn1.bias', shape: [64], data: s.bn1_bias },
    { name: 'conv1.weight', shape: [64, 3, 7, 7], data: s.conv1_weight },
    { name: 'layer1.0.bn1.running_var', shape: [64], data: s.layer1_0_bn1_running_var },
    { name: 'layer1.0.bn1.weight', shape: [64], data: s.layer1_0_bn1_weight },
    { name: 'layer1.0.bn1.running_mean', shape: [64], data: s.layer1_0_bn1_running_mean },
    { name: 'layer1.0.bn1.bias', shape: [64], data: s.layer1_0_bn1_bias },
    { name: 'layer1.0.conv1.weight', shape: [64, 64, 3, 3], data: s.layer1_0_conv1_weight },
    { name: 'layer1.0.bn2.running_var', shape: [64], data: s.layer1_0_bn2_running_var },
    { name: 'layer1.0.bn2.weight', shape: [64], data: s.layer1_0_bn2_weight },
    { name: 'layer1.0.bn2.running_mean', shape: [64], data: s.layer1_0_bn2_running_mean },
    { name: 'layer1.0.bn2.bias', shape: [64], data: s.layer1_0_bn2_bias },
    { name: 'layer1.0.conv2.weight', shape: [64, 64, 3, 3], data: s.layer1_0_conv2_weight },
    { name: 'layer1.1.bn1.running_var', shape: [64], data: s.layer1_1_bn1_running_var },
    { name: 'layer1.1.bn1.weight', shape: [64], data: s.layer1_1_bn1_weight },
    { name: 'layer1.1.bn1.running_mean', shape: [64], data: s.layer1_1_bn1_running_mean },
    { name: 'layer1.1.bn1.bias', shape: [64], data: s.layer1_1_bn1_bias },
    { name: 'layer1.1.conv1.weight', shape: [64, 64, 3, 3], data: s.layer1_1_conv1_weight },
    { name: 'layer1.1.bn2.running_var', shape: [64], data: s.layer1_1_bn2_running_var },
    { name: 'layer1.1.bn2.weight', shape: [64], data: s.layer1_1_bn2_weight },
    { name: 'layer1.1.bn2.running_mean', shape: [64], data: s.layer1_1_bn2_running_mean },
    { name: 'layer1.1.bn2.bias', shape: [64], data: s.layer1_1_bn2_bias },
    { name: 'layer1.1.conv2.weight', shape: [64, 64, 3, 3], data: s.layer1_1_conv2_weight },
    { name: 'layer2.0.bn1.running_var', shape: [128], data: s.layer2_0_bn1_running_var },
    { name: 'layer2.0.bn1.weight', shape: [128], data: s.layer2_0_bn1_weight },
    { name: 'layer2.0.bn1.running_mean', shape: [128], data: s.layer2_0_bn1_running_mean },
    { name: 'layer2.0.bn1.bias', shape: [128], data: s.layer2_0_bn1_bias },
    { name: 'layer2.0.conv1.weight', shape: [128, 64, 3, 3], data: s.layer2_0_conv1_weight },
    { name: 'layer2.0.bn2.running_var', shape: [128], data: s.layer2_0_bn2_running_var },
    { name: 'layer2.0.bn2.weight', shape: [128], data: s.layer2_0_bn2_weight },
    { name: 'layer2.0.bn2.running_mean', shape: [128], data: s.layer2_0_bn2_running_mean },
    { name: 'layer2.0.bn2.bias', shape: [128], data: s.layer2_0_bn2_bias },
    { name: 'layer2.0.conv2.weight', shape: [128, 128, 3, 3], data: s.layer2_0_conv2_weight },
    { name: 'layer2.0.downsample.1.running_var', shape: [128], data: s.layer2_0_downsample_1_running_var },
    { name: 'layer2.0.downsample.1.weight', shape: [128], data: s.layer2_0_downsample_1_weight },
    { name: 'layer2.0.downsample.1.running_mean', shape: [128], data: s.layer2_0_downsample_1_running_mean },
    { name: 'layer2.0.downsample.1.bias', shape: [128], data: s.layer2_0_downsample_1_bias },
    { name: 'layer2.0.downsample.0.weight', shape: [128, 64, 1, 1], data: s.layer2_0_downsample_0_weight },
    { name: 'layer2.1.bn1.running_var', shape: [128], data: s.layer2_1_bn1_running_var },
    { name: 'layer2.1.bn1.weight', shape: [128], data: s.layer2_1_bn1_weight },
    { name: 'layer2.1.bn1.running_mean', shape: [128], data: s.layer2_1_bn1_running_mean },
    { name: 'layer2.1.bn1.bias', shape: [128], data: s.layer2_1_bn1_bias },
    { name: 'layer2.1.conv1.weight', shape: [128, 128, 3, 3], data: s.layer2_1_conv1_weight },
    { name: 'layer2.1.bn2.running_var', shape: [128], data: s.layer2_1_bn2_running_var },
    { name: 'layer2.1.bn2.weight', shape: [128], data: s.layer2_1_bn2_weight },
    { name: 'layer2.1.bn2.running_mean', shape: [128], data: s.layer2_1_bn2_running_mean },
    { name: 'layer2.1.bn2.bias', shape: [128], data: s.layer2_1_bn2_bias },
    { name: 'layer2.1.conv2.weight', shape: [128, 128, 3, 3], data: s.layer2_1_conv2_weight },
    { name: 'layer3.0.bn1.running_var', shape: [256], data: s.layer3_0_bn1_running_var },
    { name: 'layer3.0.bn1.weight', shape: [256], data: s.layer3_0_bn1_weight },
    { name: 'layer3.0.bn1.running_mean', shape: [256], data: s.layer3_0_bn1_running_mean },
    { name: 'layer3.0.bn1.bias', shape: [256], data: s.layer3_0_bn1_bias },
    { name: 'layer3.0.conv1.weight', shape: [256, 128, 3, 3], data: s.layer3_0_conv1_weight },
    { name: 'layer3.0.bn2.running_var', shape: [256], data: s.layer3_0_bn2_running_var },
    { name: 'layer3.0.bn2.weight', shape: [256], data: s.layer3_0_bn2_weight },
    { name: 'layer3.0.bn2.running_mean', shape: [256], data: s.layer3_0_bn2_running_mean },
    { name: 'layer3.0.bn2.bias', shape: [256], data: s.layer3_0_bn2_bias },
    { name: 'layer3.0.conv2.weight', shape: [256, 256, 3, 3], data: s.layer3_0_conv2_weight },
    { name: 'layer3.0.downsample.1.running_var', shape: [256], data: s.layer3_0_downsample_1_running_var },
    { name: 'layer3.0.downsample.1.weight', shape: [256], data: s.layer3_0_downsample_1_weight },
    { name: 'layer3.0.downsample.1.running_mean', shape: [256], data: s.layer3_0_downsample_1_running_mean },
    { name: 'layer3.0.downsample.1.bias', shape: [256], data: s.layer3_0_downsample_1_bias },
    { name: 'layer3.0.downsample.0.weight', shape: [256, 128, 1, 1], data: s.layer3_0_downsample_0_weight },
    { name: 'layer3.1.bn1.running_var', shape: [256], data: s.layer3_1_bn1_running_var },
    { name: 'layer3.1.bn1.weight', shape: [256], data: s.layer3_1_bn1_weight },
    { name: 'layer3.1.bn1.running_mean', shape: [256], data: s.layer3_1_bn1_running_mean },
    { name: 'layer3.1.bn1.bias', shape: [256], data: s.layer3_1_bn1_bias },
    { name: 'layer3.1.conv1.weight', shape: [256, 256, 3, 3], data: s.layer3_1_conv1_weight },
    { name: 'layer3.1.bn2.running_var', shape: [256], data: s.layer3_1_bn2_running_var },
    { name: 'layer3.1.bn2.weight', shape: [256], data: s.layer3_1_bn2_weight },
    { name: 'layer3.1.bn2.running_mean', shape: [256], data: s.layer3_1_bn2_running_mean },
    { name: 'layer3.1.bn2.bias', shape: [256], data: s.layer3_1_bn2_bias },
    { name: 'layer3.1.conv2.weight', shape: [256, 256, 3, 3], data: s.layer3_1_conv2_weight },
    { name: 'layer4.0.bn1.running_var', shape: [512], data: s.layer4_0_bn1_running_var },
    { name: 'layer4.0.bn1.weight', shape: [512], data: s.layer4_0_bn1_weight },
    { name: 'layer4.0.bn1.running_mean', shape: [512], data: s.layer4_0_bn1_running_mean },
    { name: 'layer4.0.bn1.bias', shape: [512], data: s.layer4_0_bn1_bias },
    { name: 'layer4.0.conv1.weight', shape: [512, 256, 3, 3], data: s.layer4_0_conv1_weight },
    { name: 'layer4.0.bn2.running_var', shape: [512], data: s.layer4_0_bn2_running_var },
    { name: 'layer4.0.bn2.weight', shape: [512], data: s.layer4_0_bn2_weight },
    { name: 'layer4.0.bn2.running_mean', shape: [512], data: s.layer4_0_bn2_running_mean },
    { name: 'layer4.0.bn2.bias', shape: [512], data: s.layer4_0_bn2_bias },
    { name: 'layer4.0.conv2.weight', shape: [512, 512, 3, 3], data: s.layer4_0_conv2_weight },
    { name: 'layer4.0.downsample.1.running_var', shape: [512], data: s.layer4_0_downsample_1_running_var },
    { name: 'layer4.0.downsample.1.weight', shape: [512], data: s.layer4_0_downsample_1_weight },
    { name: 'layer4.0.downsample.1.running_mean', shape: [512], data: s.layer4_0_downsample_1_running_mean },
    { name: 'layer4.0.downsample.1.bias', shape: [512], data: s.layer4_0_downsample_1_bias },
    { name: 'layer4.0.downsample.0.weight', shape: [512, 256, 1, 1], data: s.layer4_0_downsample_0_weight },
    { name: 'layer4.1.bn1.running_var', shape: [512], data: s.layer4_1_bn1_running_var },
    { name: 'layer4.1.bn1.weight', shape: [512], data: s.layer4_1_bn1_weight },
    { name: 'layer4.1.bn1.running_mean', shape: [512], data: s.layer4_1_bn1_running_mean },
    { name: 'layer4.1.bn1.bias', shape: [512], data: s.layer4_1_bn1_bias },
    { name: 'layer4.1.conv1.weight', shape: [512, 512, 3, 3], data: s.layer4_1_conv1_weight },
    { name: 'layer4.1.bn2.running_var', shape: [512], data: s.layer4_1_bn2_running_var },
    { name: 'layer4.1.bn2.weight', shape: [512], data: s.layer4_1_bn2_weight },
    { name: 'layer4.1.bn2.running_mean', shape: [512], data: s.layer4_1_bn2_running_mean },
    { name: 'layer4.1.bn2.bias', shape: [512], data: s.layer4_1_bn2_bias },
    { name: 'layer4.1.conv2.weight', shape: [512, 512, 3, 3], data: s.layer4_1_conv2_weight },
    { name: 'fc.weight', shape: [1000, 512], data: w.fc_weight },
    { name: 'fc.bias', shape: [1000], data: w.fc_bias },
  ];
}
