/**
 * The transforms of Winograd's algorithm for a weight gradient: F(3 x 3, 2 x 2). The forward algorithm F(2 x 2, 3 x 3)
 * is bilinear, so its derivative with regard to the filter has the same products with the transforms transposed:
 *
 *     dw = G^T ( sum over tiles of (A g A^T) * (B^T d B) ) G
 *
 * The factors of A are applied to the sums, with those of G^T.
 */
import { add, f32Const, mul, splat, sub } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { F2 } from '../../../../../lowering/shared/winograd.ts';

/** Element `at` of a transformed column. */
export type Element = (column: readonly Expr[], at: number) => Expr;

/** B^T d */
export const inputElement: Element = (d, at) => F2.transformInput(d, (_name, value) => value)[at]!;

/** A g */
export const gradientElement: Element = ([g0, g1], at) => [g0!, add(g0!, g1!), sub(g0!, g1!), g1!][at]!;

/** G^T s */
export function weightElement([s0, s1, s2, s3]: readonly Expr[], at: number): Expr {
  const half = splat(f32Const(0.5));
  const even = (): Expr => mul(half, add(s1!, s2!));
  if (at === 1) return mul(half, sub(s1!, s2!));
  return at === 0 ? add(s0!, even()) : add(even(), s3!);
}
