/**
 * The register tile of every matrix product here: `pixels` x `vectors` of four output channels stay in local variables
 * while the reduction runs; each step loads a number of each pixel, spread over a vector, and the weights of one input
 * channel.
 *
 *     sum[p][v] += x[p] * w[v]
 *
 * V8 gives 15 vector registers and hoists the loads of a loop's body to its top: sums + weights + one
 * number of each pixel must fit into them, and a body has one step.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { addProducts, type Sums } from '../../../../lowering/shared/sums.ts';

export interface TileOperands {
  readonly x: string;
  /** Of each pixel, from the first one's place on, in elements. */
  readonly pixelOffsets: readonly number[];
  readonly weights: string;
  /** From the weights of one input channel to the next one's. */
  readonly panel: number;
}

/** `length` steps along neighbouring numbers of `x`, from `xAt` and `wAt` on. */
export function multiplyRun(
  k: KernelBuilder,
  sums: Sums,
  { x, pixelOffsets, weights, panel }: TileOperands,
  xAt: Expr,
  wAt: Expr,
  length: number,
): void {
  k.for('i', 0, length, (i) =>
    multiplyStep(k, sums, { x, offsets: pixelOffsets, weights }, add(xAt, i), add(wAt, mul(i, panel))),
  );
}

export interface StepOperands {
  readonly x: string;
  /** Of each row of the tile, in elements. */
  readonly offsets: readonly number[];
  readonly weights: string;
}

/** One step: a number of each row of the tile from `xAt` on, vectors from `wAt` on. */
export function multiplyStep(
  k: KernelBuilder,
  sums: Sums,
  { x, offsets, weights }: StepOperands,
  xAt: Expr,
  wAt: Expr,
): void {
  const at = k.let('xi', xAt);
  const wi = k.let('wi', wAt);
  const loaded = sums[0]!.map((_, v) => k.let(`w${v}`, k.load(weights, add(wi, 4 * v), 'f32x4')));
  const loadRow = (p: number): Expr => k.let(`x${p}`, splat(k.load(x, add(at, offsets[p]!))));
  addProducts(k, sums, loadRow, loaded);
}
