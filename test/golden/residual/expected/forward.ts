// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 4 kernel calls, 21.6 k multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import {
  conv2d_3x3_4to4_add_relu_1x4x6x6,
  conv2d_3x3_4to4_add_relu_1x4x6x6_v2,
  conv2d_3x3_4to4_relu_1x4x6x6,
  conv2d_3x3_4to4_relu_1x4x6x6_v2,
} from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // layer1.0.conv1 with layer1.0.bn1 + relu (test/golden/residual/model.ts:6): f32[1,4,6,6], 5.33 k multiply-adds
  conv2d_3x3_4to4_relu_1x4x6x6(
    m.image,
    w.layer1_0_conv1_weight_folded_ohwi4,
    w.layer1_0_bn1_shift,
    m.layer1_0_conv1,
  );
  // layer1.0.conv2 with layer1.0.bn2 + add + relu (test/golden/residual/model.ts:7): f32[1,4,6,6], 5.47 k multiply-adds
  conv2d_3x3_4to4_add_relu_1x4x6x6(
    m.layer1_0_conv1,
    w.layer1_0_conv2_weight_folded_ohwi4,
    w.layer1_0_bn2_shift,
    m.image,
    m.layer1_0_conv2,
  );
  // layer1.1.conv1 with layer1.1.bn1 + relu (test/golden/residual/model.ts:6): f32[1,4,6,6], 5.33 k multiply-adds
  conv2d_3x3_4to4_relu_1x4x6x6_v2(
    m.layer1_0_conv2,
    w.layer1_1_conv1_weight_folded_ohwi4,
    w.layer1_1_bn1_shift,
    m.layer1_1_conv1,
  );
  // layer1.1.conv2 with layer1.1.bn2 + add + relu (test/golden/residual/model.ts:7): f32[1,4,6,6], 5.47 k multiply-adds
  conv2d_3x3_4to4_add_relu_1x4x6x6_v2(
    m.layer1_1_conv1,
    w.layer1_1_conv2_weight_folded_ohwi4,
    w.layer1_1_bn2_shift,
    m.layer1_0_conv2,
    m.features,
  );
}
