/**
 * The register tile of every matrix product here. The sums of `pixels` x `vectors` of four output channels are local
 * variables during the reduction. Each step loads one number of each pixel, repeated in a vector, and the weights of
 * one input channel.
 *
 *     sum[p][v] += x[p] * w[v]
 *
 * V8 has 15 vector registers and moves the loads of a loop's body to its top. So the sums, the weights and one number
 * of each pixel must fit into the registers, and a body has one step.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, splat } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { addProducts, type Sums } from '../../../../lowering/shared/sums.ts';

export interface TileOperands {
  readonly x: string;
  /** The offset of each pixel from the first one, in elements. */
  readonly pixelOffsets: readonly number[];
  readonly weights: string;
  /** The distance between the weights of two input channels, in elements. */
  readonly panel: number;
}

/** Adds `length` steps along neighbouring numbers of `x`, which begin at `xAt` and `wAt`. */
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
  /** The offset of each row of the tile, in elements. */
  readonly offsets: readonly number[];
  readonly weights: string;
}

/** Adds one step: a number of each row of the tile, relative to `xAt`, times vectors that begin at `wAt`. */
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
