/**
 * linear: the weights are read where they lie, [O, I], once.
 *
 *     for each four outputs
 *       for each row of the input, or two
 *         dot products along I
 *
 * Many rows are a matrix product: linearPacked.ts.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, mul, type Operand } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor, strideOf } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { forBlocks } from '../../../../lowering/shared/blocks.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { linearPackedSchedule } from './linearPacked.ts';
import { dotTile, inVectors } from '../shared/products.ts';
import { storeAlong } from '../../../../lowering/shared/storeAlong.ts';

/**
 * From here on packed weights are worth it even where they change at every step. (AMD EPYC, 197 rows x 192 x 768: 42
 * GFLOP/s packed, 33 by dot products; 32 x 400 x 120: 43 and 37.)
 */
const MANY_ROWS = 64;

/** Rows of the input x outputs. */
export const LINEAR_TILE = { rows: 2, outputs: 4 } as const;

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
  const { shape } = site.output.type;
  const outer = shape.slice(0, -2);
  const rows = shape.at(-2) ?? 1;
  k.forEach(
    outer.map((_, axis) => `n${axis}`),
    outer,
    (index) =>
      forBlocks(k, { name: 'o', extent: shape.at(-1)!, block: tile.outputs }, (feature, features) =>
        forBlocks(k, { name: 'n', extent: rows, block: tile.rows }, (row, count) =>
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
  const hasRows = x!.type.shape.length > 1;
  const at = (r: Operand, last: Operand): Operand[] => (hasRows ? [...index, r, last] : [last]);
  const xAt = k.let('xAt', elementIndex(x!.place.layout, at(row, 0)));
  const wAt = k.let('wAt', mul(feature, length));
  const stride = hasRows ? strideOf(x!.place.layout, x!.type.shape.length - 2) : 0;
  const sums = dotTile(
    k,
    { buffer: x!.place.buffer, at: xAt, count, stride },
    { buffer: weight!.place.buffer, at: wAt, count: features, stride: length },
    length,
  );
  const first = bias && k.let('bias', loadAlong(k, bias, feature, features));
  sums.forEach((row_, r) => {
    const total = inVectors(row_)[0]!;
    storeAlong(k, site.output, at(add(row, r), feature), first ? add(total, first) : total, features);
  });
}
