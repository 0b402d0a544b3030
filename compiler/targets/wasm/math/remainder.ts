/** The remainder a - b trunc(a / b), computed in f64. It is exact if the quotient is below 2^29. */
import { byLanesOfTwo, type MathFunction } from './types.ts';

export const remainder: Readonly<Record<string, MathFunction>> = {
  rem_f32: {
    text: `
(func $rem_f32 (param $a f32) (param $b f32) (result f32)
  (local $x f64) (local $y f64)
  (local.set $x (f64.promote_f32 (local.get $a)))
  (local.set $y (f64.promote_f32 (local.get $b)))
  (f32.demote_f64
    (f64.sub (local.get $x) (f64.mul (local.get $y) (f64.trunc (f64.div (local.get $x) (local.get $y)))))))`,
  },
  rem_f32x4: byLanesOfTwo('rem'),
};
