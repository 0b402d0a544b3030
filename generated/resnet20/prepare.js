/**
 * Folds and packs the parameters for the other phases.
 * 133 kernel calls, 271 k multiply-adds; `w` holds packed weights and constants, `s` holds what only this phase needs.
 */

import {
  add_16,
  add_32,
  add_64,
  div_16,
  div_32,
  div_64,
  mul_16,
  mul_16x16x3x3,
  mul_16x3x3x3,
  mul_32,
  mul_32x16x3x3,
  mul_32x32x3x3,
  mul_64,
  mul_64x32x3x3,
  mul_64x64x3x3,
  repack_rowMajor_to_ohwi4_16x16x3x3,
  repack_rowMajor_to_ohwi4_16x3x3x3,
  repack_rowMajor_to_ohwi4_32x16x3x3,
  repack_rowMajor_to_ohwi4_32x32x3x3,
  repack_rowMajor_to_ohwi4_64x32x3x3,
  repack_rowMajor_to_ohwi4_64x64x3x3,
  sqrt_16,
  sqrt_32,
  sqrt_64,
  sub_16,
  sub_32,
  sub_64,
} from './kernels.js';

/** `yield` names the tensors of the weight file that must be in their places before the next call. */
export function* prepare(w, s) {
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
    'layer1.0.conv1.weight',
    'layer1.0.bn2.running_var',
    'layer1.0.bn2.weight',
    'layer1.0.bn2.running_mean',
    'layer1.0.bn2.bias',
  ];
  // bn1 (models/shared/cifarResnet.ts:41): f32[16], 16 multiply-adds
  add_16(s.bn1_running_var, s.bn1_add);
  // bn1 (models/shared/cifarResnet.ts:41): f32[16], 16 multiply-adds
  sqrt_16(s.bn1_add, s.bn1);
  // bn1.scale (models/shared/cifarResnet.ts:41): f32[16], 16 multiply-adds
  div_16(s.bn1_weight, s.bn1, s.bn1_scale);
  // bn1.shift (models/shared/cifarResnet.ts:41): f32[16], 16 multiply-adds
  mul_16(s.bn1_running_mean, s.bn1_scale, s.bn1_shift_mul);
  // bn1.shift (models/shared/cifarResnet.ts:41): f32[16], 16 multiply-adds
  sub_16(s.bn1_bias, s.bn1_shift_mul, w.bn1_shift);
  // conv1.weight.folded (models/shared/cifarResnet.ts:40): f32[16,3,3,3], 432 multiply-adds
  mul_16x3x3x3(s.conv1_weight, s.bn1_scale, s.conv1_weight_folded);
  // conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:40): f32[16,3,3,3]
  repack_rowMajor_to_ohwi4_16x3x3x3(s.conv1_weight_folded, w.conv1_weight_folded_ohwi4);
  // layer1.0.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  add_16(s.layer1_0_bn1_running_var, s.layer1_0_bn1_add);
  // layer1.0.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_0_bn1_add, s.layer1_0_bn1);
  // layer1.0.bn1.scale (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  div_16(s.layer1_0_bn1_weight, s.layer1_0_bn1, s.layer1_0_bn1_scale);
  // layer1.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  mul_16(s.layer1_0_bn1_running_mean, s.layer1_0_bn1_scale, s.layer1_0_bn1_shift_mul);
  // layer1.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sub_16(s.layer1_0_bn1_bias, s.layer1_0_bn1_shift_mul, w.layer1_0_bn1_shift);
  // layer1.0.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_0_conv1_weight, s.layer1_0_bn1_scale, s.layer1_0_conv1_weight_folded);
  // layer1_0_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_0_conv1_weight_folded, w.layer1_0_conv1_weight_folded_ohwi4);
  // layer1.0.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  add_16(s.layer1_0_bn2_running_var, s.layer1_0_bn2_add);
  // layer1.0.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_0_bn2_add, s.layer1_0_bn2);
  // layer1.0.bn2.scale (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  div_16(s.layer1_0_bn2_weight, s.layer1_0_bn2, s.layer1_0_bn2_scale);
  // layer1.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  mul_16(s.layer1_0_bn2_running_mean, s.layer1_0_bn2_scale, s.layer1_0_bn2_shift_mul);
  // layer1.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sub_16(s.layer1_0_bn2_bias, s.layer1_0_bn2_shift_mul, w.layer1_0_bn2_shift);
  yield [
    'layer1.0.conv2.weight',
    'layer1.1.bn1.running_var',
    'layer1.1.bn1.weight',
    'layer1.1.bn1.running_mean',
    'layer1.1.bn1.bias',
  ];
  // layer1.0.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_0_conv2_weight, s.layer1_0_bn2_scale, s.layer1_0_conv2_weight_folded);
  // layer1_0_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_0_conv2_weight_folded, w.layer1_0_conv2_weight_folded_ohwi4);
  // layer1.1.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  add_16(s.layer1_1_bn1_running_var, s.layer1_1_bn1_add);
  // layer1.1.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_1_bn1_add, s.layer1_1_bn1);
  // layer1.1.bn1.scale (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  div_16(s.layer1_1_bn1_weight, s.layer1_1_bn1, s.layer1_1_bn1_scale);
  // layer1.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  mul_16(s.layer1_1_bn1_running_mean, s.layer1_1_bn1_scale, s.layer1_1_bn1_shift_mul);
  // layer1.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sub_16(s.layer1_1_bn1_bias, s.layer1_1_bn1_shift_mul, w.layer1_1_bn1_shift);
  yield [
    'layer1.1.conv1.weight',
    'layer1.1.bn2.running_var',
    'layer1.1.bn2.weight',
    'layer1.1.bn2.running_mean',
    'layer1.1.bn2.bias',
  ];
  // layer1.1.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_1_conv1_weight, s.layer1_1_bn1_scale, s.layer1_1_conv1_weight_folded);
  // layer1_1_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_1_conv1_weight_folded, w.layer1_1_conv1_weight_folded_ohwi4);
  // layer1.1.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  add_16(s.layer1_1_bn2_running_var, s.layer1_1_bn2_add);
  // layer1.1.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_1_bn2_add, s.layer1_1_bn2);
  // layer1.1.bn2.scale (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  div_16(s.layer1_1_bn2_weight, s.layer1_1_bn2, s.layer1_1_bn2_scale);
  // layer1.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  mul_16(s.layer1_1_bn2_running_mean, s.layer1_1_bn2_scale, s.layer1_1_bn2_shift_mul);
  // layer1.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sub_16(s.layer1_1_bn2_bias, s.layer1_1_bn2_shift_mul, w.layer1_1_bn2_shift);
  yield [
    'layer1.1.conv2.weight',
    'layer1.2.bn1.running_var',
    'layer1.2.bn1.weight',
    'layer1.2.bn1.running_mean',
    'layer1.2.bn1.bias',
  ];
  // layer1.1.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_1_conv2_weight, s.layer1_1_bn2_scale, s.layer1_1_conv2_weight_folded);
  // layer1_1_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_1_conv2_weight_folded, w.layer1_1_conv2_weight_folded_ohwi4);
  // layer1.2.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  add_16(s.layer1_2_bn1_running_var, s.layer1_2_bn1_add);
  // layer1.2.bn1 (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_2_bn1_add, s.layer1_2_bn1);
  // layer1.2.bn1.scale (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  div_16(s.layer1_2_bn1_weight, s.layer1_2_bn1, s.layer1_2_bn1_scale);
  // layer1.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  mul_16(s.layer1_2_bn1_running_mean, s.layer1_2_bn1_scale, s.layer1_2_bn1_shift_mul);
  // layer1.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[16], 16 multiply-adds
  sub_16(s.layer1_2_bn1_bias, s.layer1_2_bn1_shift_mul, w.layer1_2_bn1_shift);
  yield [
    'layer1.2.conv1.weight',
    'layer1.2.bn2.running_var',
    'layer1.2.bn2.weight',
    'layer1.2.bn2.running_mean',
    'layer1.2.bn2.bias',
  ];
  // layer1.2.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_2_conv1_weight, s.layer1_2_bn1_scale, s.layer1_2_conv1_weight_folded);
  // layer1_2_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_2_conv1_weight_folded, w.layer1_2_conv1_weight_folded_ohwi4);
  // layer1.2.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  add_16(s.layer1_2_bn2_running_var, s.layer1_2_bn2_add);
  // layer1.2.bn2 (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sqrt_16(s.layer1_2_bn2_add, s.layer1_2_bn2);
  // layer1.2.bn2.scale (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  div_16(s.layer1_2_bn2_weight, s.layer1_2_bn2, s.layer1_2_bn2_scale);
  // layer1.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  mul_16(s.layer1_2_bn2_running_mean, s.layer1_2_bn2_scale, s.layer1_2_bn2_shift_mul);
  // layer1.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[16], 16 multiply-adds
  sub_16(s.layer1_2_bn2_bias, s.layer1_2_bn2_shift_mul, w.layer1_2_bn2_shift);
  yield [
    'layer1.2.conv2.weight',
    'layer2.0.bn1.running_var',
    'layer2.0.bn1.weight',
    'layer2.0.bn1.running_mean',
    'layer2.0.bn1.bias',
  ];
  // layer1.2.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[16,16,3,3], 2.30 k multiply-adds
  mul_16x16x3x3(s.layer1_2_conv2_weight, s.layer1_2_bn2_scale, s.layer1_2_conv2_weight_folded);
  // layer1_2_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[16,16,3,3]
  repack_rowMajor_to_ohwi4_16x16x3x3(s.layer1_2_conv2_weight_folded, w.layer1_2_conv2_weight_folded_ohwi4);
  // layer2.0.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  add_32(s.layer2_0_bn1_running_var, s.layer2_0_bn1_add);
  // layer2.0.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_0_bn1_add, s.layer2_0_bn1);
  // layer2.0.bn1.scale (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  div_32(s.layer2_0_bn1_weight, s.layer2_0_bn1, s.layer2_0_bn1_scale);
  // layer2.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  mul_32(s.layer2_0_bn1_running_mean, s.layer2_0_bn1_scale, s.layer2_0_bn1_shift_mul);
  // layer2.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sub_32(s.layer2_0_bn1_bias, s.layer2_0_bn1_shift_mul, w.layer2_0_bn1_shift);
  yield [
    'layer2.0.conv1.weight',
    'layer2.0.bn2.running_var',
    'layer2.0.bn2.weight',
    'layer2.0.bn2.running_mean',
    'layer2.0.bn2.bias',
  ];
  // layer2.0.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[32,16,3,3], 4.61 k multiply-adds
  mul_32x16x3x3(s.layer2_0_conv1_weight, s.layer2_0_bn1_scale, s.layer2_0_conv1_weight_folded);
  // layer2_0_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[32,16,3,3]
  repack_rowMajor_to_ohwi4_32x16x3x3(s.layer2_0_conv1_weight_folded, w.layer2_0_conv1_weight_folded_ohwi4);
  // layer2.0.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  add_32(s.layer2_0_bn2_running_var, s.layer2_0_bn2_add);
  // layer2.0.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_0_bn2_add, s.layer2_0_bn2);
  // layer2.0.bn2.scale (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  div_32(s.layer2_0_bn2_weight, s.layer2_0_bn2, s.layer2_0_bn2_scale);
  // layer2.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  mul_32(s.layer2_0_bn2_running_mean, s.layer2_0_bn2_scale, s.layer2_0_bn2_shift_mul);
  // layer2.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sub_32(s.layer2_0_bn2_bias, s.layer2_0_bn2_shift_mul, w.layer2_0_bn2_shift);
  yield [
    'layer2.0.conv2.weight',
    'layer2.1.bn1.running_var',
    'layer2.1.bn1.weight',
    'layer2.1.bn1.running_mean',
    'layer2.1.bn1.bias',
  ];
  // layer2.0.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[32,32,3,3], 9.22 k multiply-adds
  mul_32x32x3x3(s.layer2_0_conv2_weight, s.layer2_0_bn2_scale, s.layer2_0_conv2_weight_folded);
  // layer2_0_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[32,32,3,3]
  repack_rowMajor_to_ohwi4_32x32x3x3(s.layer2_0_conv2_weight_folded, w.layer2_0_conv2_weight_folded_ohwi4);
  // layer2.1.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  add_32(s.layer2_1_bn1_running_var, s.layer2_1_bn1_add);
  // layer2.1.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_1_bn1_add, s.layer2_1_bn1);
  // layer2.1.bn1.scale (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  div_32(s.layer2_1_bn1_weight, s.layer2_1_bn1, s.layer2_1_bn1_scale);
  // layer2.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  mul_32(s.layer2_1_bn1_running_mean, s.layer2_1_bn1_scale, s.layer2_1_bn1_shift_mul);
  // layer2.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sub_32(s.layer2_1_bn1_bias, s.layer2_1_bn1_shift_mul, w.layer2_1_bn1_shift);
  yield [
    'layer2.1.conv1.weight',
    'layer2.1.bn2.running_var',
    'layer2.1.bn2.weight',
    'layer2.1.bn2.running_mean',
    'layer2.1.bn2.bias',
  ];
  // layer2.1.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[32,32,3,3], 9.22 k multiply-adds
  mul_32x32x3x3(s.layer2_1_conv1_weight, s.layer2_1_bn1_scale, s.layer2_1_conv1_weight_folded);
  // layer2_1_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[32,32,3,3]
  repack_rowMajor_to_ohwi4_32x32x3x3(s.layer2_1_conv1_weight_folded, w.layer2_1_conv1_weight_folded_ohwi4);
  // layer2.1.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  add_32(s.layer2_1_bn2_running_var, s.layer2_1_bn2_add);
  // layer2.1.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_1_bn2_add, s.layer2_1_bn2);
  // layer2.1.bn2.scale (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  div_32(s.layer2_1_bn2_weight, s.layer2_1_bn2, s.layer2_1_bn2_scale);
  // layer2.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  mul_32(s.layer2_1_bn2_running_mean, s.layer2_1_bn2_scale, s.layer2_1_bn2_shift_mul);
  // layer2.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sub_32(s.layer2_1_bn2_bias, s.layer2_1_bn2_shift_mul, w.layer2_1_bn2_shift);
  yield [
    'layer2.1.conv2.weight',
    'layer2.2.bn1.running_var',
    'layer2.2.bn1.weight',
    'layer2.2.bn1.running_mean',
    'layer2.2.bn1.bias',
  ];
  // layer2.1.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[32,32,3,3], 9.22 k multiply-adds
  mul_32x32x3x3(s.layer2_1_conv2_weight, s.layer2_1_bn2_scale, s.layer2_1_conv2_weight_folded);
  // layer2_1_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[32,32,3,3]
  repack_rowMajor_to_ohwi4_32x32x3x3(s.layer2_1_conv2_weight_folded, w.layer2_1_conv2_weight_folded_ohwi4);
  // layer2.2.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  add_32(s.layer2_2_bn1_running_var, s.layer2_2_bn1_add);
  // layer2.2.bn1 (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_2_bn1_add, s.layer2_2_bn1);
  // layer2.2.bn1.scale (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  div_32(s.layer2_2_bn1_weight, s.layer2_2_bn1, s.layer2_2_bn1_scale);
  // layer2.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  mul_32(s.layer2_2_bn1_running_mean, s.layer2_2_bn1_scale, s.layer2_2_bn1_shift_mul);
  // layer2.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[32], 32 multiply-adds
  sub_32(s.layer2_2_bn1_bias, s.layer2_2_bn1_shift_mul, w.layer2_2_bn1_shift);
  yield [
    'layer2.2.conv1.weight',
    'layer2.2.bn2.running_var',
    'layer2.2.bn2.weight',
    'layer2.2.bn2.running_mean',
    'layer2.2.bn2.bias',
  ];
  // layer2.2.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[32,32,3,3], 9.22 k multiply-adds
  mul_32x32x3x3(s.layer2_2_conv1_weight, s.layer2_2_bn1_scale, s.layer2_2_conv1_weight_folded);
  // layer2_2_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[32,32,3,3]
  repack_rowMajor_to_ohwi4_32x32x3x3(s.layer2_2_conv1_weight_folded, w.layer2_2_conv1_weight_folded_ohwi4);
  // layer2.2.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  add_32(s.layer2_2_bn2_running_var, s.layer2_2_bn2_add);
  // layer2.2.bn2 (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sqrt_32(s.layer2_2_bn2_add, s.layer2_2_bn2);
  // layer2.2.bn2.scale (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  div_32(s.layer2_2_bn2_weight, s.layer2_2_bn2, s.layer2_2_bn2_scale);
  // layer2.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  mul_32(s.layer2_2_bn2_running_mean, s.layer2_2_bn2_scale, s.layer2_2_bn2_shift_mul);
  // layer2.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[32], 32 multiply-adds
  sub_32(s.layer2_2_bn2_bias, s.layer2_2_bn2_shift_mul, w.layer2_2_bn2_shift);
  yield [
    'layer2.2.conv2.weight',
    'layer3.0.bn1.running_var',
    'layer3.0.bn1.weight',
    'layer3.0.bn1.running_mean',
    'layer3.0.bn1.bias',
  ];
  // layer2.2.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[32,32,3,3], 9.22 k multiply-adds
  mul_32x32x3x3(s.layer2_2_conv2_weight, s.layer2_2_bn2_scale, s.layer2_2_conv2_weight_folded);
  // layer2_2_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[32,32,3,3]
  repack_rowMajor_to_ohwi4_32x32x3x3(s.layer2_2_conv2_weight_folded, w.layer2_2_conv2_weight_folded_ohwi4);
  // layer3.0.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  add_64(s.layer3_0_bn1_running_var, s.layer3_0_bn1_add);
  // layer3.0.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_0_bn1_add, s.layer3_0_bn1);
  // layer3.0.bn1.scale (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  div_64(s.layer3_0_bn1_weight, s.layer3_0_bn1, s.layer3_0_bn1_scale);
  // layer3.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  mul_64(s.layer3_0_bn1_running_mean, s.layer3_0_bn1_scale, s.layer3_0_bn1_shift_mul);
  // layer3.0.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sub_64(s.layer3_0_bn1_bias, s.layer3_0_bn1_shift_mul, w.layer3_0_bn1_shift);
  yield [
    'layer3.0.conv1.weight',
    'layer3.0.bn2.running_var',
    'layer3.0.bn2.weight',
    'layer3.0.bn2.running_mean',
    'layer3.0.bn2.bias',
  ];
  // layer3.0.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[64,32,3,3], 18.4 k multiply-adds
  mul_64x32x3x3(s.layer3_0_conv1_weight, s.layer3_0_bn1_scale, s.layer3_0_conv1_weight_folded);
  // layer3_0_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[64,32,3,3]
  repack_rowMajor_to_ohwi4_64x32x3x3(s.layer3_0_conv1_weight_folded, w.layer3_0_conv1_weight_folded_ohwi4);
  // layer3.0.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  add_64(s.layer3_0_bn2_running_var, s.layer3_0_bn2_add);
  // layer3.0.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_0_bn2_add, s.layer3_0_bn2);
  // layer3.0.bn2.scale (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  div_64(s.layer3_0_bn2_weight, s.layer3_0_bn2, s.layer3_0_bn2_scale);
  // layer3.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  mul_64(s.layer3_0_bn2_running_mean, s.layer3_0_bn2_scale, s.layer3_0_bn2_shift_mul);
  // layer3.0.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sub_64(s.layer3_0_bn2_bias, s.layer3_0_bn2_shift_mul, w.layer3_0_bn2_shift);
  yield [
    'layer3.0.conv2.weight',
    'layer3.1.bn1.running_var',
    'layer3.1.bn1.weight',
    'layer3.1.bn1.running_mean',
    'layer3.1.bn1.bias',
  ];
  // layer3.0.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer3_0_conv2_weight, s.layer3_0_bn2_scale, s.layer3_0_conv2_weight_folded);
  // layer3_0_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer3_0_conv2_weight_folded, w.layer3_0_conv2_weight_folded_ohwi4);
  // layer3.1.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  add_64(s.layer3_1_bn1_running_var, s.layer3_1_bn1_add);
  // layer3.1.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_1_bn1_add, s.layer3_1_bn1);
  // layer3.1.bn1.scale (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  div_64(s.layer3_1_bn1_weight, s.layer3_1_bn1, s.layer3_1_bn1_scale);
  // layer3.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  mul_64(s.layer3_1_bn1_running_mean, s.layer3_1_bn1_scale, s.layer3_1_bn1_shift_mul);
  // layer3.1.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sub_64(s.layer3_1_bn1_bias, s.layer3_1_bn1_shift_mul, w.layer3_1_bn1_shift);
  yield [
    'layer3.1.conv1.weight',
    'layer3.1.bn2.running_var',
    'layer3.1.bn2.weight',
    'layer3.1.bn2.running_mean',
    'layer3.1.bn2.bias',
  ];
  // layer3.1.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer3_1_conv1_weight, s.layer3_1_bn1_scale, s.layer3_1_conv1_weight_folded);
  // layer3_1_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer3_1_conv1_weight_folded, w.layer3_1_conv1_weight_folded_ohwi4);
  // layer3.1.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  add_64(s.layer3_1_bn2_running_var, s.layer3_1_bn2_add);
  // layer3.1.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_1_bn2_add, s.layer3_1_bn2);
  // layer3.1.bn2.scale (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  div_64(s.layer3_1_bn2_weight, s.layer3_1_bn2, s.layer3_1_bn2_scale);
  // layer3.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  mul_64(s.layer3_1_bn2_running_mean, s.layer3_1_bn2_scale, s.layer3_1_bn2_shift_mul);
  // layer3.1.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sub_64(s.layer3_1_bn2_bias, s.layer3_1_bn2_shift_mul, w.layer3_1_bn2_shift);
  yield [
    'layer3.1.conv2.weight',
    'layer3.2.bn1.running_var',
    'layer3.2.bn1.weight',
    'layer3.2.bn1.running_mean',
    'layer3.2.bn1.bias',
  ];
  // layer3.1.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer3_1_conv2_weight, s.layer3_1_bn2_scale, s.layer3_1_conv2_weight_folded);
  // layer3_1_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer3_1_conv2_weight_folded, w.layer3_1_conv2_weight_folded_ohwi4);
  // layer3.2.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  add_64(s.layer3_2_bn1_running_var, s.layer3_2_bn1_add);
  // layer3.2.bn1 (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_2_bn1_add, s.layer3_2_bn1);
  // layer3.2.bn1.scale (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  div_64(s.layer3_2_bn1_weight, s.layer3_2_bn1, s.layer3_2_bn1_scale);
  // layer3.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  mul_64(s.layer3_2_bn1_running_mean, s.layer3_2_bn1_scale, s.layer3_2_bn1_shift_mul);
  // layer3.2.bn1.shift (models/shared/cifarResnet.ts:57): f32[64], 64 multiply-adds
  sub_64(s.layer3_2_bn1_bias, s.layer3_2_bn1_shift_mul, w.layer3_2_bn1_shift);
  yield [
    'layer3.2.conv1.weight',
    'layer3.2.bn2.running_var',
    'layer3.2.bn2.weight',
    'layer3.2.bn2.running_mean',
    'layer3.2.bn2.bias',
  ];
  // layer3.2.conv1.weight.folded (models/shared/cifarResnet.ts:56): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer3_2_conv1_weight, s.layer3_2_bn1_scale, s.layer3_2_conv1_weight_folded);
  // layer3_2_conv1_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:56): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer3_2_conv1_weight_folded, w.layer3_2_conv1_weight_folded_ohwi4);
  // layer3.2.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  add_64(s.layer3_2_bn2_running_var, s.layer3_2_bn2_add);
  // layer3.2.bn2 (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sqrt_64(s.layer3_2_bn2_add, s.layer3_2_bn2);
  // layer3.2.bn2.scale (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  div_64(s.layer3_2_bn2_weight, s.layer3_2_bn2, s.layer3_2_bn2_scale);
  // layer3.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  mul_64(s.layer3_2_bn2_running_mean, s.layer3_2_bn2_scale, s.layer3_2_bn2_shift_mul);
  // layer3.2.bn2.shift (models/shared/cifarResnet.ts:59): f32[64], 64 multiply-adds
  sub_64(s.layer3_2_bn2_bias, s.layer3_2_bn2_shift_mul, w.layer3_2_bn2_shift);
  yield ['layer3.2.conv2.weight'];
  // layer3.2.conv2.weight.folded (models/shared/cifarResnet.ts:58): f32[64,64,3,3], 36.9 k multiply-adds
  mul_64x64x3x3(s.layer3_2_conv2_weight, s.layer3_2_bn2_scale, s.layer3_2_conv2_weight_folded);
  // layer3_2_conv2_weight_folded repacked to ohwi4 (models/shared/cifarResnet.ts:58): f32[64,64,3,3]
  repack_rowMajor_to_ohwi4_64x64x3x3(s.layer3_2_conv2_weight_folded, w.layer3_2_conv2_weight_folded_ohwi4);
}
