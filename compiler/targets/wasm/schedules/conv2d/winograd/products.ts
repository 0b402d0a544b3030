/** A matrix product for each position of a tile: tiles x channels times channels x 8 outputs. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, mul } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import { zeroVectors, type Sums } from '../../../../../lowering/shared/sums.ts';
import { multiplyRun } from '../../shared/tile.ts';
import { PANEL, WORKSPACES, type WinogradPlan } from './plan.ts';

export interface PanelPlace {
  /** The index of the panel's first product, and its number of vectors. */
  readonly products: Expr;
  readonly vectors: number;
  /** The buffer of the filters, and where their first matrix begins. */
  readonly filters: { readonly buffer: string; readonly at: Expr };
}

/** Multiplies a block of channels. Unless it has all channels, the products are added to those of the last block. */
export function multiplyTiles(k: KernelBuilder, plan: WinogradPlan, panel: PanelPlace): void {
  const { winograd, registerTiles } = plan;
  const onePosition = (position: Expr): void => {
    let first = 0;
    for (const { rows, count } of registerTiles) {
      const end = first + count * rows;
      const oneTile = (tile: Expr): void => multiplyRows(k, plan, { ...panel, position, tile, rows });
      k.for('tile', first, end, oneTile, { step: rows, ...INDEPENDENT });
      first = end;
    }
  };
  k.block('a matrix product for each position of a tile', () =>
    k.for('position', 0, winograd.inputs ** 2, onePosition, INDEPENDENT),
  );
}

interface TilePlace extends PanelPlace {
  readonly position: Expr;
  readonly tile: Expr;
  readonly rows: number;
}

function multiplyRows(
  k: KernelBuilder,
  { geometry, blockChannels, keptOutputs, inputMatrix, filterMatrix, productMatrix }: WinogradPlan,
  { products, vectors, filters, position, tile, rows }: TilePlace,
): void {
  const to = k.let('to', add(add(products, mul(position, productMatrix)), mul(tile, keptOutputs)));
  const first = (row: number, v: number): Expr =>
    blockChannels < geometry.channels
      ? k.load(WORKSPACES.products, add(to, row * keptOutputs + 4 * v), 'f32x4')
      : zeroVectors(1)[0]!;
  const sums: Sums = range(rows).map((row) =>
    range(vectors).map((v) => k.variable(`sum${row}${v}`, first(row, v), 'f32x4')),
  );
  const operands = {
    x: WORKSPACES.inputs,
    pixelOffsets: range(rows).map((row) => row * blockChannels),
    weights: filters.buffer,
    panel: PANEL,
  };
  const xAt = k.let('xAt', add(mul(position, inputMatrix), mul(tile, blockChannels)));
  multiplyRun(
    k,
    sums,
    operands,
    xAt,
    k.let('wAt', add(filters.at, mul(position, filterMatrix))),
    blockChannels,
  );
  sums.forEach((line, row) =>
    line.forEach((sum, v) => k.store(WORKSPACES.products, add(to, row * keptOutputs + 4 * v), sum)),
  );
}
