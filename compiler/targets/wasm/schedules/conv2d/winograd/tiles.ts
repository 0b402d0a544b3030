/**
 * Transforms the tiles of the input, B^T d B, for a block of channels. Columns of the strip are transformed first, so
 * that neighbouring tiles share those that both have.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, mul } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import { WORKSPACES, type WinogradPlan } from './plan.ts';

/** Transforms the tiles of the strip. `first` is the number of its first tile in the block. */
export function transformTiles(k: KernelBuilder, plan: WinogradPlan, first: Expr): void {
  const { blockRows, tileColumns } = plan;
  const oneRow = (row: Expr): void => {
    transformColumns(k, plan, row);
    transformRows(k, plan, k.let('rowTile', add(first, mul(row, tileColumns))));
  };
  k.block('tiles of the input, transformed', () => k.for('row', 0, blockRows, oneRow, INDEPENDENT));
}

/** The columns of a row of tiles: `columns` has a row for each row of a transformed tile. */
function transformColumns(k: KernelBuilder, { winograd, strip }: WinogradPlan, row: Expr): void {
  const { inputs: t, outputs: m } = winograd;
  const length = strip.columns * strip.channels;
  const top = k.let('top', mul(row, m * length));
  const oneVector = (at: Expr): void => {
    const from = k.let('from', add(top, at));
    const d = range(t).map((y) => k.let(`d${y}`, k.load(strip.workspace, add(from, y * length), 'f32x4')));
    const transformed = winograd.transformInput(d, (name, value) => k.let(name, value));
    transformed.forEach((value, y) => k.store(WORKSPACES.columns, add(at, y * length), value));
  };
  k.for('at', 0, length, oneVector, { step: 4, ...INDEPENDENT });
}

function transformRows(
  k: KernelBuilder,
  { winograd, strip, tileColumns, blockChannels, inputMatrix }: WinogradPlan,
  rowTile: Expr,
): void {
  const { inputs: t, outputs: m } = winograd;
  const first = k.let('first', mul(rowTile, blockChannels));
  const oneVector = (corner: Expr, place: Expr, channel: Expr): void => {
    const [from, to] = [k.let('from', add(corner, channel)), k.let('to', add(place, channel))];
    const d = range(t).map((x) =>
      k.let(`d${x}`, k.load(WORKSPACES.columns, add(from, x * blockChannels), 'f32x4')),
    );
    const transformed = winograd.transformInput(d, (name, value) => k.let(name, value));
    transformed.forEach((value, x) => k.store(WORKSPACES.inputs, add(to, x * inputMatrix), value));
  };
  const oneRow = (y: Expr): void => {
    const line = k.let('line', mul(y, strip.columns * blockChannels));
    const matrix = k.let('matrix', add(first, mul(y, t * inputMatrix)));
    const oneTile = (column: Expr): void => {
      const corner = k.let('corner', add(line, mul(column, m * blockChannels)));
      const place = k.let('place', add(matrix, mul(column, blockChannels)));
      const vectors = { step: 4, ...INDEPENDENT };
      k.for('channel', 0, blockChannels, (channel) => oneVector(corner, place, channel), vectors);
    };
    k.for('column', 0, tileColumns, oneTile, INDEPENDENT);
  };
  k.for('y', 0, t, oneRow, INDEPENDENT);
}
