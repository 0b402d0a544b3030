/**
 * linear. For few rows it computes dot products with weights that keep their layout, [O, I]. For many rows it is a
 * matrix product with packed weights, computed like a 1x1 convolution.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, type Operand } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor } from '../../../../kernel/layout.ts';
import { dotTile, storeDots } from '../../../../lowering/shared/dotProducts.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { forAllTiles, rowElement } from '../../../../lowering/shared/matrices.ts';
import type { MatrixTile, MatrixTiling } from '../../../../lowering/shared/matrices.ts';
import { alongPanels, linearPanels } from '../../../../lowering/shared/packedWeights.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import type { Family } from '../../families.ts';
import { buildWay, correlationWay } from '../shared/correlation/correlationWay.ts';
import { asPixels, productOf } from '../shared/correlation/rows.ts';
import { panelBlock } from '../shared/panelBlock.ts';
import { dotLines } from '../shared/products.ts';
import { linearSplitSchedule } from './linearSplit.ts';

/** The number of rows from which on weights are packed, even if they change in every step. */
const MANY_ROWS = 16;
const TILE = { rows: 4, outputs: 4 } as const;
const TILING: MatrixTiling = [
  ['rows', 'row', TILE.rows],
  ['columns', 'output', TILE.outputs],
];

export const linearRule =
  (family: Family): ScheduleRule<'linear'> =>
  (request) =>
    linearSchedule(request, family);

function linearSchedule(request: ScheduleRequest<'linear'>, family: Family): Schedule<'linear'> | undefined {
  const { inputs, outputLayout } = request;
  const rows = inputs[0]!.shape.at(-2) ?? 1;
  if (rows >= MANY_ROWS) return productSchedule(request, family);
  const split = family === 'tiled' ? linearSplitSchedule(request) : undefined;
  if (split) return split;
  return {
    name: `dot products, ${Math.min(rows, TILE.rows)} x ${TILE.outputs}`,
    inputLayouts: inputs.map(({ shape }) => rowMajor(shape)),
    outputLayout,
    build: (site, k) => forAllTiles(k, site.output.type.shape, TILING, (tile) => buildDotTile(site, k, tile)),
  };
}

function buildDotTile(site: Site<'linear'>, k: KernelBuilder, tile: MatrixTile): void {
  const { outer, row, rows, column, columns } = tile;
  const [x, weight, bias] = site.inputs;
  const length = weight!.type.shape[1]!;
  const indexOf = (r: number, last: Operand) => rowElement(x!.type.shape.length, outer, add(row, r), last);
  const lines = range(rows).map((r) => k.let(`xAt${r}`, elementIndex(x!.place.layout, indexOf(r, 0))));
  const filters = range(columns).map((o) => k.let(`wAt${o}`, mul(add(column, o), length)));
  const xLines = dotLines({ buffer: x!.place.buffer, starts: lines });
  const sums = dotTile(k, xLines, dotLines({ buffer: weight!.place.buffer, starts: filters }), length, '_');
  const first = bias && k.let('bias', loadLanes(k, bias.place.buffer, column, columns));
  storeDots(k, site.output, sums, (r) => indexOf(r, column), first);
}

function productSchedule(
  { inputs, outputLayout }: ScheduleRequest<'linear'>,
  family: Family,
): Schedule<'linear'> | undefined {
  const [x, weight, ...bias] = inputs;
  const [outputs, channels] = weight!.shape as [number, number];
  const block = panelBlock(outputs, 1)!;
  const rows = x!.shape.at(-2)!;
  const of = productOf(x!.shape, rows, channels, outputs, block);
  const way = correlationWay(of, family, 'matrix product');
  return {
    name: way.name,
    inputLayouts: [
      rowMajor(x!.shape),
      linearPanels(weight!.shape, block),
      ...bias.map(({ shape }) => alongPanels(shape, block)),
    ],
    outputLayout,
    workspaces: way.workspaces,
    build: (site, k) => buildWay(way, { ...site, output: asPixels(k, site.output) }, k),
  };
}
