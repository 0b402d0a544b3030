/**
 * Operands of matrix products that are read without packing.
 *
 *     dotLines:   for the tile of dotProducts.ts; both operands are contiguous along the reduction
 *     outerTile:  sums are vectors of four columns of the right operand
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { DotLines } from '../../../../lowering/shared/dotProducts.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, zeroVectors, type Sums } from '../../../../lowering/shared/sums.ts';

/** Rows (or columns) of an operand. */
export interface Lines {
  readonly buffer: string;
  /** The index of the first number of each line. */
  readonly starts: readonly Expr[];
  /** The distance between numbers along the reduction. */
  readonly step: number;
}

/** The lines, with an address for each. */
export const dotLines = ({ buffer, starts }: Pick<Lines, 'buffer' | 'starts'>): DotLines => ({
  ...{ buffer, count: starts.length },
  placesAt: (i) => starts.map((start) => add(start, i)),
});

export interface Columns {
  readonly buffer: string;
  readonly start: Expr;
  readonly count: number;
  /** The distance between columns, and between numbers along the reduction. */
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
