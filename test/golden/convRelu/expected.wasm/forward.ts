// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 1 kernel call, 2.38 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 * `k` holds the kernels; their arguments are addresses.
 */

import type { Kernels } from './kernels.js';
import { m, w } from './memory.js';

export function forward(k: Kernels): void {
  // conv + relu (test/golden/convRelu/model.ts:8): f32[1,5,5,5], 2.38 k multiply-adds
  k.conv2d_3x3_2to5_relu(m.image, w.conv_weight_ohwi8, w.conv_bias, m.conv_strip, m.features);
}
