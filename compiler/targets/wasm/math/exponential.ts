/**
 * exp in f32, four numbers at a time. x = n ln 2 + r with |r| <= ln 2 / 2 (Cody and Waite: ln 2 is split into two
 * parts, so that n times the first is exact). exp(r) is a polynomial of degree 6 (Cephes' expf). 2^n is split into two
 * factors, so that results beyond 2^127 overflow and those below 2^-126 are rounded once. The error is at most 1 unit
 * in the last place; NaN stays NaN.
 */
import { byVector, type MathFunction } from './types.ts';

const splat = (value: string): string => `(v128.const f32x4 ${value} ${value} ${value} ${value})`;
const step = (factor: string): string =>
  `  (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $x)) ${splat(factor)}))`;

export const exponential: Readonly<Record<string, MathFunction>> = {
  exp_f32x4: {
    text: `
(func $exp_f32x4 (param $x v128) (result v128)
  (local $n v128) (local $p v128) (local $half v128)
  ;; beyond these the result is 0 or infinite; pmin and pmax keep NaN
  (local.set $x (f32x4.pmax (f32x4.pmin (local.get $x) ${splat('89')}) ${splat('-104')}))
  (local.set $n (f32x4.nearest (f32x4.mul (local.get $x) ${splat('1.44269504')})))
  (local.set $x (f32x4.sub (local.get $x) (f32x4.mul (local.get $n) ${splat('0.693359375')})))
  (local.set $x (f32x4.add (local.get $x) (f32x4.mul (local.get $n) ${splat('2.12194440e-4')})))
  (local.set $p ${splat('1.9875691500e-4')})
${['1.3981999507e-3', '8.3334519073e-3', '4.1665795894e-2', '1.6666665459e-1', '5.0000001201e-1'].map(step).join('\n')}
  (local.set $p (f32x4.mul (local.get $p) (f32x4.mul (local.get $x) (local.get $x))))
  (local.set $p (f32x4.add (f32x4.add (local.get $p) (local.get $x)) ${splat('1')}))
  ;; 2^n = 2^(n >> 1) * 2^(n - (n >> 1))
  (local.set $n (i32x4.trunc_sat_f32x4_s (local.get $n)))
  (local.set $half (i32x4.shr_s (local.get $n) (i32.const 1)))
  (local.set $n (i32x4.sub (local.get $n) (local.get $half)))
  (f32x4.mul
    (f32x4.mul (local.get $p) (i32x4.shl (i32x4.add (local.get $half) (v128.const i32x4 127 127 127 127)) (i32.const 23)))
    (i32x4.shl (i32x4.add (local.get $n) (v128.const i32x4 127 127 127 127)) (i32.const 23))))`,
  },
  exp_f32: byVector('exp'),
};
