/**
 * Operands of matrix products that are read without packing. The sums of a few rows and columns are local variables
 * during the reduction. As in tile.ts the sums and loads of a step must fit into 14 registers.
 *
 *     dotLines:   for the tile of dotProducts.ts; both operands are contiguous along the reduction
 *     outerTile:  the right operand's columns are neighbours; sums are vectors of four columns
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { DotLines } from '../../../../lowering/shared/dotProducts.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { addProducts, type Sums } from '../../../../lowering/shared/sums.ts';

/** Rows (or columns) of an operand. */
export interface Lines {
  readonly buffer: string;
  /** The first number of the first line. */
  readonly at: Expr;
  readonly count: number;
  /** The distance between lines. */
  readonly stride: number;
}

/** The lines, with one address for all of them. */
export const dotLines = (k: KernelBuilder, { buffer, at, count, stride }: Lines): DotLines => ({
  ...{ buffer, count },
  placesAt(i, name) {
    const first = k.let(`${name}i`, add(at, i));
    return range(count).map((line) => add(first, line * stride));
  },
});

/** The left operand of an outer tile; `step` is the distance between numbers along the reduction. */
export interface OuterLines extends Lines {
  readonly step: number;
}

/** Adds `length` steps to `sums[row][vector]`. A step reads `columns` neighbouring numbers of `b`. */
export function outerTile(
  k: KernelBuilder,
  sums: Sums,
  a: OuterLines,
  b: { readonly buffer: string; readonly at: Expr; readonly step: number; readonly columns: number },
  length: number,
): void {
  k.for('i', 0, length, (i) => {
    const ai = k.let('ai', add(a.at, mul(i, a.step)));
    const bi = k.let('bi', add(b.at, mul(i, b.step)));
    const right = sums[0]!.map((_, v) =>
      k.let(`b${v}`, loadLanes(k, b.buffer, add(bi, 4 * v), Math.min(4, b.columns - 4 * v))),
    );
    const loadRow = (r: number): Expr => k.let(`a${r}`, splat(k.load(a.buffer, add(ai, r * a.stride))));
    addProducts(k, sums, loadRow, right);
  });
}
