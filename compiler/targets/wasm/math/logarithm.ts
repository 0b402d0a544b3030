/**
 * The natural logarithm in f32, four numbers at a time. x = 2^e m with m in [sqrt(1/2), sqrt(2)). The result is a
 * polynomial in m - 1 (Cephes' logf) plus e ln 2, which is added in two parts. 0 gives -infinity, negative numbers give
 * NaN.
 */
import { byVector, type MathFunction } from './types.ts';

const splat = (value: string): string => `(v128.const f32x4 ${value} ${value} ${value} ${value})`;
const bits = (value: string): string => `(v128.const i32x4 ${value} ${value} ${value} ${value})`;
const step = (factor: string): string =>
  `  (local.set $p (f32x4.add (f32x4.mul (local.get $p) (local.get $f)) ${splat(factor)}))`;

const FACTORS = [
  '-1.1514610310e-1',
  '1.1676998740e-1',
  '-1.2420140846e-1',
  '1.4249322787e-1',
  '-1.6668057665e-1',
  '2.0000714765e-1',
  '-2.4999993993e-1',
  '3.3333331174e-1',
];

export const logarithm: Readonly<Record<string, MathFunction>> = {
  log_f32x4: {
    text: `
(func $log_f32x4 (param $x v128) (result v128)
  (local $m v128) (local $e v128) (local $f v128) (local $p v128) (local $square v128) (local $low v128)
  ;; numbers below 2^-126 are scaled by 2^23 first
  (local.set $low (f32x4.lt (local.get $x) ${splat('1.17549435e-38')}))
  (local.set $m (v128.bitselect (f32x4.mul (local.get $x) ${splat('8388608')}) (local.get $x) (local.get $low)))
  (local.set $e
    (f32x4.convert_i32x4_s
      (i32x4.sub
        (i32x4.shr_u (local.get $m) (i32.const 23))
        (v128.bitselect ${bits('149')} ${bits('126')} (local.get $low)))))
  ;; the mantissa in [0.5, 1)
  (local.set $m (v128.or (v128.and (local.get $m) ${bits('0x007fffff')}) ${bits('0x3f000000')}))
  (local.set $low (f32x4.lt (local.get $m) ${splat('0.707106781')}))
  (local.set $e (f32x4.sub (local.get $e) (v128.and ${splat('1')} (local.get $low))))
  (local.set $f (f32x4.sub (f32x4.add (local.get $m) (v128.and (local.get $m) (local.get $low))) ${splat('1')}))
  (local.set $square (f32x4.mul (local.get $f) (local.get $f)))
  (local.set $p ${splat('7.0376836292e-2')})
${FACTORS.map(step).join('\n')}
  (local.set $p (f32x4.mul (f32x4.mul (local.get $p) (local.get $f)) (local.get $square)))
  (local.set $p (f32x4.add (local.get $p) (f32x4.mul (local.get $e) ${splat('-2.12194440e-4')})))
  (local.set $p (f32x4.sub (local.get $p) (f32x4.mul (local.get $square) ${splat('0.5')})))
  (local.set $p
    (f32x4.add (f32x4.add (local.get $f) (local.get $p)) (f32x4.mul (local.get $e) ${splat('0.693359375')})))
  ;; infinity stays, 0 gives -infinity, negative numbers and NaN give NaN
  (local.set $p (v128.bitselect (local.get $x) (local.get $p) (f32x4.eq (local.get $x) ${splat('inf')})))
  (local.set $p (v128.bitselect ${splat('-inf')} (local.get $p) (f32x4.eq (local.get $x) ${splat('0')})))
  (v128.bitselect (local.get $p) ${splat('nan')} (f32x4.ge (local.get $x) ${splat('0')})))`,
  },
  log_f32: byVector('log'),
};
