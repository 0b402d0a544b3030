// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 7 kernel calls, 429 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 * `k` holds the kernels; their arguments are addresses.
 */

import type { Kernels } from './kernels.js';
import { m, w } from './memory.js';

export function forward(k: Kernels): void {
  // convnet.c1 + relu (models/lenet5.ts:20): f32[1,6,28,28], 122 k multiply-adds
  k.conv2d_5x5_1to6_relu(m.image, w.convnet_c1_weight_ohwi8, w.convnet_c1_bias, m.convnet_c1);
  // maxPool (models/lenet5.ts:21): f32[1,6,14,14], 4.70 k multiply-adds
  k.maxPool_2x2_s2_6(m.convnet_c1, m.maxPool);
  // convnet.c3 + relu (models/lenet5.ts:22): f32[1,16,10,10], 242 k multiply-adds
  k.conv2d_5x5_6to16_relu(m.maxPool, w.convnet_c3_weight_ohwi8, w.convnet_c3_bias, m.convnet_c3);
  // maxPool2 (models/lenet5.ts:23): f32[1,16,5,5], 1.60 k multiply-adds
  k.maxPool_2x2_s2_16(m.convnet_c3, m.maxPool2);
  // convnet.c5 + relu (models/lenet5.ts:25): f32[1,120,1,1], 48.1 k multiply-adds
  k.conv2d_5x5_16to120_relu(m.maxPool2, w.convnet_c5_weight_ohwi8, w.convnet_c5_bias, m.convnet_c5);
  // fc.f6 + relu (models/lenet5.ts:27): f32[1,84], 10.2 k multiply-adds
  k.linear_120to84_relu(m.convnet_c5, w.fc_f6_weight, w.fc_f6_bias, m.fc_f6);
  // fc.f7 (models/lenet5.ts:28): f32[1,10], 840 multiply-adds
  k.linear_84to10(m.fc_f6, w.fc_f7_weight, w.fc_f7_bias, m.logits);
}
