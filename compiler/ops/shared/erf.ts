/**
 * erf as an expression: W. J. Cody, "Rational Chebyshev approximations for the error function", Mathematics of
 * Computation 23 (1969), with the coefficients of his CALERF. One quotient is for |x| <= 0.46875; a second one, times
 * exp(-x^2), is for the rest. Cody's third quotient, for |x| > 4, differs from the second by less than 1e-10 there.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import {
  abs,
  add,
  div,
  exp,
  f32Const,
  fma,
  le,
  lt,
  min,
  mul,
  neg,
  select,
  sub,
} from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';

/** Coefficients from the highest power down. */
const SMALL_NUMERATOR = [
  1.85777706184603153e-1, 3.1611237438705656, 1.13864154151050156e2, 3.77485237685302021e2,
  3.20937758913846947e3,
];
const SMALL_DENOMINATOR = [
  1, 2.36012909523441209e1, 2.44024637934444173e2, 1.28261652607737228e3, 2.84423683343917062e3,
];
const LARGE_NUMERATOR = [
  2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594, 6.61191906371416295e1,
  2.98635138197400131e2, 8.8195222124176909e2, 1.71204761263407058e3, 2.05107837782607147e3,
  1.23033935479799725e3,
];
const LARGE_DENOMINATOR = [
  1, 1.57449261107098347e1, 1.17693950891312499e2, 5.37181101862009858e2, 1.62138957456669019e3,
  3.29079923573345963e3, 4.36261909014324716e3, 3.43936767414372164e3, 1.23033935480374942e3,
];
const BOUNDARY = 0.46875;
/** A limit for x, which keeps its powers small. erf is 1 in f64 from there on. */
const SATURATED = 6;

/** Horner's scheme. A leading 1 costs nothing. */
function polynomial([highest, next, ...rest]: readonly number[], x: Expr): Expr {
  const first = highest === 1 ? add(x, next!) : fma(f32Const(highest!), x, f32Const(next!));
  return rest.reduce((sum, coefficient) => fma(sum, x, f32Const(coefficient)), first);
}

export function erfOf(k: KernelBuilder, value: Expr): Expr {
  const x = k.let('x', value);
  const size = k.let('size', min(abs(x), SATURATED));
  const square = k.let('square', mul(size, size));
  const small = mul(x, div(polynomial(SMALL_NUMERATOR, square), polynomial(SMALL_DENOMINATOR, square)));
  const rest = mul(
    exp(neg(square)),
    div(polynomial(LARGE_NUMERATOR, size), polynomial(LARGE_DENOMINATOR, size)),
  );
  const large = k.let('large', sub(1, rest));
  return select(le(size, BOUNDARY), small, select(lt(x, 0), neg(large), large));
}
