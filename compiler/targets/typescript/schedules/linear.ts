/**
 * linear for plain JavaScript. The sums of rows x features are local variables. The weights keep their layout, [O, I]:
 * both operands are read along their contiguous axis.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, fma } from '../../../kernel/expression.ts';
import { rowMajor } from '../../../kernel/layout.ts';
import { forMatrixTiles, type MatrixTile, type MatrixTiling } from '../../../lowering/shared/matrices.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';

export interface LinearTile {
  /** Rows of the input (the batch). */
  readonly rows: number;
  readonly features: number;
}

const LINEAR_TILE: LinearTile = { rows: 4, features: 4 };

export function linearSchedule(request: ScheduleRequest<'linear'>): Schedule<'linear'> | undefined {
  const { inputs, outputLayout } = request;
  if (inputs[0]!.shape.length !== 2) return undefined;
  const rows = Math.min(LINEAR_TILE.rows, inputs[0]!.shape[0]!);
  return {
    name: `dot products, ${rows} x ${LINEAR_TILE.features}`,
    inputLayouts: inputs.map((type) => rowMajor(type.shape)),
    outputLayout,
    build: (site, k) => buildLinear(site, k, { rows, features: LINEAR_TILE.features }),
  };
}

function buildLinear(site: Site<'linear'>, k: KernelBuilder, { rows, features }: LinearTile): void {
  const tiling: MatrixTiling = [
    ['rows', 'n', rows],
    ['columns', 'o', features],
  ];
  forMatrixTiles(k, site.output.type.shape, [], tiling, (tile) => buildTile(site, k, tile));
}

function buildTile(site: Site<'linear'>, k: KernelBuilder, tile: MatrixTile): void {
  const { row, rows, column: feature, columns: features } = tile;
  const [x, weight, bias] = site.inputs;
  const inputs = x!.type.shape[1]!;
  const sums = range(rows).map((r) =>
    range(features).map((f) => k.variable(`sum${r}${f}`, bias ? bias.load([add(feature, f)]) : 0)),
  );
  k.for('i', 0, inputs, (i) => {
    const values = range(rows).map((r) => k.let(`x${r}`, x!.load([add(row, r), i])));
    range(features).forEach((f) => {
      const w = k.let(`w${f}`, weight!.load([add(feature, f), i]));
      values.forEach((value, r) => k.assign(sums[r]![f]!, fma(value, w, sums[r]![f]!)));
    });
  });
  sums.forEach((line, r) => line.forEach((sum, f) => site.output.store([add(row, r), add(feature, f)], sum)));
}
