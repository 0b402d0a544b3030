/**
 * Folds and packs the parameters for the other phases.
 * 5 kernel calls, 0 multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 */

import * as k from './kernels.js';
import { w } from './memory.js';
import { s } from './parameters.js';

/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export function* prepare(dispatch) {
  yield ['convnet.c1.weight', 'convnet.c1.bias', 'convnet.c3.weight'];
  // convnet_c1_weight repacked to ohwi8 (models/lenet5.ts:20): f32[6,1,5,5]
  dispatch('convnet_c1_weight repacked to ohwi8', k.repack_rowMajor_to_ohwi8_part1, [
    s.convnet_c1_weight,
    w.convnet_c1_weight_ohwi8,
  ]);
  dispatch('convnet_c1_weight repacked to ohwi8', k.repack_rowMajor_to_ohwi8_part2, [
    s.convnet_c1_weight,
    w.convnet_c1_weight_ohwi8,
  ]);
  dispatch('convnet_c1_weight repacked to ohwi8', k.repack_rowMajor_to_ohwi8_part3, [
    s.convnet_c1_weight,
    w.convnet_c1_weight_ohwi8,
  ]);
  // convnet_c1_bias repacked to o8 (models/lenet5.ts:20): f32[6]
  dispatch('convnet_c1_bias repacked to o8', k.repack_rowMajor_to_o8, [
    s.convnet_c1_bias,
    w.convnet_c1_bias_o8,
  ]);
  // convnet_c3_weight repacked to ohwi16 (models/lenet5.ts:22): f32[16,6,5,5]
  dispatch('convnet_c3_weight repacked to ohwi16', k.repack_rowMajor_to_ohwi16_16x6x5x5, [
    s.convnet_c3_weight,
    w.convnet_c3_weight_ohwi16,
  ]);
  yield ['convnet.c5.weight', 'convnet.c5.bias'];
  // convnet_c5_weight repacked to ohwi16 (models/lenet5.ts:25): f32[120,16,5,5]
  dispatch('convnet_c5_weight repacked to ohwi16', k.repack_rowMajor_to_ohwi16_120x16x5x5_part1, [
    s.convnet_c5_weight,
    w.convnet_c5_weight_ohwi16,
  ]);
  dispatch('convnet_c5_weight repacked to ohwi16', k.repack_rowMajor_to_ohwi16_120x16x5x5_part2, [
    s.convnet_c5_weight,
    w.convnet_c5_weight_ohwi16,
  ]);
  dispatch('convnet_c5_weight repacked to ohwi16', k.repack_rowMajor_to_ohwi16_120x16x5x5_part3, [
    s.convnet_c5_weight,
    w.convnet_c5_weight_ohwi16,
  ]);
  // convnet_c5_bias repacked to o16 (models/lenet5.ts:25): f32[120]
  dispatch('convnet_c5_bias repacked to o16', k.repack_rowMajor_to_o16, [
    s.convnet_c5_bias,
    w.convnet_c5_bias_o16,
  ]);
}
