/**
 * Depthwise convolution: each channel has a separate filter. Weights are packed [KH][KW][C].
 *
 *     for each image and row
 *       for each tile of neighbouring columns
 *         for each four channels
 *           for each row of the filter that meets the image
 *             the columns of the tile's windows, each read once, times the filter's row
 *
 * No padding is copied. The taps of a row are a range, and tiles at the left and right border have separate code
 * without the taps outside the image.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, div, fma, lt, max, min, mul, sub } from '../../../../kernel/expression.ts';
import { channelsLast } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { restText } from '../../../../lowering/shared/blocks.ts';
import {
  isDepthwise,
  placedConvolution,
  stridesOf,
  type ConvGeometry,
  type PlacedConvolution,
} from '../../../../lowering/shared/convolution.ts';
import { loadAlong, loadLanes } from '../../../../lowering/shared/lanes.ts';
import { depthwiseVectors } from '../../../../lowering/shared/packedWeights.ts';
import { range, roundUp, ZEROS } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { depthwiseTiles, tileShape, type ColumnTile, type Tap, type TileShape } from './depthwiseTiles.ts';

interface DepthwisePlan {
  readonly geometry: PlacedConvolution;
  readonly shape: TileShape;
  readonly tiles: readonly ColumnTile[];
}

/** The most tiles with separate code. A window that is mostly padding would have many. */
const MOST_TILES = 16;

export function depthwiseSchedule(request: ScheduleRequest<'conv2d'>): Schedule<'conv2d'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const isReadable = stridesOf(inputLayouts[0]!).channel === 1;
  const x = isReadable ? inputLayouts[0]! : channelsLast(inputs[0]!.shape);
  const geometry = placedConvolution({ ...request, inputLayouts: [x] });
  if (!isDepthwise(geometry)) return undefined;
  const shape = tileShape(geometry.window);
  const tiles = depthwiseTiles(geometry, shape);
  if (tiles.length > MOST_TILES) return undefined;
  return {
    name: `depthwise, ${shape.pixels} pixels x 4 channels`,
    inputLayouts: [x, depthwiseVectors(inputs[1]!.shape), ...inputLayouts.slice(2)],
    outputLayout,
    build: (site, k) => buildDepthwise(site, k, { geometry, shape, tiles }),
  };
}

interface Depthwise extends DepthwisePlan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2d'>;
}

interface RowPlace {
  readonly image: Expr;
  readonly row: Expr;
  /** The first row of the filter inside the image, and the number of such rows. */
  readonly firstTap: Expr;
  readonly taps: Expr;
  /** The first element of the input row for `firstTap`. */
  readonly from: Expr;
}

function buildDepthwise(site: Site<'conv2d'>, k: KernelBuilder, plan: DepthwisePlan): void {
  const depthwise: Depthwise = { ...plan, k, site };
  const { images, outHeight } = plan.geometry;
  k.forEach(['n', 'oy'], [images, outHeight], ([image, row]) => {
    const place = rowPlace(depthwise, image!, row!);
    for (const tile of plan.tiles) {
      k.for('ox', tile.from, tile.to, (column) => buildTile(depthwise, place, tile, column), {
        step: tile.pixels,
        independent: true,
      });
    }
  });
}

function rowPlace({ k, geometry }: Depthwise, image: Expr, row: Expr): RowPlace {
  const { window, height, input } = geometry;
  const [stride, padding, dilation, kernel] = [
    window.stride[0],
    window.padding[0],
    window.dilation[0],
    window.kernel[0],
  ];
  const top = k.let('top', sub(mul(row, stride), padding));
  const above = sub(dilation - 1, top);
  const firstTap = k.let('firstTap', max(div(max(above, constant(0)), dilation), constant(0)));
  const below = max(sub(height + dilation - 1, top), constant(0));
  const end = min(div(below, dilation), constant(kernel));
  const taps = k.let('taps', sub(end, firstTap));
  // Never below 0. `max` is here so that the range analysis knows it.
  const first = max(add(top, mul(firstTap, dilation)), constant(0));
  const from = k.let('from', add(mul(image, input.image), mul(first, input.row)));
  return { image, row, firstTap, taps, from };
}

