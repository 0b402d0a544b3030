/**
 * linear for few rows. The weights keep their layout, [O, I]. Each pair of rows reads them once.
 *
 *     for each four outputs
 *       for each two rows of the input
 *         dot products along I
 *
 * Many rows are computed as a matrix product: linearPacked.ts.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor, strideOf } from '../../../../kernel/layout.ts';
import { dotTile, storeDots } from '../../../../lowering/shared/dotProducts.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { forAllTiles, rowElement } from '../../../../lowering/shared/matrices.ts';
import type { MatrixTile, MatrixTiling } from '../../../../lowering/shared/matrices.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { dotLines } from '../shared/products.ts';
import { linearPackedSchedule } from './linearPacked.ts';

/**
 * The number of rows from which on weights are packed, even if they change in every step. (AMD EPYC, 197 rows x 192 x
 * 768: 42 GFLOP/s packed, 33 by dot products; 32 x 400 x 120: 43 and 37.)
 */
const MANY_ROWS = 64;

/** The size of a tile: rows of the input x outputs. */
const LINEAR_TILE = { rows: 2, outputs: 4 } as const;

export function linearSchedule(request: ScheduleRequest<'linear'>): Schedule<'linear'> | undefined {
  const { inputs, outputLayout } = request;
  const rows = inputs[0]!.shape.at(-2) ?? 1;
  if (rows >= MANY_ROWS) return linearPackedSchedule(request);
  const tile = { ...LINEAR_TILE, rows: Math.min(rows, LINEAR_TILE.rows) };
  return {
    name: `dot products, ${tile.rows} x ${tile.outputs}`,
    inputLayouts: inputs.map(({ shape }) => rowMajor(shape)),
    outputLayout,
    build: (site, k) => buildLinear(site, k, tile),
  };
}

type Tile = { readonly rows: number; readonly outputs: number };

function buildLinear(site: Site<'linear'>, k: KernelBuilder, tile: Tile): void {
  const tiling: MatrixTiling = [
    ['columns', 'o', tile.outputs],
    ['rows', 'n', tile.rows],
  ];
  forAllTiles(k, site.output.type.shape, tiling, (at) => buildTile(site, k, at));
}

function buildTile(site: Site<'linear'>, k: KernelBuilder, tile: MatrixTile): void {
  const { outer, row, rows, column, columns } = tile;
  const [x, weight, bias] = site.inputs;
  const length = weight!.type.shape[1]!;
  const rank = x!.type.shape.length;
  const xAt = k.let('xAt', elementIndex(x!.place.layout, rowElement(rank, outer, row, 0)));
  const wAt = k.let('wAt', mul(column, length));
  const stride = rank > 1 ? strideOf(x!.place.layout, rank - 2) : 0;
  const sums = dotTile(
    k,
    dotLines(k, { buffer: x!.place.buffer, at: xAt, count: rows, stride }),
    dotLines(k, { buffer: weight!.place.buffer, at: wAt, count: columns, stride: length }),
    length,
  );
  const first = bias && k.let('bias', loadAlong(k, bias, column, columns));
  storeDots(k, site.output, sums, (r) => rowElement(rank, outer, add(row, r), column), first);
}
