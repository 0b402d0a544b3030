/** The tensors of the weight file. They are row-major. */
import type { Weights } from './memory.js';
import type { StagedTensor } from './runtime.js';
/** What only `prepare` needs. */
export interface Staged {
  /** f32[16,3,3,3], from call 0 to call 5 */
  readonly conv1_weight: Float32Array;
  /** f32[16], from call 0 to call 2 */
  readonly bn1_weight: Float32Array;
  /** f32[16], from call 0 to call 4 */
  readonly bn1_bias: Float32Array;
  /** f32[16], from call 0 to call 3 */
  readonly bn1_running_mean: Float32Array;
  /** f32[16], from call 0 to call 0 */
  readonly bn1_running_var: Float32Array;
  /** f32[16], from call 0 to call 1 */
  readonly bn1_add: Float32Array;
  /** f32[16], from call 1 to call 2 */
  readonly bn1: Float32Array;
  /** f32[16], from call 2 to call 5 */
  readonly bn1_scale: Float32Array;
  /** f32[16], from call 3 to call 4 */
  readonly bn1_shift_mul: Float32Array;
  /** f32[16,3,3,3], from call 5 to call 6 */
  readonly conv1_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 0 to call 12 */
  readonly layer1_0_conv1_weight: Float32Array;
  /** f32[16], from call 0 to call 9 */
  readonly layer1_0_bn1_weight: Float32Array;
  /** f32[16], from call 0 to call 11 */
  readonly layer1_0_bn1_bias: Float32Array;
  /** f32[16], from call 0 to call 10 */
  readonly layer1_0_bn1_running_mean: Float32Array;
  /** f32[16], from call 0 to call 7 */
  readonly layer1_0_bn1_running_var: Float32Array;
  /** f32[16], from call 7 to call 8 */
  readonly layer1_0_bn1_add: Float32Array;
  /** f32[16], from call 8 to call 9 */
  readonly layer1_0_bn1: Float32Array;
  /** f32[16], from call 9 to call 12 */
  readonly layer1_0_bn1_scale: Float32Array;
  /** f32[16], from call 10 to call 11 */
  readonly layer1_0_bn1_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 12 to call 13 */
  readonly layer1_0_conv1_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 19 to call 19 */
  readonly layer1_0_conv2_weight: Float32Array;
  /** f32[16], from call 0 to call 16 */
  readonly layer1_0_bn2_weight: Float32Array;
  /** f32[16], from call 0 to call 18 */
  readonly layer1_0_bn2_bias: Float32Array;
  /** f32[16], from call 0 to call 17 */
  readonly layer1_0_bn2_running_mean: Float32Array;
  /** f32[16], from call 0 to call 14 */
  readonly layer1_0_bn2_running_var: Float32Array;
  /** f32[16], from call 14 to call 15 */
  readonly layer1_0_bn2_add: Float32Array;
  /** f32[16], from call 15 to call 16 */
  readonly layer1_0_bn2: Float32Array;
  /** f32[16], from call 16 to call 19 */
  readonly layer1_0_bn2_scale: Float32Array;
  /** f32[16], from call 17 to call 18 */
  readonly layer1_0_bn2_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 19 to call 20 */
  readonly layer1_0_conv2_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 26 to call 26 */
  readonly layer1_1_conv1_weight: Float32Array;
  /** f32[16], from call 19 to call 23 */
  readonly layer1_1_bn1_weight: Float32Array;
  /** f32[16], from call 19 to call 25 */
  readonly layer1_1_bn1_bias: Float32Array;
  /** f32[16], from call 19 to call 24 */
  readonly layer1_1_bn1_running_mean: Float32Array;
  /** f32[16], from call 19 to call 21 */
  readonly layer1_1_bn1_running_var: Float32Array;
  /** f32[16], from call 21 to call 22 */
  readonly layer1_1_bn1_add: Float32Array;
  /** f32[16], from call 22 to call 23 */
  readonly layer1_1_bn1: Float32Array;
  /** f32[16], from call 23 to call 26 */
  readonly layer1_1_bn1_scale: Float32Array;
  /** f32[16], from call 24 to call 25 */
  readonly layer1_1_bn1_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 26 to call 27 */
  readonly layer1_1_conv1_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 33 to call 33 */
  readonly layer1_1_conv2_weight: Float32Array;
  /** f32[16], from call 26 to call 30 */
  readonly layer1_1_bn2_weight: Float32Array;
  /** f32[16], from call 26 to call 32 */
  readonly layer1_1_bn2_bias: Float32Array;
  /** f32[16], from call 26 to call 31 */
  readonly layer1_1_bn2_running_mean: Float32Array;
  /** f32[16], from call 26 to call 28 */
  readonly layer1_1_bn2_running_var: Float32Array;
  /** f32[16], from call 28 to call 29 */
  readonly layer1_1_bn2_add: Float32Array;
  /** f32[16], from call 29 to call 30 */
  readonly layer1_1_bn2: Float32Array;
  /** f32[16], from call 30 to call 33 */
  readonly layer1_1_bn2_scale: Float32Array;
  /** f32[16], from call 31 to call 32 */
  readonly layer1_1_bn2_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 33 to call 34 */
  readonly layer1_1_conv2_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 40 to call 40 */
  readonly layer1_2_conv1_weight: Float32Array;
  /** f32[16], from call 33 to call 37 */
  readonly layer1_2_bn1_weight: Float32Array;
  /** f32[16], from call 33 to call 39 */
  readonly layer1_2_bn1_bias: Float32Array;
  /** f32[16], from call 33 to call 38 */
  readonly layer1_2_bn1_running_mean: Float32Array;
  /** f32[16], from call 33 to call 35 */
  readonly layer1_2_bn1_running_var: Float32Array;
  /** f32[16], from call 35 to call 36 */
  readonly layer1_2_bn1_add: Float32Array;
  /** f32[16], from call 36 to call 37 */
  readonly layer1_2_bn1: Float32Array;
  /** f32[16], from call 37 to call 40 */
  readonly layer1_2_bn1_scale: Float32Array;
  /** f32[16], from call 38 to call 39 */
  readonly layer1_2_bn1_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 40 to call 41 */
  readonly layer1_2_conv1_weight_folded: Float32Array;
  /** f32[16,16,3,3], from call 47 to call 47 */
  readonly layer1_2_conv2_weight: Float32Array;
  /** f32[16], from call 40 to call 44 */
  readonly layer1_2_bn2_weight: Float32Array;
  /** f32[16], from call 40 to call 46 */
  readonly layer1_2_bn2_bias: Float32Array;
  /** f32[16], from call 40 to call 45 */
  readonly layer1_2_bn2_running_mean: Float32Array;
  /** f32[16], from call 40 to call 42 */
  readonly layer1_2_bn2_running_var: Float32Array;
  /** f32[16], from call 42 to call 43 */
  readonly layer1_2_bn2_add: Float32Array;
  /** f32[16], from call 43 to call 44 */
  readonly layer1_2_bn2: Float32Array;
  /** f32[16], from call 44 to call 47 */
  readonly layer1_2_bn2_scale: Float32Array;
  /** f32[16], from call 45 to call 46 */
  readonly layer1_2_bn2_shift_mul: Float32Array;
  /** f32[16,16,3,3], from call 47 to call 48 */
  readonly layer1_2_conv2_weight_folded: Float32Array;
  /** f32[32,16,3,3], from call 54 to call 54 */
  readonly layer2_0_conv1_weight: Float32Array;
  /** f32[32], from call 47 to call 51 */
  readonly layer2_0_bn1_weight: Float32Array;
  /** f32[32], from call 47 to call 53 */
  readonly layer2_0_bn1_bias: Float32Array;
  /** f32[32], from call 47 to call 52 */
  readonly layer2_0_bn1_running_mean: Float32Array;
  /** f32[32], from call 47 to call 49 */
  readonly layer2_0_bn1_running_var: Float32Array;
  /** f32[32], from call 49 to call 50 */
  readonly layer2_0_bn1_add: Float32Array;
  /** f32[32], from call 50 to call 51 */
  readonly layer2_0_bn1: Float32Array;
  /** f32[32], from call 51 to call 54 */
  readonly layer2_0_bn1_scale: Float32Array;
  /** f32[32], from call 52 to call 53 */
  readonly layer2_0_bn1_shift_mul: Float32Array;
  /** f32[32,16,3,3], from call 54 to call 55 */
  readonly layer2_0_conv1_weight_folded: Float32Array;
  /** f32[32,32,3,3], from call 61 to call 61 */
  readonly layer2_0_conv2_weight: Float32Array;
  /** f32[32], from call 54 to call 58 */
  readonly layer2_0_bn2_weight: Float32Array;
  /** f32[32], from call 54 to call 60 */
  readonly layer2_0_bn2_bias: Float32Array;
  /** f32[32], from call 54 to call 59 */
  readonly layer2_0_bn2_running_mean: Float32Array;
  /** f32[32], from call 54 to call 56 */
  readonly layer2_0_bn2_running_var: Float32Array;
  /** f32[32], from call 56 to call 57 */
  readonly layer2_0_bn2_add: Float32Array;
  /** f32[32], from call 57 to call 58 */
  readonly layer2_0_bn2: Float32Array;
  /** f32[32], from call 58 to call 61 */
  readonly layer2_0_bn2_scale: Float32Array;
  /** f32[32], from call 59 to call 60 */
  readonly layer2_0_bn2_shift_mul: Float32Array;
  /** f32[32,32,3,3], from call 61 to call 62 */
  readonly layer2_0_conv2_weight_folded: Float32Array;
  /** f32[32,32,3,3], from call 68 to call 68 */
  readonly layer2_1_conv1_weight: Float32Array;
  /** f32[32], from call 61 to call 65 */
  readonly layer2_1_bn1_weight: Float32Array;
  /** f32[32], from call 61 to call 67 */
  readonly layer2_1_bn1_bias: Float32Array;
  /** f32[32], from call 61 to call 66 */
  readonly layer2_1_bn1_running_mean: Float32Array;
  /** f32[32], from call 61 to call 63 */
  readonly layer2_1_bn1_running_var: Float32Array;
  /** f32[32], from call 63 to call 64 */
  readonly layer2_1_bn1_add: Float32Array;
  /** f32[32], from call 64 to call 65 */
  readonly layer2_1_bn1: Float32Array;
  /** f32[32], from call 65 to call 68 */
  readonly layer2_1_bn1_scale: Float32Array;
  /** f32[32], from call 66 to call 67 */
  readonly layer2_1_bn1_shift_mul: Float32Array;
  /** f32[32,32,3,3], from call 68 to call 69 */
  readonly layer2_1_conv1_weight_folded: Float32Array;
  /** f32[32,32,3,3], from call 75 to call 75 */
  readonly layer2_1_conv2_weight: Float32Array;
  /** f32[32], from call 68 to call 72 */
  readonly layer2_1_bn2_weight: Float32Array;
  /** f32[32], from call 68 to call 74 */
  readonly layer2_1_bn2_bias: Float32Array;
  /** f32[32], from call 68 to call 73 */
  readonly layer2_1_bn2_running_mean: Float32Array;
  /** f32[32], from call 68 to call 70 */
  readonly layer2_1_bn2_running_var: Float32Array;
  /** f32[32], from call 70 to call 71 */
  readonly layer2_1_bn2_add: Float32Array;
  /** f32[32], from call 71 to call 72 */
  readonly layer2_1_bn2: Float32Array;
  /** f32[32], from call 72 to call 75 */
  readonly layer2_1_bn2_scale: Float32Array;
  /** f32[32], from call 73 to call 74 */
  readonly layer2_1_bn2_shift_mul: Float32Array;
  /** f32[32,32,3,3], from call 75 to call 76 */
  readonly layer2_1_conv2_weight_folded: Float32Array;
  /** f32[32,32,3,3], from call 82 to call 82 */
  readonly layer2_2_conv1_weight: Float32Array;
  /** f32[32], from call 75 to call 79 */
  readonly layer2_2_bn1_weight: Float32Array;
  /** f32[32], from call 75 to call 81 */
  readonly layer2_2_bn1_bias: Float32Array;
  /** f32[32], from call 75 to call 80 */
  readonly layer2_2_bn1_running_mean: Float32Array;
  /** f32[32], from call 75 to call 77 */
  readonly layer2_2_bn1_running_var: Float32Array;
  /** f32[32], from call 77 to call 78 */
  readonly layer2_2_bn1_add: Float32Array;
  /** f32[32], from call 78 to call 79 */
  readonly layer2_2_bn1: Float32Array;
  /** f32[32], from call 79 to call 82 */
  readonly layer2_2_bn1_scale: Float32Array;
  /** f32[32], from call 80 to call 81 */
  readonly layer2_2_bn1_shift_mul: Float32Array;
  /** f32[32,32,3,3], from call 82 to call 83 */
  readonly layer2_2_conv1_weight_folded: Float32Array;
  /** f32[32,32,3,3], from call 89 to call 89 */
  readonly layer2_2_conv2_weight: Float32Array;
  /** f32[32], from call 82 to call 86 */
  readonly layer2_2_bn2_weight: Float32Array;
  /** f32[32], from call 82 to call 88 */
  readonly layer2_2_bn2_bias: Float32Array;
  /** f32[32], from call 82 to call 87 */
  readonly layer2_2_bn2_running_mean: Float32Array;
  /** f32[32], from call 82 to call 84 */
  readonly layer2_2_bn2_running_var: Float32Array;
  /** f32[32], from call 84 to call 85 */
  readonly layer2_2_bn2_add: Float32Array;
  /** f32[32], from call 85 to call 86 */
  readonly layer2_2_bn2: Float32Array;
  /** f32[32], from call 86 to call 89 */
  readonly layer2_2_bn2_scale: Float32Array;
  /** f32[32], from call 87 to call 88 */
  readonly layer2_2_bn2_shift_mul: Float32Array;
  /** f32[32,32,3,3], from call 89 to call 90 */
  readonly layer2_2_conv2_weight_folded: Float32Array;
  /** f32[64,32,3,3], from call 96 to call 96 */
  readonly layer3_0_conv1_weight: Float32Array;
  /** f32[64], from call 89 to call 93 */
  readonly layer3_0_bn1_weight: Float32Array;
  /** f32[64], from call 89 to call 95 */
  readonly layer3_0_bn1_bias: Float32Array;
  /** f32[64], from call 89 to call 94 */
  readonly layer3_0_bn1_running_mean: Float32Array;
  /** f32[64], from call 89 to call 91 */
  readonly layer3_0_bn1_running_var: Float32Array;
  /** f32[64], from call 91 to call 92 */
  readonly layer3_0_bn1_add: Float32Array;
  /** f32[64], from call 92 to call 93 */
  readonly layer3_0_bn1: Float32Array;
  /** f32[64], from call 93 to call 96 */
  readonly layer3_0_bn1_scale: Float32Array;
  /** f32[64], from call 94 to call 95 */
  readonly layer3_0_bn1_shift_mul: Float32Array;
  /** f32[64,32,3,3], from call 96 to call 97 */
  readonly layer3_0_conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 103 to call 103 */
  readonly layer3_0_conv2_weight: Float32Array;
  /** f32[64], from call 96 to call 100 */
  readonly layer3_0_bn2_weight: Float32Array;
  /** f32[64], from call 96 to call 102 */
  readonly layer3_0_bn2_bias: Float32Array;
  /** f32[64], from call 96 to call 101 */
  readonly layer3_0_bn2_running_mean: Float32Array;
  /** f32[64], from call 96 to call 98 */
  readonly layer3_0_bn2_running_var: Float32Array;
  /** f32[64], from call 98 to call 99 */
  readonly layer3_0_bn2_add: Float32Array;
  /** f32[64], from call 99 to call 100 */
  readonly layer3_0_bn2: Float32Array;
  /** f32[64], from call 100 to call 103 */
  readonly layer3_0_bn2_scale: Float32Array;
  /** f32[64], from call 101 to call 102 */
  readonly layer3_0_bn2_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 103 to call 104 */
  readonly layer3_0_conv2_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 110 to call 110 */
  readonly layer3_1_conv1_weight: Float32Array;
  /** f32[64], from call 103 to call 107 */
  readonly layer3_1_bn1_weight: Float32Array;
  /** f32[64], from call 103 to call 109 */
  readonly layer3_1_bn1_bias: Float32Array;
  /** f32[64], from call 103 to call 108 */
  readonly layer3_1_bn1_running_mean: Float32Array;
  /** f32[64], from call 103 to call 105 */
  readonly layer3_1_bn1_running_var: Float32Array;
  /** f32[64], from call 105 to call 106 */
  readonly layer3_1_bn1_add: Float32Array;
  /** f32[64], from call 106 to call 107 */
  readonly layer3_1_bn1: Float32Array;
  /** f32[64], from call 107 to call 110 */
  readonly layer3_1_bn1_scale: Float32Array;
  /** f32[64], from call 108 to call 109 */
  readonly layer3_1_bn1_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 110 to call 111 */
  readonly layer3_1_conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 117 to call 117 */
  readonly layer3_1_conv2_weight: Float32Array;
  /** f32[64], from call 110 to call 114 */
  readonly layer3_1_bn2_weight: Float32Array;
  /** f32[64], from call 110 to call 116 */
  readonly layer3_1_bn2_bias: Float32Array;
  /** f32[64], from call 110 to call 115 */
  readonly layer3_1_bn2_running_mean: Float32Array;
  /** f32[64], from call 110 to call 112 */
  readonly layer3_1_bn2_running_var: Float32Array;
  /** f32[64], from call 112 to call 113 */
  readonly layer3_1_bn2_add: Float32Array;
  /** f32[64], from call 113 to call 114 */
  readonly layer3_1_bn2: Float32Array;
  /** f32[64], from call 114 to call 117 */
  readonly layer3_1_bn2_scale: Float32Array;
  /** f32[64], from call 115 to call 116 */
  readonly layer3_1_bn2_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 117 to call 118 */
  readonly layer3_1_conv2_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 124 to call 124 */
  readonly layer3_2_conv1_weight: Float32Array;
  /** f32[64], from call 117 to call 121 */
  readonly layer3_2_bn1_weight: Float32Array;
  /** f32[64], from call 117 to call 123 */
  readonly layer3_2_bn1_bias: Float32Array;
  /** f32[64], from call 117 to call 122 */
  readonly layer3_2_bn1_running_mean: Float32Array;
  /** f32[64], from call 117 to call 119 */
  readonly layer3_2_bn1_running_var: Float32Array;
  /** f32[64], from call 119 to call 120 */
  readonly layer3_2_bn1_add: Float32Array;
  /** f32[64], from call 120 to call 121 */
  readonly layer3_2_bn1: Float32Array;
  /** f32[64], from call 121 to call 124 */
  readonly layer3_2_bn1_scale: Float32Array;
  /** f32[64], from call 122 to call 123 */
  readonly layer3_2_bn1_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 124 to call 125 */
  readonly layer3_2_conv1_weight_folded: Float32Array;
  /** f32[64,64,3,3], from call 131 to call 131 */
  readonly layer3_2_conv2_weight: Float32Array;
  /** f32[64], from call 124 to call 128 */
  readonly layer3_2_bn2_weight: Float32Array;
  /** f32[64], from call 124 to call 130 */
  readonly layer3_2_bn2_bias: Float32Array;
  /** f32[64], from call 124 to call 129 */
  readonly layer3_2_bn2_running_mean: Float32Array;
  /** f32[64], from call 124 to call 126 */
  readonly layer3_2_bn2_running_var: Float32Array;
  /** f32[64], from call 126 to call 127 */
  readonly layer3_2_bn2_add: Float32Array;
  /** f32[64], from call 127 to call 128 */
  readonly layer3_2_bn2: Float32Array;
  /** f32[64], from call 128 to call 131 */
  readonly layer3_2_bn2_scale: Float32Array;
  /** f32[64], from call 129 to call 130 */
  readonly layer3_2_bn2_shift_mul: Float32Array;
  /** f32[64,64,3,3], from call 131 to call 132 */
  readonly layer3_2_conv2_weight_folded: Float32Array;
}
/** Creates the memory of `prepare` and its views; offsets are in bytes. */
export declare function createStaged(): Staged;
/** All tensors, with their names and shapes, in the order in which `prepare` needs them. */
export declare function nameWeights(w: Weights, s: Staged): StagedTensor[];