function buildTile(depthwise: Depthwise, place: RowPlace, tile: ColumnTile, column: Expr): void {
  const { k, geometry } = depthwise;
  const { groups } = geometry;
  const whole = groups - (groups % 4);
  const at = (channel: Expr, lanes: number): TilePlace => ({ ...place, tile, column, channel, lanes });
  k.for('c', 0, whole, (channel) => buildVector(depthwise, at(channel, 4)), { step: 4, independent: true });
  if (whole < groups) {
    k.block(restText('channels', groups - whole), () =>
      buildVector(depthwise, at(constant(whole), groups - whole)),
    );
  }
}

interface TilePlace extends RowPlace {
  readonly tile: ColumnTile;
  readonly column: Expr;
  readonly channel: Expr;
  readonly lanes: number;
}

function buildVector(depthwise: Depthwise, place: TilePlace): void {
  const { k, site, geometry } = depthwise;
  const { tile, column, channel, lanes } = place;
  const bias = site.inputs[2];
  const first = bias ? k.let('bias', loadAlong(k, bias, channel, lanes)) : ZEROS;
  const sums = range(tile.pixels).map((p) => k.variable(`sum${p}`, first, 'f32x4'));
  const left = add(mul(column, geometry.window.stride[1]), tile.left);
  const xAt = k.let('xAt', add(add(place.from, mul(left, geometry.input.column)), channel));
  const rowLength = geometry.window.kernel[1] * packedChannels(geometry);
  k.for('tap', 0, place.taps, (tap) => {
    const xRow = k.let('xRow', add(xAt, mul(tap, geometry.window.dilation[0] * geometry.input.row)));
    const wRow = k.let('wRow', add(mul(add(place.firstTap, tap), rowLength), channel));
    multiplyRow(depthwise, place, sums, { tap, xRow, wRow });
  });
  sums.forEach((sum, p) =>
    site.output.storeChannels([place.image, channel, place.row, add(column, p)], sum, lanes),
  );
}

interface FilterRow {
  readonly tap: Expr;
  readonly xRow: Expr;
  readonly wRow: Expr;
}

/** A row of the filter, a few taps at a time, because V8 moves all loads of a block to its top. */
function multiplyRow(depthwise: Depthwise, place: TilePlace, sums: readonly Expr[], row: FilterRow): void {
  const { k, shape } = depthwise;
  const { taps } = place.tile;
  multiplyTaps(depthwise, place, sums, row, taps.slice(0, shape.taps));
  for (let first = shape.taps; first < taps.length; first += shape.taps) {
    // Always true: the branch only starts a new block.
    k.if(lt(row.tap, place.taps), () =>
      multiplyTaps(depthwise, place, sums, row, taps.slice(first, first + shape.taps)),
    );
  }
}

function multiplyTaps(
  { k, site, geometry }: Depthwise,
  { lanes }: TilePlace,
  sums: readonly Expr[],
  { xRow, wRow }: FilterRow,
  taps: readonly Tap[],
): void {
  const [x, weight] = site.inputs;
  const columns = new Map<number, Expr>();
  const columnAt = (column: number): Expr => {
    const at = add(xRow, column * geometry.input.column);
    const value = columns.get(column) ?? k.let(`x${column}`, loadLanes(k, x!.place.buffer, at, lanes));
    columns.set(column, value);
    return value;
  };
  for (const { kx, pixels } of taps) {
    const at = add(wRow, kx * packedChannels(geometry));
    const factor = k.let(`w${kx}`, k.load(weight!.place.buffer, at, 'f32x4'));
    for (const { pixel, column } of pixels) {
      k.assign(sums[pixel]!, fma(columnAt(column), factor, sums[pixel]!));
    }
  }
}

const packedChannels = ({ groups }: ConvGeometry): number => roundUp(groups, 4);
