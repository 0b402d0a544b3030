/**
 * Folds and packs the parameters for the other phases.
 * 3 kernel calls, 0 multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 * `k` holds the kernels; their arguments are addresses.
 */

import { w } from './memory.js';
import { s } from './parameters.js';

/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export function* prepare(k) {
  yield ['convnet.c1.weight', 'convnet.c3.weight'];
  // convnet_c1_weight repacked to ohwi8 (models/lenet5.ts:20): f32[6,1,5,5]
  k.repack_rowMajor_to_ohwi8_6x1x5x5(s.convnet_c1_weight, w.convnet_c1_weight_ohwi8);
  // convnet_c3_weight repacked to ohwi8 (models/lenet5.ts:22): f32[16,6,5,5]
  k.repack_rowMajor_to_ohwi8_16x6x5x5(s.convnet_c3_weight, w.convnet_c3_weight_ohwi8);
  yield ['convnet.c5.weight'];
  // convnet_c5_weight repacked to ohwi8 (models/lenet5.ts:25): f32[120,16,5,5]
  k.repack_rowMajor_to_ohwi8_120x16x5x5(s.convnet_c5_weight, w.convnet_c5_weight_ohwi8);
}
