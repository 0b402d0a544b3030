/** Transforms sums back to outputs, A^T s A, for some outputs. Bias and fused tail are applied at the store. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, lt, mul } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { INDEPENDENT, range } from '../../../../../lowering/shared/shorthands.ts';
import type { Site } from '../../../../../ops/types.ts';
import { WORKSPACES, type WinogradPlan } from './plan.ts';

/** The operands and the result. The gradient of an input is computed as such a convolution as well. */
export type ConvSite = Pick<Site<'conv2d'>, 'inputs' | 'output'>;

export interface ResultPlace {
  /** The first output channel whose products are kept, and the number of output channels. */
  readonly output: Expr;
  readonly lanes: number;
  /** The block's first image and first row of tiles. */
  readonly image: Expr;
  readonly firstRow: Expr;
}

/** Transforms the kept products. */
export function transformBack(
  k: KernelBuilder,
  plan: WinogradPlan,
  site: ConvSite,
  place: ResultPlace,
): void {
  k.block('sums, transformed back to outputs', () => {
    transformColumns(k, plan, place.lanes);
    const oneImage = (number: Expr): void => transformRows(k, plan, site, place, number);
    k.for('number', 0, plan.blockImages, oneImage, INDEPENDENT);
  });
}

/** Transforms the columns of all tiles, in place. */
function transformColumns(
  k: KernelBuilder,
  { winograd, tiles, keptOutputs, productMatrix }: WinogradPlan,
  lanes: number,
): void {
  const { inputs: t } = winograd;
  const oneVector = (first: Expr, at: Expr): void => {
    const place = k.let('place', add(first, at));
    const indexOf = (y: number): Expr => add(place, y * t * productMatrix);
    const s = range(t).map((y) => k.let(`s${y}`, k.load(WORKSPACES.products, indexOf(y), 'f32x4')));
    const transformed = winograd.transformOutput(s, (name, value) => k.let(name, value));
    transformed.forEach((value, y) => k.store(WORKSPACES.products, indexOf(y), value));
  };
  const run = (first: Expr, length: number): void =>
    k.for('at', 0, length, (at) => oneVector(first, at), { step: 4, ...INDEPENDENT });
  const oneColumn = (x: Expr): void => {
    const matrix = k.let('matrix', mul(x, productMatrix));
    if (lanes === keptOutputs) return run(matrix, tiles * keptOutputs);
    const oneTile = (tile: Expr): void => run(k.let('first', add(matrix, mul(tile, keptOutputs))), lanes);
    k.for('tile', 0, tiles, oneTile, INDEPENDENT);
  };
  k.for('x', 0, t, oneColumn, INDEPENDENT);
}

/** Transforms the rows of an image's tiles. They are the outputs. */
function transformRows(
  k: KernelBuilder,
  plan: WinogradPlan,
  site: ConvSite,
  { output, lanes, image, firstRow }: ResultPlace,
  number: Expr,
): void {
  const { geometry, winograd, blockRows, tileColumns, keptOutputs, productMatrix } = plan;
  const { inputs: t, outputs: m } = winograd;
  const oneTile = (row: Expr, column: Expr): void => {
    const tile = add(mul(add(mul(number, blockRows), row), tileColumns), column);
    const sums = k.let('sums', mul(tile, keptOutputs));
    const top = k.let('top', mul(add(firstRow, row), m));
    const left = k.let('left', mul(column, m));
    const oneRow = (y: Expr): void => {
      const oy = k.let('oy', add(top, y));
      const line = k.let('line', add(sums, mul(y, t * productMatrix)));
      const oneVector = (channel: Expr): void =>
        storeRow(k, plan, site, k.let('at', add(line, channel)), {
          ...{ image: add(image, number), output: k.let('output', add(output, channel)), oy, left },
        });
      whenInside(k, oy, geometry.outHeight, m, () =>
        k.for('channel', 0, lanes, oneVector, { step: 4, ...INDEPENDENT }),
      );
    };
    k.for('y', 0, m, oneRow);
  };
  const oneLine = (row: Expr): void =>
    k.for('column', 0, tileColumns, (column) => oneTile(row, column), INDEPENDENT);
  k.for('row', 0, blockRows, oneLine, INDEPENDENT);
}

/** Tests the position only if the last tile reaches beyond the image. */
function whenInside(k: KernelBuilder, at: Expr, extent: number, m: number, body: () => void): void {
  if (extent % m === 0) body();
  else k.if(lt(at, extent), body);
}

interface RowPlace {
  readonly image: Expr;
  readonly output: Expr;
  readonly oy: Expr;
  readonly left: Expr;
}

/** Stores a row of a tile for four output channels; `at` is the index of its first sum. */
function storeRow(
  k: KernelBuilder,
  { geometry, winograd, productMatrix }: WinogradPlan,
  site: ConvSite,
  at: Expr,
  { image, output, oy, left }: RowPlace,
): void {
  const { inputs: t, outputs: m } = winograd;
  const bias = site.inputs[2];
  const first = bias && k.let('bias', k.load(bias.place.buffer, output, 'f32x4'));
  const s = range(t).map((x) =>
    k.let(`s${x}`, k.load(WORKSPACES.products, add(at, x * productMatrix), 'f32x4')),
  );
  const row = winograd.transformOutput(s, (name, value) => k.let(name, value));
  const values = row.map((value, x) => k.let(`y${x}`, first ? add(value, first) : value));
  values.forEach((value, x) => {
    const ox = x === 0 ? left : k.let(`ox${x}`, add(left, x));
    // The first column of a tile is always inside the image.
    const store = () => site.output.storeChannels([image, output, oy, ox], value);
    if (x === 0) store();
    else whenInside(k, ox, geometry.outWidth, m, store);
  });
}
