/**
 * Tiles of matrix products whose operands lie as they are.
 *
 *     dotTile:    both operands' numbers lie along the reduction; a sum is a vector, its lanes are added at the end
 *     outerTile:  sums are vectors of four columns of the right operand
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import {
  add,
  fma,
  mul,
  splat,
  vector,
  f32Const,
  toExpr,
  type Operand,
} from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { loadLanes, sumOfLanes } from '../../../../lowering/shared/lanes.ts';
import { range, ZEROS } from './shorthands.ts';

/** Rows (or columns) of an operand. */
export interface Lines {
  readonly buffer: string;
  /** The first number of each. */
  readonly starts: readonly Expr[];
  /** From a number of the reduction to the next one. */
  readonly step: number;
}

/** Sums over `length` numbers: of each line of `a` with each of `b`. */
export function dotTile(k: KernelBuilder, a: Lines, b: Lines, length: number): Expr[][] {
  const sums = a.starts.map((_, r) => b.starts.map((_, c) => k.variable(`sum${r}_${c}`, ZEROS, 'f32x4')));
  const step = (i: Operand, lanes: number): void => {
    const load = (name: string, { buffer, starts }: Lines): Expr[] =>
      starts.map((start, line) => k.let(`${name}${line}`, loadLanes(k, buffer, add(start, i), lanes)));
    const left = load('a', a);
    b.starts.forEach((start, c) => {
      const value = k.let(`b${c}`, loadLanes(k, b.buffer, add(start, i), lanes));
      left.forEach((one, r) => k.assign(sums[r]![c]!, fma(one, value, sums[r]![c]!)));
    });
  };
  const whole = length - (length % 4);
  k.for('i', 0, whole, (i) => step(i, 4), { step: 4 });
  if (whole < length) k.block(`the last ${length - whole}`, () => step(whole, length - whole));
  return sums.map((row) => row.map((sum) => sumOfLanes(k, sum)));
}

/** Numbers as vectors of four, the last one filled up with zeros. */
export const inVectors = (values: readonly Expr[]): Expr[] =>
  range(Math.ceil(values.length / 4)).map((v) => {
    const [a, b, c, d] = range(4).map((i) => values[4 * v + i] ?? f32Const(0)) as [Expr, Expr, Expr, Expr];
    return vector(a, b, c, d);
  });

export interface Columns {
  readonly buffer: string;
  readonly start: Expr;
  readonly count: number;
  /** From a column to the next one, and from a number of the reduction to the next one. */
  readonly stride: number;
  readonly step: number;
}

export function outerTile(k: KernelBuilder, a: Lines, b: Columns, length: number): Expr[][] {
  const vectors = range(Math.ceil(b.count / 4));
  const sums = a.starts.map((_, r) => vectors.map((v) => k.variable(`sum${r}_${v}`, ZEROS, 'f32x4')));
  k.for('i', 0, length, (i) => {
    const bi = k.let('bi', add(b.start, mul(i, b.step)));
    const right = vectors.map((v) =>
      k.let(`b${v}`, loadLanes(k, b.buffer, add(bi, 4 * v * b.stride), b.count - 4 * v, b.stride)),
    );
    a.starts.forEach((start, r) => {
      const value = k.let(`a${r}`, splat(k.load(a.buffer, add(start, mul(toExpr(i, 'i32'), a.step)))));
      sums[r]!.forEach((sum, v) => k.assign(sum, fma(value, right[v]!, sum)));
    });
  });
  return sums;
}
