/** matmul for plain JavaScript. The sums of rows x columns are local variables; both operands keep their layouts. */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, f32Const, fma } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import {
  forMatrices,
  forMatrixTiles,
  type MatrixTile,
  type MatrixTiling,
} from '../../../lowering/shared/matrices.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import { sumVariables } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';

const TILE = { rows: 4, columns: 4 } as const;

export function matmulSchedule(request: ScheduleRequest<'matmul'>): Schedule<'matmul'> | undefined {
  const { inputs, inputLayouts, output, outputLayout } = request;
  // Batches that broadcast are left to the plain loops.
  const isBatched = (shape: readonly number[]) =>
    shape.slice(0, -2).join() === output.shape.slice(0, -2).join();
  if (output.shape.length < 2 || !inputs.every(({ shape }) => isBatched(shape))) return undefined;
  return { name: `blocked, ${TILE.rows} x ${TILE.columns}`, inputLayouts, outputLayout, build };
}

const TILING: MatrixTiling = [
  ['rows', 'm', TILE.rows],
  ['columns', 'n', TILE.columns],
];

function build(site: Site<'matmul'>, k: KernelBuilder): void {
  const { shape } = site.output.type;
  const inMatrix = (outer: readonly Expr[]): void =>
    forMatrixTiles(k, shape, outer, TILING, (tile) => buildTile(site, k, tile));
  forMatrices(k, shape, inMatrix, 'batch');
}

function buildTile(site: Site<'matmul'>, k: KernelBuilder, tile: MatrixTile): void {
  const [a, b] = site.inputs;
  const { outer } = tile;
  const { transposeA, transposeB } = site.attrs;
  const depth = a!.type.shape.at(transposeA ? -2 : -1)!;
  const zeros = range(tile.columns).map(() => f32Const(0));
  const sums = sumVariables(k, tile.rows, zeros);
  k.for('k', 0, depth, (i) => {
    const left = range(tile.rows).map((r) => {
      const row = add(tile.row, r);
      return k.let(`a${r}`, a!.load([...outer, ...(transposeA ? [i, row] : [row, i])]));
    });
    range(tile.columns).forEach((c) => {
      const column = add(tile.column, c);
      const right = k.let(`b${c}`, b!.load([...outer, ...(transposeB ? [column, i] : [i, column])]));
      left.forEach((value, r) => k.assign(sums[r]![c]!, fma(value, right, sums[r]![c]!)));
    });
  });
  sums.forEach((line, r) =>
    line.forEach((sum, c) => site.output.store([...outer, add(tile.row, r), add(tile.column, c)], sum)),
  );
}
