/**
 * linear. Few rows: dot products along the weights where they lie, [O, I]; many: a matrix product with packed weights, in
 * the tile of 1x1 convolutions.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, type Operand } from '../../../../kernel/expression.ts';
import { createLayout, elementIndex, rowMajor } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { forBlocks } from '../../../../lowering/shared/blocks.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { range } from '../shared/shorthands.ts';
import type { Family } from '../../families.ts';
import { correlationWay } from '../conv2d/correlationWay.ts';
import { linearSplitSchedule } from './linearSplit.ts';
import { alongPanels, panelBlock } from '../shared/panels.ts';
import { dotTile, inVectors } from '../shared/products.ts';
import { asPixels, productOf } from '../shared/rows.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';

/** From here on weights are packed, even where they change in every step. */
const MANY_ROWS = 16;
const TILE = { rows: 4, outputs: 4 } as const;

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
    build: buildDots,
  };
}

function buildDots(site: Site<'linear'>, k: KernelBuilder): void {
  const { shape } = site.output.type;
  const outer = shape.slice(0, -2);
  k.forEach(
    outer.map((_, axis) => `n${axis}`),
    outer,
    (index) =>
      forBlocks(k, { name: 'row', extent: shape.at(-2) ?? 1, block: TILE.rows }, (row, count) =>
        forBlocks(k, { name: 'output', extent: shape.at(-1)!, block: TILE.outputs }, (output, outputs) =>
          buildDotTile(site, k, { index, row, count, output, outputs }),
        ),
      ),
  );
}

interface DotPlace {
  readonly index: readonly Expr[];
  readonly row: Expr;
  readonly count: number;
  readonly output: Expr;
  readonly outputs: number;
}

function buildDotTile(site: Site<'linear'>, k: KernelBuilder, place: DotPlace): void {
  const { index, row, count, output, outputs } = place;
  const [x, weight, bias] = site.inputs;
  const length = weight!.type.shape[1]!;
  const hasRows = x!.type.shape.length > 1;
  const at = (r: Operand, last: Operand): Operand[] => (hasRows ? [...index, r, last] : [last]);
  const lines = range(count).map((r) => k.let(`xAt${r}`, elementIndex(x!.place.layout, at(add(row, r), 0))));
  const filters = range(outputs).map((o) => k.let(`wAt${o}`, mul(add(output, o), length)));
  const sums = dotTile(
    k,
    { buffer: x!.place.buffer, starts: lines, step: 1 },
    { buffer: weight!.place.buffer, starts: filters, step: 1 },
    length,
  );
  const first = bias && k.let('bias', loadLanes(k, bias.place.buffer, output, outputs));
  sums.forEach((line, r) => {
    const total = inVectors(line)[0]!;
    storeAlong(k, site.output, at(add(row, r), output), first ? add(total, first) : total, outputs);
  });
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
      createLayout(`oi${block}`, weight!.shape, [0, 1, { axis: 0, block }]),
      ...bias.map(({ shape }) => alongPanels(shape, block)),
    ],
    outputLayout,
    workspaces: way.workspaces,
    build: ({ inputs: [source, weights, first], output }, k) =>
      way.build(k, {
        ...{ source: source!.place.buffer, weights: weights!.place.buffer, bias: first?.place.buffer },
        output: asPixels(k, output),
      }),
  };
}
