/** A tile of sums in local variables, rows x columns (of vectors or numbers), to which products are added. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, fma } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { TensorAccess } from '../../ops/types.ts';
import { loadAlong } from './lanes.ts';
import { range, ZEROS } from './shorthands.ts';

export type Sums = readonly (readonly Expr[])[];

/** Declares the variables `sum<row><column>`. Each row starts with `first`. */
export const sumVariables = (k: KernelBuilder, rows: number, first: readonly Expr[], between = ''): Sums =>
  range(rows).map((r) => first.map((one, c) => k.variable(`sum${r}${between}${c}`, one, one.type)));

export const zeroVectors = (count: number): Expr[] => range(count).map(() => ZEROS);

/** Loads `lanes` numbers of a bias from `at` on, as vectors; zeros if there is no bias. */
export const biasVectors = (
  k: KernelBuilder,
  bias: TensorAccess | undefined,
  at: Expr,
  lanes: number,
): Expr[] =>
  range(Math.ceil(lanes / 4)).map((v) =>
    bias ? k.let(`bias${v}`, loadAlong(k, bias, add(at, 4 * v), Math.min(4, lanes - 4 * v))) : ZEROS,
  );

/** sums[row][column] += row(row) * columns[column] */
export function addProducts(
  k: KernelBuilder,
  sums: Sums,
  row: (number: number) => Expr,
  columns: readonly Expr[],
): void {
  sums.forEach((line, r) => {
    const value = row(r);
    line.forEach((sum, c) => k.assign(sum, fma(value, columns[c]!, sum)));
  });
}
