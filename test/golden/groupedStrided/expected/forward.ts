// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 2 kernel calls, 3.58 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import { conv2d_3x3_s2_4to8_g2_relu, depthwise_3x3_8 } from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // grouped + relu (test/golden/groupedStrided/model.ts:9): f32[1,8,4,4], 2.43 k multiply-adds
  conv2d_3x3_s2_4to8_g2_relu(m.image, w.grouped_weight_ohwi4, w.grouped_bias, m.grouped);
  // depthwise (test/golden/groupedStrided/model.ts:10): f32[1,8,4,4], 1.15 k multiply-adds
  depthwise_3x3_8(m.grouped, w.depthwise_weight, w.depthwise_bias, m.features);
}
