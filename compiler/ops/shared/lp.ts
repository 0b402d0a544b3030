/** Parts of p-norms: powers of magnitudes, their root, and the derivative of the norm. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { abs, div, eq, f32Const, gt, mul, pow, select, sqrt } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';
import type { OnnxEmitter } from './onnx.ts';

export function checkNormOrder(p: number, reject: Reject): void {
  if (!(Number.isFinite(p) && p >= 1)) reject('CNNC1104', `p is ${p}, expected a number from 1`);
}

/** |value|^p */
export function magnitudePower(k: KernelBuilder, value: Expr, p: number): Expr {
  if (p === 1) return abs(value);
  if (p === 2) {
    const named = k.let('value', value);
    return mul(named, named);
  }
  return pow(abs(value), p);
}

/** sum^(1 / p) */
export function root(sum: Expr, p: number): Expr {
  if (p === 1) return sum;
  return p === 2 ? sqrt(sum) : pow(sum, 1 / p);
}

/** d norm / d value = sign(value) * (|value| / norm)^(p - 1); 0 where the norm is 0. */
export function normDerivative(k: KernelBuilder, value: Expr, norm: Expr, p: number): Expr {
  const sign = select(gt(value, 0), f32Const(1), select(eq(value, 0), f32Const(0), f32Const(-1)));
  if (p === 1) return sign;
  const named = k.let('norm', norm);
  const share = p === 2 ? div(value, named) : mul(sign, pow(div(abs(value), named), p - 1));
  return select(eq(named, 0), f32Const(0), share);
}

/** x^exponent in ONNX. */
export const onnxPower = (e: OnnxEmitter, x: string, exponent: number): string =>
  e.emit('Pow', [x, e.scalar(exponent)]);
