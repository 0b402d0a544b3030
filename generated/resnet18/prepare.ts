// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * Folds and packs the parameters for the other phases.
 * 140 kernel calls, 11.2 M multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 */

import {
  add_128,
  add_256,
  add_512,
  add_64,
  div_128,
  div_256,
  div_512,
  div_64,
  mul_128,
  mul_128x128x3x3,
  mul_128x64x1x1,
  mul_128x64x3x3,
  mul_256,
  mul_256x128x1x1,
  mul_256x128x3x3,
  mul_256x256x3x3,
  mul_512,
  mul_512x256x1x1,
  mul_512x256x3x3,
  mul_512x512x3x3,
  mul_64,
  mul_64x3x7x7,
  mul_64x64x3x3,
  repack_rowMajor_to_ohwi4_128x128x3x3,
  repack_rowMajor_to_ohwi4_128x64x1x1,
  repack_rowMajor_to_ohwi4_128x64x3x3,
  repack_rowMajor_to_ohwi4_256x128x1x1,
  repack_rowMajor_to_ohwi4_256x128x3x3,
  repack_rowMajor_to_ohwi4_256x256x3x3,
  repack_rowMajor_to_ohwi4_512x256x1x1,
  repack_rowMajor_to_ohwi4_512x256x3x3,
  repack_rowMajor_to_ohwi4_512x512x3x3,
  repack_rowMajor_to_ohwi4_64x3x7x7,
  repack_rowMajor_to_ohwi4_64x64x3x3,
  sqrt_128,
  sqrt_256,
  sqrt_512,
  sqrt_64,
  sub_128,
  sub_256,
  sub_512,
  sub_64,
} from './kernels.js';
import type { Weights } from './memory.js';
import type { Staged } from './parameters.js';

