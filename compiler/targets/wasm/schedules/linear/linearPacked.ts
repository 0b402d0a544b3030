/**
 * linear for many rows: a matrix product by the register tile. Weights are packed [O / 8][I][8].
 *
 *     for each block of rows and eight outputs
 *       4 rows x 8 outputs at a time
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, f32Const, mul, splat } from '../../../../kernel/expression.ts';
import { createLayout, elementIndex, rowMajor } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { forBlocks } from '../../../../lowering/shared/blocks.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { range } from '../shared/products.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';
import { multiplyRun } from '../shared/tile.ts';

const TILE = { rows: 4, outputs: 8 } as const;

export function linearPackedSchedule({
  inputs,
  outputLayout,
}: ScheduleRequest<'linear'>): Schedule<'linear'> | undefined {
  const [x, weight, ...bias] = inputs;
  const packed = createLayout(`oi${TILE.outputs}`, weight!.shape, [0, 1, { axis: 0, block: TILE.outputs }]);
  return {
    name: `matrix product, ${TILE.rows} x ${TILE.outputs}`,
    inputLayouts: [rowMajor(x!.shape), packed, ...bias.map(({ shape }) => rowMajor(shape))],
    outputLayout,
    build: buildLinear,
  };
}

function buildLinear(site: Site<'linear'>, k: KernelBuilder): void {
  const { shape } = site.output.type;
  const [outer, rows, outputs] = [shape.slice(0, -2), shape.at(-2)!, shape.at(-1)!];
  k.forEach(
    outer.map((_, axis) => `n${axis}`),
    outer,
    (index) =>
      forBlocks(k, { name: 'o', extent: outputs, block: TILE.outputs }, (feature, features) =>
        forBlocks(k, { name: 'n', extent: rows, block: TILE.rows }, (row, count) =>
          buildTile(site, k, { index, row, count, feature, features }),
        ),
      ),
  );
}

interface TilePlace {
  readonly index: readonly Expr[];
  readonly row: Expr;
  readonly count: number;
  readonly feature: Expr;
  readonly features: number;
}

function buildTile(site: Site<'linear'>, k: KernelBuilder, place: TilePlace): void {
  const { index, row, count, feature, features } = place;
  const [x, weight, bias] = site.inputs;
  const length = weight!.type.shape[1]!;
  const lanes = (v: number): number => Math.min(4, features - 4 * v);
  const vectors = range(Math.ceil(features / 4));
  const first = vectors.map((v) =>
    bias ? k.let(`bias${v}`, loadAlong(k, bias, add(feature, 4 * v), lanes(v))) : splat(f32Const(0)),
  );
  const sums = range(count).map((r) => vectors.map((v) => k.variable(`sum${r}${v}`, first[v]!, 'f32x4')));
  const xAt = k.let('xAt', elementIndex(x!.place.layout, [...index, row, 0]));
  const operands = {
    x: x!.place.buffer,
    pixelOffsets: range(count).map((r) => r * length),
    weights: weight!.place.buffer,
    panel: TILE.outputs,
  };
  multiplyRun(k, sums, operands, xAt, k.let('wAt', mul(feature, length)), length);
  sums.forEach((row_, r) =>
    row_.forEach((sum, v) =>
      storeAlong(k, site.output, [...index, add(row, r), add(feature, 4 * v)], sum, lanes(v)),
    ),
  );
}
