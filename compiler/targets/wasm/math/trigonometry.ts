/**
 * sin and cos, computed in f64. x = n pi / 2 + r with pi / 2 in two parts (Cody and Waite), which is exact to f32's
 * last place for |x| < 2^20. For |r| <= pi / 4 Taylor's series is used. Infinite numbers give NaN.
 */
import { byLanes, type MathFunction } from './types.ts';

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const signed = (i: number, n: number): number => (i % 2 === 0 ? 1 : -1) / factorial(n);
const SIN_TERMS = Array.from({ length: 8 }, (_, i) => signed(i, 2 * i + 1)).reverse();
const COS_TERMS = Array.from({ length: 9 }, (_, i) => signed(i, 2 * i)).reverse();

const horner = ([first, ...rest]: readonly number[]): string =>
  rest.reduce<string>(
    (sum, term) => `(f64.add (f64.mul ${sum} (local.get $square)) (f64.const ${term}))`,
    `(f64.const ${first})`,
  );

export const trigonometry: Readonly<Record<string, MathFunction>> = {
  quarter_turns: {
    text: `
;; the sine of x plus a number of quarter turns
(func $quarter_turns (param $angle f32) (param $turns i64) (result f32)
  (local $x f64) (local $n f64) (local $square f64) (local $result f64)
  (local.set $x (f64.promote_f32 (local.get $angle)))
  (if (f64.ge (f64.abs (local.get $x)) (f64.const inf)) (then (return (f32.const nan))))
  (local.set $n (f64.nearest (f64.mul (local.get $x) (f64.const 0.6366197723675814))))
  (local.set $x (f64.sub (local.get $x) (f64.mul (local.get $n) (f64.const 1.570796326734125614166e0))))
  (local.set $x (f64.sub (local.get $x) (f64.mul (local.get $n) (f64.const 6.077100506506192601e-11))))
  (local.set $square (f64.mul (local.get $x) (local.get $x)))
  (local.set $turns (i64.add (local.get $turns) (i64.trunc_sat_f64_s (local.get $n))))
  (local.set $result
    (if (result f64) (i64.eqz (i64.and (local.get $turns) (i64.const 1)))
      (then (f64.mul (local.get $x) ${horner(SIN_TERMS)}))
      (else ${horner(COS_TERMS)})))
  (f32.demote_f64
    (select
      (local.get $result)
      (f64.neg (local.get $result))
      (i64.eqz (i64.and (local.get $turns) (i64.const 2))))))`,
  },
  sin_f32: {
    text: `
(func $sin_f32 (param $x f32) (result f32)
  (call $quarter_turns (local.get $x) (i64.const 0)))`,
    calls: ['quarter_turns'],
  },
  cos_f32: {
    text: `
(func $cos_f32 (param $x f32) (result f32)
  (call $quarter_turns (local.get $x) (i64.const 1)))`,
    calls: ['quarter_turns'],
  },
  sin_f32x4: byLanes('sin'),
  cos_f32x4: byLanes('cos'),
};
