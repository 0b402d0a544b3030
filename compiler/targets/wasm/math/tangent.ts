/**
 * tanh in f32, four numbers at a time. For |x| < 0.625 it is a polynomial in x^2 (Cephes' tanhf), otherwise
 * 1 - 2 / (exp(2 |x|) + 1) with the sign of x. NaN stays NaN.
 */
import { byVector, type MathFunction } from './types.ts';

const splat = (value: string): string => `(v128.const f32x4 ${value} ${value} ${value} ${value})`;
const step = (factor: string): string =>
  `  (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $square)) ${splat(factor)}))`;

const FACTORS = ['2.06390887954e-2', '-5.37397155531e-2', '1.33314422036e-1', '-3.33332819422e-1'];

export const tangent: Readonly<Record<string, MathFunction>> = {
  tanh_f32x4: {
    text: `
(func $tanh_f32x4 (param $x v128) (result v128)
  (local $size v128) (local $square v128) (local $p v128) (local $far v128)
  (local.set $size (f32x4.abs (local.get $x)))
  (local.set $square (f32x4.mul (local.get $x) (local.get $x)))
  (local.set $p ${splat('-5.70498872745e-3')})
${FACTORS.map(step).join('\n')}
  (local.set $p
    (f32x4.add (local.get $x) (f32x4.mul (f32x4.mul (local.get $p) (local.get $square)) (local.get $x))))
  (local.set $far
    (f32x4.sub
      ${splat('1')}
      (f32x4.div
        ${splat('2')}
        (f32x4.add (call $exp_f32x4 (f32x4.add (local.get $size) (local.get $size))) ${splat('1')}))))
  (local.set $far
    (v128.or (local.get $far) (v128.and (local.get $x) (v128.const i32x4 0x80000000 0x80000000 0x80000000 0x80000000))))
  (v128.bitselect (local.get $far) (local.get $p) (f32x4.ge (local.get $size) ${splat('0.625')})))`,
    calls: ['exp_f32x4'],
  },
  tanh_f32: byVector('tanh'),
};
