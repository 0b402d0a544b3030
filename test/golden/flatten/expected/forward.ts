// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 2 kernel calls, 104 multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import { conv2d_3x3_1to2_relu, linear_8to3 } from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // conv + relu (test/golden/flatten/model.ts:8): f32[1,2,2,2], 80 multiply-adds
  conv2d_3x3_1to2_relu(m.image, w.conv_weight_ohwi4, w.conv_bias, m.conv);
  // fc (test/golden/flatten/model.ts:9): f32[1,3], 24 multiply-adds
  linear_8to3(m.conv, w.fc_weight, w.fc_bias, m.logits);
}
