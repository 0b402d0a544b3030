/**
 * a^b = 2^(b log2 a), computed in f64 so that the result is rounded to f32 once. log2 uses the series of atanh, 2^x
 * that of exp. Negative bases with integer exponents give the same as IEEE 754's pow.
 */
import { byLanesOfTwo, type MathFunction } from './types.ts';

/**
 * Terms of 2 / ln 2 * (s + s^3 / 3 + ...) for s = (m - 1) / (m + 1), |s| <= 0.172. Eleven terms give an error of 2^-53.
 */
const LOG_TERMS = Array.from({ length: 11 }, (_, i) => 2 / Math.LN2 / (2 * i + 1)).reverse();
/** Terms ln(2)^i / i! for |x| <= 1/2. Fourteen terms give an error of 2^-53. */
const EXP_TERMS = Array.from({ length: 14 }, (_, i) => expTerm(i)).reverse();

function expTerm(power: number): number {
  let term = 1;
  for (let i = 1; i <= power; i++) term *= Math.LN2 / i;
  return term;
}

const horner = (sum: string, at: string, [first, ...rest]: readonly number[]): string =>
  [
    `  (local.set ${sum} (f64.const ${first}))`,
    ...rest.map(
      (term) =>
        `  (local.set ${sum} (f64.add (f64.mul (local.get ${sum}) (local.get ${at})) (f64.const ${term})))`,
    ),
  ].join('\n');

export const power: Readonly<Record<string, MathFunction>> = {
  log2_f64: {
    text: `
;; log2 of a number above 0
(func $log2_f64 (param $x f64) (result f64)
  (local $e f64) (local $s f64) (local $square f64) (local $p f64) (local $bits i64)
  (local.set $bits (i64.reinterpret_f64 (local.get $x)))
  (local.set $e
    (f64.convert_i64_s (i64.sub (i64.shr_u (local.get $bits) (i64.const 52)) (i64.const 1023))))
  (local.set $x
    (f64.reinterpret_i64
      (i64.or (i64.and (local.get $bits) (i64.const 0xfffffffffffff)) (i64.const 0x3ff0000000000000))))
  (if (f64.gt (local.get $x) (f64.const 1.4142135623730951))
    (then
      (local.set $x (f64.mul (local.get $x) (f64.const 0.5)))
      (local.set $e (f64.add (local.get $e) (f64.const 1)))))
  (local.set $s
    (f64.div (f64.sub (local.get $x) (f64.const 1)) (f64.add (local.get $x) (f64.const 1))))
  (local.set $square (f64.mul (local.get $s) (local.get $s)))
${horner('$p', '$square', LOG_TERMS)}
  (f64.add (local.get $e) (f64.mul (local.get $p) (local.get $s))))`,
  },
  exp2_f64: {
    text: `
;; 2^x for |x| < 1000
(func $exp2_f64 (param $x f64) (result f64)
  (local $n f64) (local $p f64)
  (local.set $n (f64.nearest (local.get $x)))
  (local.set $x (f64.sub (local.get $x) (local.get $n)))
${horner('$p', '$x', EXP_TERMS)}
  (f64.mul
    (local.get $p)
    (f64.reinterpret_i64
      (i64.shl (i64.add (i64.trunc_f64_s (local.get $n)) (i64.const 1023)) (i64.const 52)))))`,
  },
  pow_f32: {
    text: `
(func $pow_f32 (param $a f32) (param $b f32) (result f32)
  (local $size f64) (local $exponent f64) (local $isWhole i32) (local $isOdd i32) (local $result f64)
  (if (f32.eq (local.get $b) (f32.const 0)) (then (return (f32.const 1))))
  (if (f32.ne (local.get $b) (local.get $b)) (then (return (local.get $b))))
  (if (f32.ne (local.get $a) (local.get $a)) (then (return (local.get $a))))
  (local.set $size (f64.abs (f64.promote_f32 (local.get $a))))
  (local.set $isWhole (f32.eq (f32.trunc (local.get $b)) (local.get $b)))
  (local.set $isOdd
    (i32.and
      (local.get $isWhole)
      (f32.ne
        (f32.trunc (f32.mul (local.get $b) (f32.const 0.5)))
        (f32.mul (local.get $b) (f32.const 0.5)))))
  (if (i32.and (f32.lt (local.get $a) (f32.const 0)) (i32.eqz (local.get $isWhole)))
    (then
      (if (f32.ne (f32.abs (local.get $a)) (f32.const inf)) (then
        (if (f32.ne (f32.abs (local.get $b)) (f32.const inf)) (then (return (f32.const nan))))))))
  (if (f64.eq (local.get $size) (f64.const 0))
    (then (local.set $exponent (select (f64.const -500) (f64.const 500) (f32.gt (local.get $b) (f32.const 0)))))
    (else
      (if (f64.eq (local.get $size) (f64.const inf))
        (then (local.set $exponent (select (f64.const 500) (f64.const -500) (f32.gt (local.get $b) (f32.const 0)))))
        (else
          (local.set $exponent (f64.mul (f64.promote_f32 (local.get $b)) (call $log2_f64 (local.get $size))))))))
  ;; |a| = 1 and an infinite exponent: IEEE 754 says 1, JavaScript NaN
  (if (f64.ne (local.get $exponent) (local.get $exponent)) (then (return (f32.const nan))))
  ;; the limits are beyond f32's range in both directions
  (local.set $result
    (call $exp2_f64 (f64.max (f64.min (local.get $exponent) (f64.const 500)) (f64.const -500))))
  (f32.demote_f64
    (select
      (f64.neg (local.get $result))
      (local.get $result)
      (i32.and (local.get $isOdd) (f32.lt (f32.copysign (f32.const 1) (local.get $a)) (f32.const 0))))))`,
    calls: ['log2_f64', 'exp2_f64'],
  },
  pow_f32x4: byLanesOfTwo('pow'),
};
