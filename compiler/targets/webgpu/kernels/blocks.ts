/** Vectors of up to four numbers: what is left where an extent is no multiple. */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, f32Const, lane, splat, vector, type Operand } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

export const roundUp = (value: number, to: number): number => Math.ceil(value / to) * to;

export const ZEROS: Expr = splat(f32Const(0));

export const INDEPENDENT = { independent: true } as const;

/** `count` numbers, `stride` apart; the lanes behind them are zeros, and nothing is read there. */
export function loadLanes(k: KernelBuilder, buffer: string, at: Operand, count = 4, stride = 1): Expr {
  if (count >= 4 && stride === 1) return k.load(buffer, at, 'f32x4');
  const load = (i: number): Expr => (i < count ? k.load(buffer, add(at, i * stride)) : f32Const(0));
  return vector(load(0), load(1), load(2), load(3));
}

/** The sum of a vector's lanes, in pairs. */
export function sumOfLanes(k: KernelBuilder, value: Expr): Expr {
  const named = k.let('lanes', value);
  const [a, b, c, d] = ([0, 1, 2, 3] as const).map((i) => lane(named, i)) as [Expr, Expr, Expr, Expr];
  return add(add(a, b), add(c, d));
}
