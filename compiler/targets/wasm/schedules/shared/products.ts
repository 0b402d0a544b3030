/**
 * The register tiles of matrix products whose operands lie as they are: sums of a few rows and columns stay in local
 * variables while the reduction runs.
 *
 *     dotTile:    both operands' numbers lie along the reduction; a sum is a vector, its lanes are added at the end
 *     outerTile:  the right operand's columns are neighbours; sums are vectors of four columns
 *
 * As in tile.ts a step's sums and loads must fit into 14 registers.
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
  /** The first number of the first line. */
  readonly at: Expr;
  readonly count: number;
  /** From a line to the next one. */
  readonly stride: number;
}

/** Sums over `length` neighbouring numbers: of each row of `a` with each row of `b`, in vectors of up to four. */
export function dotTile(k: KernelBuilder, a: Lines, b: Lines, length: number): Expr[][] {
  const sums = sumVariables(k, a.count, zeroVectors(b.count));
  const step = (i: Operand, lanes: number): void => {
    const left = loadLines(k, 'a', a, i, lanes);
    loadLines(k, 'b', b, i, lanes, (value, c) =>
      left.forEach((one, r) => k.assign(sums[r]![c]!, fma(one, value, sums[r]![c]!))),
    );
  };
  const whole = length - (length % 4);
  k.for('i', 0, whole, (i) => step(i, 4), { step: 4 });
  if (whole < length) k.block(`the last ${length - whole}`, () => step(whole, length - whole));
  return sums.map((row) => row.map((sum) => sumOfLanes(k, sum)));
}

function loadLines(
  k: KernelBuilder,
  name: string,
  { buffer, at, count, stride }: Lines,
  i: Operand,
  lanes: number,
  use: (value: Expr, line: number) => void = () => {},
): Expr[] {
  const first = k.let(`${name}i`, add(at, i));
  return range(count).map((line) => {
    const value = k.let(`${name}${line}`, loadLanes(k, buffer, add(first, line * stride), lanes));
    use(value, line);
    return value;
  });
}

/** The left operand of an outer tile: numbers a step apart are those of the reduction. */
export interface OuterLines extends Lines {
  readonly step: number;
}

/** Adds to `sums[row][vector]`, over `length` steps. `b` is `columns` neighbouring numbers, a step's from `bAt` on. */
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
