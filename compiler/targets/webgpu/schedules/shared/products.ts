/**
 * Tiles of matrix products whose operands lie as they are.
 *
 *     dotTile:    both operands' numbers lie along the reduction; a sum is a vector, its lanes are added at the end
 *     outerTile:  sums are vectors of four columns of the right operand
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, fma, mul, splat, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { loadLanes, sumOfLanes } from '../../../../lowering/shared/lanes.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, zeroVectors, type Sums } from '../../../../lowering/shared/sums.ts';

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
  const sums = sumVariables(k, a.starts.length, zeroVectors(b.starts.length), '_');
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

export interface Columns {
  readonly buffer: string;
  readonly start: Expr;
  readonly count: number;
  /** From a column to the next one, and from a number of the reduction to the next one. */
  readonly stride: number;
  readonly step: number;
}

export function outerTile(k: KernelBuilder, a: Lines, b: Columns, length: number): Sums {
  const vectors = range(Math.ceil(b.count / 4));
  const sums = sumVariables(k, a.starts.length, zeroVectors(vectors.length), '_');
  k.for('i', 0, length, (i) => {
    const bi = k.let('bi', add(b.start, mul(i, b.step)));
    const right = vectors.map((v) =>
      k.let(`b${v}`, loadLanes(k, b.buffer, add(bi, 4 * v * b.stride), b.count - 4 * v, b.stride)),
    );
    const loadRow = (r: number): Expr =>
      k.let(`a${r}`, splat(k.load(a.buffer, add(a.starts[r]!, mul(i, a.step)))));
    addProducts(k, sums, loadRow, right);
  });
  return sums;
}
