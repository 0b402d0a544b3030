// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * The forward pass: reads the inputs from `m` and writes the outputs there.
 * 23 kernel calls, 1.82 G multiply-adds; `m` holds the activations, `w` holds packed weights and constants.
 */

import {
  conv2d_1x1_s2_128to256,
  conv2d_1x1_s2_256to512,
  conv2d_1x1_s2_64to128,
  conv2d_3x3_128to128_add_relu,
  conv2d_3x3_128to128_relu,
  conv2d_3x3_256to256_add_relu,
  conv2d_3x3_256to256_relu,
  conv2d_3x3_512to512_add_relu,
  conv2d_3x3_512to512_relu,
  conv2d_3x3_64to64_add_relu,
  conv2d_3x3_64to64_relu,
  conv2d_3x3_s2_128to256_relu,
  conv2d_3x3_s2_256to512_relu,
  conv2d_3x3_s2_64to128_relu,
  conv2d_7x7_s2_3to64_relu,
  globalAveragePool,
  linear_512to1000,
  maxPool_3x3_s2_64,
} from './kernels.js';
import type { Memory, Weights } from './memory.js';

export function forward(m: Memory, w: Weights): void {
  // conv1 with bn1 + relu (models/shared/resnet.ts:43): f32[1,64,112,112], 119 M multiply-adds
  conv2d_7x7_s2_3to64_relu(m.image, w.conv1_weight_folded_ohwi4, w.bn1_shift, m.conv1);
  // maxPool (models/shared/resnet.ts:45): f32[1,64,56,56], 1.81 M multiply-adds
  maxPool_3x3_s2_64(m.conv1, m.maxPool);
  // layer1.0.conv1 with layer1.0.bn1 + relu (models/shared/resnet.ts:16): f32[1,64,56,56], 116 M multiply-adds
  conv2d_3x3_64to64_relu(
    m.maxPool,
    w.layer1_0_conv1_weight_folded_ohwi4,
    w.layer1_0_bn1_shift,
    m.layer1_0_conv1,
  );
  // layer1.0.conv2 with layer1.0.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,64,56,56], 116 M multiply-adds
  conv2d_3x3_64to64_add_relu(
    m.layer1_0_conv1,
    w.layer1_0_conv2_weight_folded_ohwi4,
    w.layer1_0_bn2_shift,
    m.maxPool,
    m.layer1_0_conv2,
  );
  // layer1.1.conv1 with layer1.1.bn1 + relu (models/shared/resnet.ts:16): f32[1,64,56,56], 116 M multiply-adds
  conv2d_3x3_64to64_relu(
    m.layer1_0_conv2,
    w.layer1_1_conv1_weight_folded_ohwi4,
    w.layer1_1_bn1_shift,
    m.layer1_1_conv1,
  );
  // layer1.1.conv2 with layer1.1.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,64,56,56], 116 M multiply-adds
  conv2d_3x3_64to64_add_relu(
    m.layer1_1_conv1,
    w.layer1_1_conv2_weight_folded_ohwi4,
    w.layer1_1_bn2_shift,
    m.layer1_0_conv2,
    m.layer1_1_conv2,
  );
  // layer2.0.conv1 with layer2.0.bn1 + relu (models/shared/resnet.ts:16): f32[1,128,28,28], 57.9 M multiply-adds
  conv2d_3x3_s2_64to128_relu(
    m.layer1_1_conv2,
    w.layer2_0_conv1_weight_folded_ohwi4,
    w.layer2_0_bn1_shift,
    m.layer2_0_conv1,
  );
  // layer2.0.downsample.0 with layer2.0.downsample.1 (models/shared/resnet.ts:37): f32[1,128,28,28], 6.42 M multiply-adds
  conv2d_1x1_s2_64to128(
    m.layer1_1_conv2,
    w.layer2_0_downsample_0_weight_folded_ohwi4,
    w.layer2_0_downsample_1_shift,
    m.layer2_0_downsample_0,
  );
  // layer2.0.conv2 with layer2.0.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,128,28,28], 116 M multiply-adds
  conv2d_3x3_128to128_add_relu(
    m.layer2_0_conv1,
    w.layer2_0_conv2_weight_folded_ohwi4,
    w.layer2_0_bn2_shift,
    m.layer2_0_downsample_0,
    m.layer2_0_conv2,
  );
  // layer2.1.conv1 with layer2.1.bn1 + relu (models/shared/resnet.ts:16): f32[1,128,28,28], 116 M multiply-adds
  conv2d_3x3_128to128_relu(
    m.layer2_0_conv2,
    w.layer2_1_conv1_weight_folded_ohwi4,
    w.layer2_1_bn1_shift,
    m.layer2_1_conv1,
  );
  // layer2.1.conv2 with layer2.1.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,128,28,28], 116 M multiply-adds
  conv2d_3x3_128to128_add_relu(
    m.layer2_1_conv1,
    w.layer2_1_conv2_weight_folded_ohwi4,
    w.layer2_1_bn2_shift,
    m.layer2_0_conv2,
    m.layer2_1_conv2,
  );
  // layer3.0.conv1 with layer3.0.bn1 + relu (models/shared/resnet.ts:16): f32[1,256,14,14], 57.9 M multiply-adds
  conv2d_3x3_s2_128to256_relu(
    m.layer2_1_conv2,
    w.layer3_0_conv1_weight_folded_ohwi4,
    w.layer3_0_bn1_shift,
    m.layer3_0_conv1,
  );
  // layer3.0.downsample.0 with layer3.0.downsample.1 (models/shared/resnet.ts:37): f32[1,256,14,14], 6.42 M multiply-adds
  conv2d_1x1_s2_128to256(
    m.layer2_1_conv2,
    w.layer3_0_downsample_0_weight_folded_ohwi4,
    w.layer3_0_downsample_1_shift,
    m.layer3_0_downsample_0,
  );
  // layer3.0.conv2 with layer3.0.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,256,14,14], 116 M multiply-adds
  conv2d_3x3_256to256_add_relu(
    m.layer3_0_conv1,
    w.layer3_0_conv2_weight_folded_ohwi4,
    w.layer3_0_bn2_shift,
    m.layer3_0_downsample_0,
    m.layer3_0_conv2,
  );
  // layer3.1.conv1 with layer3.1.bn1 + relu (models/shared/resnet.ts:16): f32[1,256,14,14], 116 M multiply-adds
  conv2d_3x3_256to256_relu(
    m.layer3_0_conv2,
    w.layer3_1_conv1_weight_folded_ohwi4,
    w.layer3_1_bn1_shift,
    m.layer3_1_conv1,
  );
  // layer3.1.conv2 with layer3.1.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,256,14,14], 116 M multiply-adds
  conv2d_3x3_256to256_add_relu(
    m.layer3_1_conv1,
    w.layer3_1_conv2_weight_folded_ohwi4,
    w.layer3_1_bn2_shift,
    m.layer3_0_conv2,
    m.layer3_1_conv2,
  );
  // layer4.0.conv1 with layer4.0.bn1 + relu (models/shared/resnet.ts:16): f32[1,512,7,7], 57.8 M multiply-adds
  conv2d_3x3_s2_256to512_relu(
    m.layer3_1_conv2,
    w.layer4_0_conv1_weight_folded_ohwi4,
    w.layer4_0_bn1_shift,
    m.layer4_0_conv1,
  );
  // layer4.0.downsample.0 with layer4.0.downsample.1 (models/shared/resnet.ts:37): f32[1,512,7,7], 6.42 M multiply-adds
  conv2d_1x1_s2_256to512(
    m.layer3_1_conv2,
    w.layer4_0_downsample_0_weight_folded_ohwi4,
    w.layer4_0_downsample_1_shift,
    m.layer4_0_downsample_0,
  );
  // layer4.0.conv2 with layer4.0.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,512,7,7], 116 M multiply-adds
  conv2d_3x3_512to512_add_relu(
    m.layer4_0_conv1,
    w.layer4_0_conv2_weight_folded_ohwi4,
    w.layer4_0_bn2_shift,
    m.layer4_0_downsample_0,
    m.layer4_0_conv2,
  );
  // layer4.1.conv1 with layer4.1.bn1 + relu (models/shared/resnet.ts:16): f32[1,512,7,7], 116 M multiply-adds
  conv2d_3x3_512to512_relu(
    m.layer4_0_conv2,
    w.layer4_1_conv1_weight_folded_ohwi4,
    w.layer4_1_bn1_shift,
    m.layer4_1_conv1,
  );
  // layer4.1.conv2 with layer4.1.bn2 + add + relu (models/shared/resnet.ts:18): f32[1,512,7,7], 116 M multiply-adds
  conv2d_3x3_512to512_add_relu(
    m.layer4_1_conv1,
    w.layer4_1_conv2_weight_folded_ohwi4,
    w.layer4_1_bn2_shift,
    m.layer4_0_conv2,
    m.layer4_1_conv2,
  );
  // globalAveragePool (models/shared/resnet.ts:52): f32[1,512,1,1], 25.1 k multiply-adds
  globalAveragePool(m.layer4_1_conv2, m.globalAveragePool);
  // fc (models/shared/resnet.ts:52): f32[1,1000], 512 k multiply-adds
  linear_512to1000(m.globalAveragePool, w.fc_weight, w.fc_bias, m.logits);
}
