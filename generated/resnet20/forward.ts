// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 23 kernel calls, 40.8 M multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import {
  conv2d_3x3_16to16_add_relu,
  conv2d_3x3_16to16_relu,
  conv2d_3x3_32to32_add_relu,
  conv2d_3x3_32to32_relu,
  conv2d_3x3_3to16_relu,
  conv2d_3x3_64to64_add_relu,
  conv2d_3x3_64to64_relu,
  conv2d_3x3_s2_16to32_relu,
  conv2d_3x3_s2_32to64_relu,
  globalAveragePool,
  linear_64to10,
  pad_16x16,
  pad_8x8,
} from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // conv1 with bn1 + relu (models/shared/cifarResnet.ts:40): f32[1,16,32,32], 459 k multiply-adds
  conv2d_3x3_3to16_relu(m.image, w.conv1_weight_folded_ohwi4, w.bn1_shift, m.conv1);
  // layer1.0.conv1 with layer1.0.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,16,32,32], 2.38 M multiply-adds
  conv2d_3x3_16to16_relu(
    m.conv1,
    w.layer1_0_conv1_weight_folded_ohwi4,
    w.layer1_0_bn1_shift,
    m.layer1_0_conv1,
  );
  // layer1.0.conv2 with layer1.0.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,16,32,32], 2.39 M multiply-adds
  conv2d_3x3_16to16_add_relu(
    m.layer1_0_conv1,
    w.layer1_0_conv2_weight_folded_ohwi4,
    w.layer1_0_bn2_shift,
    m.conv1,
    m.layer1_0_conv2,
  );
  // layer1.1.conv1 with layer1.1.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,16,32,32], 2.38 M multiply-adds
  conv2d_3x3_16to16_relu(
    m.layer1_0_conv2,
    w.layer1_1_conv1_weight_folded_ohwi4,
    w.layer1_1_bn1_shift,
    m.layer1_1_conv1,
  );
  // layer1.1.conv2 with layer1.1.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,16,32,32], 2.39 M multiply-adds
  conv2d_3x3_16to16_add_relu(
    m.layer1_1_conv1,
    w.layer1_1_conv2_weight_folded_ohwi4,
    w.layer1_1_bn2_shift,
    m.layer1_0_conv2,
    m.layer1_1_conv2,
  );
  // layer1.2.conv1 with layer1.2.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,16,32,32], 2.38 M multiply-adds
  conv2d_3x3_16to16_relu(
    m.layer1_1_conv2,
    w.layer1_2_conv1_weight_folded_ohwi4,
    w.layer1_2_bn1_shift,
    m.layer1_2_conv1,
  );
  // layer1.2.conv2 with layer1.2.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,16,32,32], 2.39 M multiply-adds
  conv2d_3x3_16to16_add_relu(
    m.layer1_2_conv1,
    w.layer1_2_conv2_weight_folded_ohwi4,
    w.layer1_2_bn2_shift,
    m.layer1_1_conv2,
    m.layer1_2_conv2,
  );
  // layer2.0.conv1 with layer2.0.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,32,16,16], 1.19 M multiply-adds
  conv2d_3x3_s2_16to32_relu(
    m.layer1_2_conv2,
    w.layer2_0_conv1_weight_folded_ohwi4,
    w.layer2_0_bn1_shift,
    m.layer2_0_conv1,
  );
  // layer2.0.pad (models/shared/cifarResnet.ts:68): f32[1,32,16,16]
  pad_16x16(m.layer2_0_slice, m.layer2_0_pad);
  // layer2.0.conv2 with layer2.0.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,32,16,16], 2.38 M multiply-adds
  conv2d_3x3_32to32_add_relu(
    m.layer2_0_conv1,
    w.layer2_0_conv2_weight_folded_ohwi4,
    w.layer2_0_bn2_shift,
    m.layer2_0_pad,
    m.layer2_0_conv2,
  );
  // layer2.1.conv1 with layer2.1.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,32,16,16], 2.37 M multiply-adds
  conv2d_3x3_32to32_relu(
    m.layer2_0_conv2,
    w.layer2_1_conv1_weight_folded_ohwi4,
    w.layer2_1_bn1_shift,
    m.layer2_1_conv1,
  );
  // layer2.1.conv2 with layer2.1.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,32,16,16], 2.38 M multiply-adds
  conv2d_3x3_32to32_add_relu(
    m.layer2_1_conv1,
    w.layer2_1_conv2_weight_folded_ohwi4,
    w.layer2_1_bn2_shift,
    m.layer2_0_conv2,
    m.layer2_1_conv2,
  );
  // layer2.2.conv1 with layer2.2.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,32,16,16], 2.37 M multiply-adds
  conv2d_3x3_32to32_relu(
    m.layer2_1_conv2,
    w.layer2_2_conv1_weight_folded_ohwi4,
    w.layer2_2_bn1_shift,
    m.layer2_2_conv1,
  );
  // layer2.2.conv2 with layer2.2.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,32,16,16], 2.38 M multiply-adds
  conv2d_3x3_32to32_add_relu(
    m.layer2_2_conv1,
    w.layer2_2_conv2_weight_folded_ohwi4,
    w.layer2_2_bn2_shift,
    m.layer2_1_conv2,
    m.layer2_2_conv2,
  );
  // layer3.0.conv1 with layer3.0.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,64,8,8], 1.18 M multiply-adds
  conv2d_3x3_s2_32to64_relu(
    m.layer2_2_conv2,
    w.layer3_0_conv1_weight_folded_ohwi4,
    w.layer3_0_bn1_shift,
    m.layer3_0_conv1,
  );
  // layer3.0.pad (models/shared/cifarResnet.ts:68): f32[1,64,8,8]
  pad_8x8(m.layer3_0_slice, m.layer3_0_pad);
  // layer3.0.conv2 with layer3.0.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,64,8,8], 2.37 M multiply-adds
  conv2d_3x3_64to64_add_relu(
    m.layer3_0_conv1,
    w.layer3_0_conv2_weight_folded_ohwi4,
    w.layer3_0_bn2_shift,
    m.layer3_0_pad,
    m.layer3_0_conv2,
  );
  // layer3.1.conv1 with layer3.1.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,64,8,8], 2.36 M multiply-adds
  conv2d_3x3_64to64_relu(
    m.layer3_0_conv2,
    w.layer3_1_conv1_weight_folded_ohwi4,
    w.layer3_1_bn1_shift,
    m.layer3_1_conv1,
  );
  // layer3.1.conv2 with layer3.1.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,64,8,8], 2.37 M multiply-adds
  conv2d_3x3_64to64_add_relu(
    m.layer3_1_conv1,
    w.layer3_1_conv2_weight_folded_ohwi4,
    w.layer3_1_bn2_shift,
    m.layer3_0_conv2,
    m.layer3_1_conv2,
  );
  // layer3.2.conv1 with layer3.2.bn1 + relu (models/shared/cifarResnet.ts:56): f32[1,64,8,8], 2.36 M multiply-adds
  conv2d_3x3_64to64_relu(
    m.layer3_1_conv2,
    w.layer3_2_conv1_weight_folded_ohwi4,
    w.layer3_2_bn1_shift,
    m.layer3_2_conv1,
  );
  // layer3.2.conv2 with layer3.2.bn2 + add + relu (models/shared/cifarResnet.ts:58): f32[1,64,8,8], 2.37 M multiply-adds
  conv2d_3x3_64to64_add_relu(
    m.layer3_2_conv1,
    w.layer3_2_conv2_weight_folded_ohwi4,
    w.layer3_2_bn2_shift,
    m.layer3_1_conv2,
    m.layer3_2_conv2,
  );
  // globalAveragePool (models/shared/cifarResnet.ts:48): f32[1,64,1,1], 4.10 k multiply-adds
  globalAveragePool(m.layer3_2_conv2, m.globalAveragePool);
  // linear (models/shared/cifarResnet.ts:49): f32[1,10], 640 multiply-adds
  linear_64to10(m.globalAveragePool, w.linear_weight, w.linear_bias, m.logits);
}