/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export function* prepare(w: Weights, s: Staged): Generator<readonly string[], void> {
  yield [
    'bn1.running_var',
    'bn1.weight',
    'bn1.running_mean',
    'bn1.bias',
    'conv1.weight',
    'layer1.0.bn1.running_var',
    'layer1.0.bn1.weight',
    'layer1.0.bn1.running_mean',
    'layer1.0.bn1.bias',
  ];
  // bn1 (models/shared/resnet.ts:44): f32[64], 64 multiply-adds
  add_64(s.bn1_running_var, s.bn1_add);
  // bn1 (models/shared/resnet.ts:44): f32[64], 64 multiply-adds
  sqrt_64(s.bn1_add, s.bn1);
  // bn1.scale (models/shared/resnet.ts:44): f32[64], 64 multiply-adds
  div_64(s.bn1_weight, s.bn1, s.bn1_scale);
  // bn1.shift (models/shared/resnet.ts:44): f32[64], 64 multiply-adds
  mul_64(s.bn1_running_mean, s.bn1_scale, s.bn1_shift_mul);
  // bn1.shift (models/shared/resnet.ts:44): f32[64], 64 multiply-adds
  sub_64(s.bn1_bias, s.bn1_shift_mul, w.bn1_shift);
  // conv1.weight.folded (models/shared/resnet.ts:43): f32[64,3,7,7], 9.41 k multiply-adds
  mul_64x3x7x7(s.conv1_weight, s.bn1_scale, s.conv1_weight_folded);
  // conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:43): f32[64,3,7,7]
  repack_rowMajor_to_ohwi4_64x3x7x7(s.conv1_weight_folded, w.conv1_weight_folded_ohwi4);
  // layer1.0.bn1 (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  add_64(s.layer1_0_bn1_running_var, s.layer1_0_bn1_add);
  // layer1.0.bn1 (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  sqrt_64(s.layer1_0_bn1_add, s.layer1_0_bn1);
  // layer1.0.bn1.scale (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  div_64(s.layer1_0_bn1_weight, s.layer1_0_bn1, s.layer1_0_bn1_scale);
  // layer1.0.bn1.shift (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  mul_64(s.layer1_0_bn1_running_mean, s.layer1_0_bn1_scale, s.layer1_0_bn1_shift_mul);
  // layer1.0.bn1.shift (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  sub_64(s.layer1_0_bn1_bias, s.layer1_0_bn1_shift_mul, w.layer1_0_bn1_shift);
  yield [
    'layer1.0.conv1.weight',
    'layer1.0.bn2.running_var',
    'layer1.0.bn2.weight',
    'layer1.0.bn2.running_mean',
    'layer1.0.bn2.bias',
  ];
  // layer1.0.conv1.weight.folded (models/shared/resnet.ts:16): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer1_0_conv1_weight, s.layer1_0_bn1_scale, s.layer1_0_conv1_weight_folded);
  // layer1_0_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer1_0_conv1_weight_folded, w.layer1_0_conv1_weight_folded_ohwi4);
  // layer1.0.bn2 (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  add_64(s.layer1_0_bn2_running_var, s.layer1_0_bn2_add);
  // layer1.0.bn2 (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  sqrt_64(s.layer1_0_bn2_add, s.layer1_0_bn2);
  // layer1.0.bn2.scale (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  div_64(s.layer1_0_bn2_weight, s.layer1_0_bn2, s.layer1_0_bn2_scale);
  // layer1.0.bn2.shift (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  mul_64(s.layer1_0_bn2_running_mean, s.layer1_0_bn2_scale, s.layer1_0_bn2_shift_mul);
  // layer1.0.bn2.shift (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  sub_64(s.layer1_0_bn2_bias, s.layer1_0_bn2_shift_mul, w.layer1_0_bn2_shift);
  yield [
    'layer1.0.conv2.weight',
    'layer1.1.bn1.running_var',
    'layer1.1.bn1.weight',
    'layer1.1.bn1.running_mean',
    'layer1.1.bn1.bias',
  ];
  // layer1.0.conv2.weight.folded (models/shared/resnet.ts:18): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer1_0_conv2_weight, s.layer1_0_bn2_scale, s.layer1_0_conv2_weight_folded);
  // layer1_0_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer1_0_conv2_weight_folded, w.layer1_0_conv2_weight_folded_ohwi4);
  // layer1.1.bn1 (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  add_64(s.layer1_1_bn1_running_var, s.layer1_1_bn1_add);
  // layer1.1.bn1 (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  sqrt_64(s.layer1_1_bn1_add, s.layer1_1_bn1);
  // layer1.1.bn1.scale (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  div_64(s.layer1_1_bn1_weight, s.layer1_1_bn1, s.layer1_1_bn1_scale);
  // layer1.1.bn1.shift (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  mul_64(s.layer1_1_bn1_running_mean, s.layer1_1_bn1_scale, s.layer1_1_bn1_shift_mul);
  // layer1.1.bn1.shift (models/shared/resnet.ts:17): f32[64], 64 multiply-adds
  sub_64(s.layer1_1_bn1_bias, s.layer1_1_bn1_shift_mul, w.layer1_1_bn1_shift);
  yield [
    'layer1.1.conv1.weight',
    'layer1.1.bn2.running_var',
    'layer1.1.bn2.weight',
    'layer1.1.bn2.running_mean',
    'layer1.1.bn2.bias',
  ];
  // layer1.1.conv1.weight.folded (models/shared/resnet.ts:16): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer1_1_conv1_weight, s.layer1_1_bn1_scale, s.layer1_1_conv1_weight_folded);
  // layer1_1_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer1_1_conv1_weight_folded, w.layer1_1_conv1_weight_folded_ohwi4);
  // layer1.1.bn2 (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  add_64(s.layer1_1_bn2_running_var, s.layer1_1_bn2_add);
  // layer1.1.bn2 (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  sqrt_64(s.layer1_1_bn2_add, s.layer1_1_bn2);
  // layer1.1.bn2.scale (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  div_64(s.layer1_1_bn2_weight, s.layer1_1_bn2, s.layer1_1_bn2_scale);
  // layer1.1.bn2.shift (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  mul_64(s.layer1_1_bn2_running_mean, s.layer1_1_bn2_scale, s.layer1_1_bn2_shift_mul);
  // layer1.1.bn2.shift (models/shared/resnet.ts:19): f32[64], 64 multiply-adds
  sub_64(s.layer1_1_bn2_bias, s.layer1_1_bn2_shift_mul, w.layer1_1_bn2_shift);
  yield [
    'layer1.1.conv2.weight',
    'layer2.0.bn1.running_var',
    'layer2.0.bn1.weight',
    'layer2.0.bn1.running_mean',
    'layer2.0.bn1.bias',
  ];
  // layer1.1.conv2.weight.folded (models/shared/resnet.ts:18): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer1_1_conv2_weight, s.layer1_1_bn2_scale, s.layer1_1_conv2_weight_folded);
  // layer1_1_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer1_1_conv2_weight_folded, w.layer1_1_conv2_weight_folded_ohwi4);
  // layer2.0.bn1 (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  add_128(s.layer2_0_bn1_running_var, s.layer2_0_bn1_add);
  // layer2.0.bn1 (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  sqrt_128(s.layer2_0_bn1_add, s.layer2_0_bn1);
  // layer2.0.bn1.scale (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  div_128(s.layer2_0_bn1_weight, s.layer2_0_bn1, s.layer2_0_bn1_scale);
  // layer2.0.bn1.shift (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  mul_128(s.layer2_0_bn1_running_mean, s.layer2_0_bn1_scale, s.layer2_0_bn1_shift_mul);
  // layer2.0.bn1.shift (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  sub_128(s.layer2_0_bn1_bias, s.layer2_0_bn1_shift_mul, w.layer2_0_bn1_shift);
  yield [
    'layer2.0.conv1.weight',
    'layer2.0.bn2.running_var',
    'layer2.0.bn2.weight',
    'layer2.0.bn2.running_mean',
    'layer2.0.bn2.bias',
  ];
  // layer2.0.conv1.weight.folded (models/shared/resnet.ts:16): f32[128,64,3,3], 73.7 k multiply-adds
  mul_128x64x3x3(s.layer2_0_conv1_weight, s.layer2_0_bn1_scale, s.layer2_0_conv1_weight_folded);
  // layer2_0_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[128,64,3,3]
  repack_rowMajor_to_ohwi4_128x64x3x3(s.layer2_0_conv1_weight_folded, w.layer2_0_conv1_weight_folded_ohwi4);
  // layer2.0.bn2 (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  add_128(s.layer2_0_bn2_running_var, s.layer2_0_bn2_add);
  // layer2.0.bn2 (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  sqrt_128(s.layer2_0_bn2_add, s.layer2_0_bn2);
  // layer2.0.bn2.scale (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  div_128(s.layer2_0_bn2_weight, s.layer2_0_bn2, s.layer2_0_bn2_scale);
  // layer2.0.bn2.shift (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  mul_128(s.layer2_0_bn2_running_mean, s.layer2_0_bn2_scale, s.layer2_0_bn2_shift_mul);
  // layer2.0.bn2.shift (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  sub_128(s.layer2_0_bn2_bias, s.layer2_0_bn2_shift_mul, w.layer2_0_bn2_shift);
  yield [
    'layer2.0.conv2.weight',
    'layer2.0.downsample.1.running_var',
    'layer2.0.downsample.1.weight',
    'layer2.0.downsample.1.running_mean',
    'layer2.0.downsample.1.bias',
  ];
  // layer2.0.conv2.weight.folded (models/shared/resnet.ts:18): f32[128,128,3,3], 147 k multiply-adds
  mul_128x128x3x3(s.layer2_0_conv2_weight, s.layer2_0_bn2_scale, s.layer2_0_conv2_weight_folded);
  // layer2.0.downsample.1 (models/shared/resnet.ts:38): f32[128], 128 multiply-adds
  add_128(s.layer2_0_downsample_1_running_var, s.layer2_0_downsample_1_add);
  // layer2.0.downsample.1 (models/shared/resnet.ts:38): f32[128], 128 multiply-adds
  sqrt_128(s.layer2_0_downsample_1_add, s.layer2_0_downsample_1);
  // layer2.0.downsample.1.scale (models/shared/resnet.ts:38): f32[128], 128 multiply-adds
  div_128(s.layer2_0_downsample_1_weight, s.layer2_0_downsample_1, s.layer2_0_downsample_1_scale);
  // layer2.0.downsample.1.shift (models/shared/resnet.ts:38): f32[128], 128 multiply-adds
  mul_128(
    s.layer2_0_downsample_1_running_mean,
    s.layer2_0_downsample_1_scale,
    s.layer2_0_downsample_1_shift_mul,
  );
  // layer2.0.downsample.1.shift (models/shared/resnet.ts:38): f32[128], 128 multiply-adds
  sub_128(s.layer2_0_downsample_1_bias, s.layer2_0_downsample_1_shift_mul, w.layer2_0_downsample_1_shift);
  yield [
    'layer2.0.downsample.0.weight',
    'layer2.1.bn1.running_var',
    'layer2.1.bn1.weight',
    'layer2.1.bn1.running_mean',
    'layer2.1.bn1.bias',
  ];
  // layer2.0.downsample.0.weight.folded (models/shared/resnet.ts:37): f32[128,64,1,1], 8.19 k multiply-adds
  mul_128x64x1x1(
    s.layer2_0_downsample_0_weight,
    s.layer2_0_downsample_1_scale,
    s.layer2_0_downsample_0_weight_folded,
  );
  // layer2_0_downsample_0_weight_folded repacked to ohwi4 (models/shared/resnet.ts:37): f32[128,64,1,1]
  repack_rowMajor_to_ohwi4_128x64x1x1(
    s.layer2_0_downsample_0_weight_folded,
    w.layer2_0_downsample_0_weight_folded_ohwi4,
  );
  // layer2_0_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[128,128,3,3]
  repack_rowMajor_to_ohwi4_128x128x3x3(s.layer2_0_conv2_weight_folded, w.layer2_0_conv2_weight_folded_ohwi4);
  // layer2.1.bn1 (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  add_128(s.layer2_1_bn1_running_var, s.layer2_1_bn1_add);
  // layer2.1.bn1 (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  sqrt_128(s.layer2_1_bn1_add, s.layer2_1_bn1);
  // layer2.1.bn1.scale (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  div_128(s.layer2_1_bn1_weight, s.layer2_1_bn1, s.layer2_1_bn1_scale);
  // layer2.1.bn1.shift (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  mul_128(s.layer2_1_bn1_running_mean, s.layer2_1_bn1_scale, s.layer2_1_bn1_shift_mul);
  // layer2.1.bn1.shift (models/shared/resnet.ts:17): f32[128], 128 multiply-adds
  sub_128(s.layer2_1_bn1_bias, s.layer2_1_bn1_shift_mul, w.layer2_1_bn1_shift);
  yield [
    'layer2.1.conv1.weight',
    'layer2.1.bn2.running_var',
    'layer2.1.bn2.weight',
    'layer2.1.bn2.running_mean',
    'layer2.1.bn2.bias',
  ];
  // layer2.1.conv1.weight.folded (models/shared/resnet.ts:16): f32[128,128,3,3], 147 k multiply-adds
  mul_128x128x3x3(s.layer2_1_conv1_weight, s.layer2_1_bn1_scale, s.layer2_1_conv1_weight_folded);
  // layer2_1_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[128,128,3,3]
  repack_rowMajor_to_ohwi4_128x128x3x3(s.layer2_1_conv1_weight_folded, w.layer2_1_conv1_weight_folded_ohwi4);
  // layer2.1.bn2 (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  add_128(s.layer2_1_bn2_running_var, s.layer2_1_bn2_add);
  // layer2.1.bn2 (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  sqrt_128(s.layer2_1_bn2_add, s.layer2_1_bn2);
  // layer2.1.bn2.scale (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  div_128(s.layer2_1_bn2_weight, s.layer2_1_bn2, s.layer2_1_bn2_scale);
  // layer2.1.bn2.shift (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  mul_128(s.layer2_1_bn2_running_mean, s.layer2_1_bn2_scale, s.layer2_1_bn2_shift_mul);
  // layer2.1.bn2.shift (models/shared/resnet.ts:19): f32[128], 128 multiply-adds
  sub_128(s.layer2_1_bn2_bias, s.layer2_1_bn2_shift_mul, w.layer2_1_bn2_shift);
  yield [
    'layer2.1.conv2.weight',
    'layer3.0.bn1.running_var',
    'layer3.0.bn1.weight',
    'layer3.0.bn1.running_mean',
    'layer3.0.bn1.bias',
  ];
  // layer2.1.conv2.weight.folded (models/shared/resnet.ts:18): f32[128,128,3,3], 147 k multiply-adds
  mul_128x128x3x3(s.layer2_1_conv2_weight, s.layer2_1_bn2_scale, s.layer2_1_conv2_weight_folded);
  // layer2_1_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[128,128,3,3]
  repack_rowMajor_to_ohwi4_128x128x3x3(s.layer2_1_conv2_weight_folded, w.layer2_1_conv2_weight_folded_ohwi4);
  // layer3.0.bn1 (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  add_256(s.layer3_0_bn1_running_var, s.layer3_0_bn1_add);
  // layer3.0.bn1 (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  sqrt_256(s.layer3_0_bn1_add, s.layer3_0_bn1);
  // layer3.0.bn1.scale (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  div_256(s.layer3_0_bn1_weight, s.layer3_0_bn1, s.layer3_0_bn1_scale);
  // layer3.0.bn1.shift (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  mul_256(s.layer3_0_bn1_running_mean, s.layer3_0_bn1_scale, s.layer3_0_bn1_shift_mul);
  // layer3.0.bn1.shift (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  sub_256(s.layer3_0_bn1_bias, s.layer3_0_bn1_shift_mul, w.layer3_0_bn1_shift);
  yield [
    'layer3.0.conv1.weight',
    'layer3.0.bn2.running_var',
    'layer3.0.bn2.weight',
    'layer3.0.bn2.running_mean',
    'layer3.0.bn2.bias',
  ];
  // layer3.0.conv1.weight.folded (models/shared/resnet.ts:16): f32[256,128,3,3], 295 k multiply-adds
  mul_256x128x3x3(s.layer3_0_conv1_weight, s.layer3_0_bn1_scale, s.layer3_0_conv1_weight_folded);
  // layer3_0_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[256,128,3,3]
  repack_rowMajor_to_ohwi4_256x128x3x3(s.layer3_0_conv1_weight_folded, w.layer3_0_conv1_weight_folded_ohwi4);
  // layer3.0.bn2 (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  add_256(s.layer3_0_bn2_running_var, s.layer3_0_bn2_add);
  // layer3.0.bn2 (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  sqrt_256(s.layer3_0_bn2_add, s.layer3_0_bn2);
  // layer3.0.bn2.scale (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  div_256(s.layer3_0_bn2_weight, s.layer3_0_bn2, s.layer3_0_bn2_scale);
  // layer3.0.bn2.shift (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  mul_256(s.layer3_0_bn2_running_mean, s.layer3_0_bn2_scale, s.layer3_0_bn2_shift_mul);
  // layer3.0.bn2.shift (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  sub_256(s.layer3_0_bn2_bias, s.layer3_0_bn2_shift_mul, w.layer3_0_bn2_shift);
  yield [
    'layer3.0.conv2.weight',
    'layer3.0.downsample.1.running_var',
    'layer3.0.downsample.1.weight',
    'layer3.0.downsample.1.running_mean',
    'layer3.0.downsample.1.bias',
  ];
  // layer3.0.conv2.weight.folded (models/shared/resnet.ts:18): f32[256,256,3,3], 590 k multiply-adds
  mul_256x256x3x3(s.layer3_0_conv2_weight, s.layer3_0_bn2_scale, s.layer3_0_conv2_weight_folded);
  // layer3.0.downsample.1 (models/shared/resnet.ts:38): f32[256], 256 multiply-adds
  add_256(s.layer3_0_downsample_1_running_var, s.layer3_0_downsample_1_add);
  // layer3.0.downsample.1 (models/shared/resnet.ts:38): f32[256], 256 multiply-adds
  sqrt_256(s.layer3_0_downsample_1_add, s.layer3_0_downsample_1);
  // layer3.0.downsample.1.scale (models/shared/resnet.ts:38): f32[256], 256 multiply-adds
  div_256(s.layer3_0_downsample_1_weight, s.layer3_0_downsample_1, s.layer3_0_downsample_1_scale);
  // layer3.0.downsample.1.shift (models/shared/resnet.ts:38): f32[256], 256 multiply-adds
  mul_256(
    s.layer3_0_downsample_1_running_mean,
    s.layer3_0_downsample_1_scale,
    s.layer3_0_downsample_1_shift_mul,
  );
  // layer3.0.downsample.1.shift (models/shared/resnet.ts:38): f32[256], 256 multiply-adds
  sub_256(s.layer3_0_downsample_1_bias, s.layer3_0_downsample_1_shift_mul, w.layer3_0_downsample_1_shift);
  yield [
    'layer3.0.downsample.0.weight',
    'layer3.1.bn1.running_var',
    'layer3.1.bn1.weight',
    'layer3.1.bn1.running_mean',
    'layer3.1.bn1.bias',
  ];
  // layer3.0.downsample.0.weight.folded (models/shared/resnet.ts:37): f32[256,128,1,1], 32.8 k multiply-adds
  mul_256x128x1x1(
    s.layer3_0_downsample_0_weight,
    s.layer3_0_downsample_1_scale,
    s.layer3_0_downsample_0_weight_folded,
  );
  // layer3_0_downsample_0_weight_folded repacked to ohwi4 (models/shared/resnet.ts:37): f32[256,128,1,1]
  repack_rowMajor_to_ohwi4_256x128x1x1(
    s.layer3_0_downsample_0_weight_folded,
    w.layer3_0_downsample_0_weight_folded_ohwi4,
  );
  // layer3_0_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[256,256,3,3]
  repack_rowMajor_to_ohwi4_256x256x3x3(s.layer3_0_conv2_weight_folded, w.layer3_0_conv2_weight_folded_ohwi4);
  // layer3.1.bn1 (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  add_256(s.layer3_1_bn1_running_var, s.layer3_1_bn1_add);
  // layer3.1.bn1 (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  sqrt_256(s.layer3_1_bn1_add, s.layer3_1_bn1);
  // layer3.1.bn1.scale (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  div_256(s.layer3_1_bn1_weight, s.layer3_1_bn1, s.layer3_1_bn1_scale);
  // layer3.1.bn1.shift (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  mul_256(s.layer3_1_bn1_running_mean, s.layer3_1_bn1_scale, s.layer3_1_bn1_shift_mul);
  // layer3.1.bn1.shift (models/shared/resnet.ts:17): f32[256], 256 multiply-adds
  sub_256(s.layer3_1_bn1_bias, s.layer3_1_bn1_shift_mul, w.layer3_1_bn1_shift);
  yield [
    'layer3.1.conv1.weight',
    'layer3.1.bn2.running_var',
    'layer3.1.bn2.weight',
    'layer3.1.bn2.running_mean',
    'layer3.1.bn2.bias',
  ];
  // layer3.1.conv1.weight.folded (models/shared/resnet.ts:16): f32[256,256,3,3], 590 k multiply-adds
  mul_256x256x3x3(s.layer3_1_conv1_weight, s.layer3_1_bn1_scale, s.layer3_1_conv1_weight_folded);
  // layer3_1_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[256,256,3,3]
  repack_rowMajor_to_ohwi4_256x256x3x3(s.layer3_1_conv1_weight_folded, w.layer3_1_conv1_weight_folded_ohwi4);
  // layer3.1.bn2 (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  add_256(s.layer3_1_bn2_running_var, s.layer3_1_bn2_add);
  // layer3.1.bn2 (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  sqrt_256(s.layer3_1_bn2_add, s.layer3_1_bn2);
  // layer3.1.bn2.scale (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  div_256(s.layer3_1_bn2_weight, s.layer3_1_bn2, s.layer3_1_bn2_scale);
  // layer3.1.bn2.shift (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  mul_256(s.layer3_1_bn2_running_mean, s.layer3_1_bn2_scale, s.layer3_1_bn2_shift_mul);
  // layer3.1.bn2.shift (models/shared/resnet.ts:19): f32[256], 256 multiply-adds
  sub_256(s.layer3_1_bn2_bias, s.layer3_1_bn2_shift_mul, w.layer3_1_bn2_shift);
  yield [
    'layer3.1.conv2.weight',
    'layer4.0.bn1.running_var',
    'layer4.0.bn1.weight',
    'layer4.0.bn1.running_mean',
    'layer4.0.bn1.bias',
  ];
  // layer3.1.conv2.weight.folded (models/shared/resnet.ts:18): f32[256,256,3,3], 590 k multiply-adds
  mul_256x256x3x3(s.layer3_1_conv2_weight, s.layer3_1_bn2_scale, s.layer3_1_conv2_weight_folded);
  // layer3_1_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[256,256,3,3]
  repack_rowMajor_to_ohwi4_256x256x3x3(s.layer3_1_conv2_weight_folded, w.layer3_1_conv2_weight_folded_ohwi4);
  // layer4.0.bn1 (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  add_512(s.layer4_0_bn1_running_var, s.layer4_0_bn1_add);
  // layer4.0.bn1 (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  sqrt_512(s.layer4_0_bn1_add, s.layer4_0_bn1);
  // layer4.0.bn1.scale (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  div_512(s.layer4_0_bn1_weight, s.layer4_0_bn1, s.layer4_0_bn1_scale);
  // layer4.0.bn1.shift (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  mul_512(s.layer4_0_bn1_running_mean, s.layer4_0_bn1_scale, s.layer4_0_bn1_shift_mul);
  // layer4.0.bn1.shift (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  sub_512(s.layer4_0_bn1_bias, s.layer4_0_bn1_shift_mul, w.layer4_0_bn1_shift);
  yield [
    'layer4.0.conv1.weight',
    'layer4.0.bn2.running_var',
    'layer4.0.bn2.weight',
    'layer4.0.bn2.running_mean',
    'layer4.0.bn2.bias',
  ];
  // layer4.0.conv1.weight.folded (models/shared/resnet.ts:16): f32[512,256,3,3], 1.18 M multiply-adds
  mul_512x256x3x3(s.layer4_0_conv1_weight, s.layer4_0_bn1_scale, s.layer4_0_conv1_weight_folded);
  // layer4_0_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[512,256,3,3]
  repack_rowMajor_to_ohwi4_512x256x3x3(s.layer4_0_conv1_weight_folded, w.layer4_0_conv1_weight_folded_ohwi4);
  // layer4.0.bn2 (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  add_512(s.layer4_0_bn2_running_var, s.layer4_0_bn2_add);
  // layer4.0.bn2 (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  sqrt_512(s.layer4_0_bn2_add, s.layer4_0_bn2);
  // layer4.0.bn2.scale (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  div_512(s.layer4_0_bn2_weight, s.layer4_0_bn2, s.layer4_0_bn2_scale);
  // layer4.0.bn2.shift (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  mul_512(s.layer4_0_bn2_running_mean, s.layer4_0_bn2_scale, s.layer4_0_bn2_shift_mul);
  // layer4.0.bn2.shift (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  sub_512(s.layer4_0_bn2_bias, s.layer4_0_bn2_shift_mul, w.layer4_0_bn2_shift);
  yield [
    'layer4.0.conv2.weight',
    'layer4.0.downsample.1.running_var',
    'layer4.0.downsample.1.weight',
    'layer4.0.downsample.1.running_mean',
    'layer4.0.downsample.1.bias',
  ];
  // layer4.0.conv2.weight.folded (models/shared/resnet.ts:18): f32[512,512,3,3], 2.36 M multiply-adds
  mul_512x512x3x3(s.layer4_0_conv2_weight, s.layer4_0_bn2_scale, s.layer4_0_conv2_weight_folded);
  // layer4.0.downsample.1 (models/shared/resnet.ts:38): f32[512], 512 multiply-adds
  add_512(s.layer4_0_downsample_1_running_var, s.layer4_0_downsample_1_add);
  // layer4.0.downsample.1 (models/shared/resnet.ts:38): f32[512], 512 multiply-adds
  sqrt_512(s.layer4_0_downsample_1_add, s.layer4_0_downsample_1);
  // layer4.0.downsample.1.scale (models/shared/resnet.ts:38): f32[512], 512 multiply-adds
  div_512(s.layer4_0_downsample_1_weight, s.layer4_0_downsample_1, s.layer4_0_downsample_1_scale);
  // layer4.0.downsample.1.shift (models/shared/resnet.ts:38): f32[512], 512 multiply-adds
  mul_512(
    s.layer4_0_downsample_1_running_mean,
    s.layer4_0_downsample_1_scale,
    s.layer4_0_downsample_1_shift_mul,
  );
  // layer4.0.downsample.1.shift (models/shared/resnet.ts:38): f32[512], 512 multiply-adds
  sub_512(s.layer4_0_downsample_1_bias, s.layer4_0_downsample_1_shift_mul, w.layer4_0_downsample_1_shift);
  yield [
    'layer4.0.downsample.0.weight',
    'layer4.1.bn1.running_var',
    'layer4.1.bn1.weight',
    'layer4.1.bn1.running_mean',
    'layer4.1.bn1.bias',
  ];
  // layer4.0.downsample.0.weight.folded (models/shared/resnet.ts:37): f32[512,256,1,1], 131 k multiply-adds
  mul_512x256x1x1(
    s.layer4_0_downsample_0_weight,
    s.layer4_0_downsample_1_scale,
    s.layer4_0_downsample_0_weight_folded,
  );
  // layer4_0_downsample_0_weight_folded repacked to ohwi4 (models/shared/resnet.ts:37): f32[512,256,1,1]
  repack_rowMajor_to_ohwi4_512x256x1x1(
    s.layer4_0_downsample_0_weight_folded,
    w.layer4_0_downsample_0_weight_folded_ohwi4,
  );
  // layer4_0_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[512,512,3,3]
  repack_rowMajor_to_ohwi4_512x512x3x3(s.layer4_0_conv2_weight_folded, w.layer4_0_conv2_weight_folded_ohwi4);
  // layer4.1.bn1 (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  add_512(s.layer4_1_bn1_running_var, s.layer4_1_bn1_add);
  // layer4.1.bn1 (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  sqrt_512(s.layer4_1_bn1_add, s.layer4_1_bn1);
  // layer4.1.bn1.scale (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  div_512(s.layer4_1_bn1_weight, s.layer4_1_bn1, s.layer4_1_bn1_scale);
  // layer4.1.bn1.shift (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  mul_512(s.layer4_1_bn1_running_mean, s.layer4_1_bn1_scale, s.layer4_1_bn1_shift_mul);
  // layer4.1.bn1.shift (models/shared/resnet.ts:17): f32[512], 512 multiply-adds
  sub_512(s.layer4_1_bn1_bias, s.layer4_1_bn1_shift_mul, w.layer4_1_bn1_shift);
  yield [
    'layer4.1.conv1.weight',
    'layer4.1.bn2.running_var',
    'layer4.1.bn2.weight',
    'layer4.1.bn2.running_mean',
    'layer4.1.bn2.bias',
  ];
  // layer4.1.conv1.weight.folded (models/shared/resnet.ts:16): f32[512,512,3,3], 2.36 M multiply-adds
  mul_512x512x3x3(s.layer4_1_conv1_weight, s.layer4_1_bn1_scale, s.layer4_1_conv1_weight_folded);
  // layer4_1_conv1_weight_folded repacked to ohwi4 (models/shared/resnet.ts:16): f32[512,512,3,3]
  repack_rowMajor_to_ohwi4_512x512x3x3(s.layer4_1_conv1_weight_folded, w.layer4_1_conv1_weight_folded_ohwi4);
  // layer4.1.bn2 (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  add_512(s.layer4_1_bn2_running_var, s.layer4_1_bn2_add);
  // layer4.1.bn2 (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  sqrt_512(s.layer4_1_bn2_add, s.layer4_1_bn2);
  // layer4.1.bn2.scale (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  div_512(s.layer4_1_bn2_weight, s.layer4_1_bn2, s.layer4_1_bn2_scale);
  // layer4.1.bn2.shift (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  mul_512(s.layer4_1_bn2_running_mean, s.layer4_1_bn2_scale, s.layer4_1_bn2_shift_mul);
  // layer4.1.bn2.shift (models/shared/resnet.ts:19): f32[512], 512 multiply-adds
  sub_512(s.layer4_1_bn2_bias, s.layer4_1_bn2_shift_mul, w.layer4_1_bn2_shift);
  yield ['layer4.1.conv2.weight'];
  // layer4.1.conv2.weight.folded (models/shared/resnet.ts:18): f32[512,512,3,3], 2.36 M multiply-adds
  mul_512x512x3x3(s.layer4_1_conv2_weight, s.layer4_1_bn2_scale, s.layer4_1_conv2_weight_folded);
  // layer4_1_conv2_weight_folded repacked to ohwi4 (models/shared/resnet.ts:18): f32[512,512,3,3]
  repack_rowMajor_to_ohwi4_512x512x3x3(s.layer4_1_conv2_weight_folded, w.layer4_1_conv2_weight_folded_ohwi4);
}
