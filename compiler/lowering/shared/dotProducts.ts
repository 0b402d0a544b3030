/**
 * Tiles of matrix products where both operands are contiguous along the reduction. A sum is a vector of four partial
 * sums, whose lanes are added at the end.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, fma, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OutputAccess } from '../../ops/types.ts';
import { restText } from './blocks.ts';
import { inVectors, loadLanes, sumOfLanes } from './lanes.ts';
import { storeAlong } from './storeAlong.ts';
import { sumVariables, zeroVectors } from './sums.ts';

/** Rows (or columns) of an operand. */
export interface DotLines {
  readonly buffer: string;
  readonly count: number;
  /** The position of number `i` of each line. Names begin with `name`. */
  placesAt(i: Operand, name: string): readonly Expr[];
}

/** Sums over `length` neighbouring numbers: each line of `a` times each line of `b`. */
export function dotTile(
  k: KernelBuilder,
  a: DotLines,
  b: DotLines,
  length: number,
  betweenNumbers = '',
): Expr[][] {
  const sums = sumVariables(k, a.count, zeroVectors(b.count), betweenNumbers);
  const step = (i: Operand, lanes: number): void => {
    const left = a.placesAt(i, 'a').map((at, r) => k.let(`a${r}`, loadLanes(k, a.buffer, at, lanes)));
    b.placesAt(i, 'b').forEach((at, c) => {
      const value = k.let(`b${c}`, loadLanes(k, b.buffer, at, lanes));
      left.forEach((one, r) => k.assign(sums[r]![c]!, fma(one, value, sums[r]![c]!)));
    });
  };
  const whole = length - (length % 4);
  k.for('i', 0, whole, (i) => step(i, 4), { step: 4 });
  if (whole < length) k.block(restText('numbers', length - whole), () => step(whole, length - whole));
  return sums.map((row) => row.map((sum) => sumOfLanes(k, sum)));
}

/** Stores the sums of each line of `a`, for at most four lines of `b`, as a vector. Adds a bias if there is one. */
export function storeDots(
  k: KernelBuilder,
  output: OutputAccess,
  sums: readonly (readonly Expr[])[],
  indexOf: (line: number) => readonly Operand[],
  bias?: Expr,
): void {
  sums.forEach((line, r) => {
    const total = inVectors(line)[0]!;
    storeAlong(k, output, indexOf(r), bias ? add(total, bias) : total, line.length);
  });
}
