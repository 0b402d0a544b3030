/**
 * The gradient of a convolution's input, as convolutions of the output's gradient. The gradient is copied with zeros
 * around it in strips of rows. Without a stride there is one convolution for all pixels; with a stride there is one for
 * each phase, which is a remainder of positions (gradientPhases.ts).
 *
 *     for each image, strip of rows, block of input channels and phase
 *       4 pixels x 8 channels at a time
 *
 * Weights are packed [C / 8][KH][KW][O][8] in each group, with the kernel's elements in the order in which phases use
 * them.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, max, min, mul, sub, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forGroupPanels } from '../../../../lowering/shared/blocks.ts';
import {
  areaOf,
  extentOf,
  inputGradientGeometry,
  stridesOf,
  type ConvGeometry,
  type Strides,
} from '../../../../lowering/shared/convolution.ts';
import { gradientPhases, reachOf, type GradientPhase } from '../../../../lowering/shared/gradientPhases.ts';
import { groupedInputPanels } from '../../../../lowering/shared/packedWeights.ts';
import { biasVectors, sumVariables, type Sums } from '../../../../lowering/shared/sums.ts';
import type { Winograd } from '../../../../lowering/shared/winograd.ts';
import type {
  Schedule,
  ScheduleRequest,
  ScheduleRule,
  ScheduleVariant,
} from '../../../../lowering/target.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Site } from '../../../../ops/types.ts';
import { forTiles, pixelsOf, type PixelTile } from '../shared/pixelTiles.ts';
import { CACHED_BYTES } from '../shared/cache.ts';
import { fillStrip, forStrips, LARGE_STRIP_BYTES, stripLength, type Strip } from '../shared/strip.ts';
import { multiplyRun } from '../shared/tile.ts';
import { PLAIN_PIXELS, relaxedPixels } from '../shared/tileSize.ts';
import { RELAXED } from '../../variants.ts';
import { depthwiseInputGradientSchedule } from './depthwiseInputGradient.ts';
import { gradientStrip } from './gradientStrip.ts';
import { ROTATED, rotateWeights } from './rotatedWeights.ts';
import { winogradInputGradientSchedule } from './winogradInputGradient.ts';

type Request = ScheduleRequest<'conv2dInputGradient'>;

const WORKSPACE = 'strip';

interface Plan extends ConvGeometry {
  /** The strides of the output's gradient. */
  readonly gradient: Strides;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
  readonly tile: { readonly pixels: number; readonly vectors: number };
  /** Rows of a phase's pixels in one strip. */
  readonly stripRows: number;
  /** Undefined if the gradient is read without a copy. */
  readonly strip?: Strip;
}

/** The schedule by one of these Winograd algorithms if that is faster, otherwise the direct one. */
export const conv2dInputGradientRule =
  (algorithms: readonly Winograd[]): ScheduleRule<'conv2dInputGradient'> =>
  (request) =>
    winogradInputGradientSchedule(request, algorithms) ?? conv2dInputGradientSchedule(request);

export function conv2dInputGradientSchedule(request: Request): Schedule<'conv2dInputGradient'> | undefined {
  const plan = planGradient(request);
  if (!plan) return depthwiseInputGradientSchedule(request);
  const { tile, window, groups } = plan;
  const { shape } = request.inputs[1]!;
  const packing = { shape, groups, block: 4 * tile.vectors, rows: plan.rows, columns: plan.columns };
  const relaxed = { ...plan, tile: { ...tile, pixels: relaxedTile(plan) } };
  return {
    ...wayOf(plan),
    inputLayouts: [request.inputLayouts[0]!, groupedInputPanels(shape, groups, packing.block, ROTATED)],
    outputLayout: request.outputLayout,
    transforms: [undefined, rotateWeights(packing, window)],
    ...(relaxed.tile.pixels !== tile.pixels && { variants: { [RELAXED]: wayOf(relaxed) } }),
  };
}

const relaxedTile = ({ tile, stripRows, columns }: Plan): number =>
  tile.vectors === 2 ? relaxedPixels(stripRows, reachOf(columns).count) : tile.pixels;

/** The kernel of a plan, its name and its workspaces. */
function wayOf(plan: Plan): ScheduleVariant<'conv2dInputGradient'> {
  const { tile, strip, stripRows, window } = plan;
  const strided = window.stride[0] * window.stride[1] > 1 ? ' of one phase' : '';
  const padded = strip ? ', padded strips' : '';
  return {
    name: `direct, ${tile.pixels} pixels${strided} x ${4 * tile.vectors} channels, ${stripRows} rows${padded}`,
    workspaces: strip ? [{ name: WORKSPACE, length: stripLength(strip) }] : [],
    build: (site, k) => buildGradient(site, k, plan),
  };
}

function planGradient(request: Request): Plan | undefined {
  const geometry = inputGradientGeometry(request);
  const { groups, channels, outputs, height, width, outHeight, outWidth } = geometry;
  // A vector must not straddle two groups.
  if (groups > 1 && channels % 4 !== 0) return undefined;
  const window = withoutOverlap(geometry);
  const [rows, columns] = [gradientPhases(window, 0, height), gradientPhases(window, 1, width)];
  const vectors = channels <= 4 || (groups > 1 && channels % 8 !== 0) ? 1 : 2;
  const gradient = stridesOf(request.inputLayouts[0]!);
  const [down, across] = [reachOf(rows), reachOf(columns)];
  const isInside =
    down.from === 0 &&
    across.from === 0 &&
    down.count - 1 + down.to <= outHeight &&
    across.count - 1 + across.to <= outWidth;
  // Filters that are too large for the cache come from memory for every strip.
  const isStreamed = groups === 1 && 4 * channels * outputs * areaOf(window) > CACHED_BYTES;
  const most = isStreamed ? LARGE_STRIP_BYTES : undefined;
  const { strip, stripRows } = gradientStrip(WORKSPACE, rows, columns, outputs * groups, most);
  return {
    ...{ ...geometry, window, gradient, rows, columns, stripRows },
    tile: { pixels: vectors === 1 ? 6 : PLAIN_PIXELS, vectors },
    strip: isInside && gradient.channel === 1 ? undefined : strip,
  };
}

/**
 * If there is only one window along an axis, its stride does not matter. With the window's length every tap is a phase.
 */
function withoutOverlap({ window, outHeight, outWidth }: ConvGeometry): WindowAttrs {
  const stride = (axis: 0 | 1, outputs: number): number =>
    outputs === 1 ? extentOf(window, axis) : window.stride[axis];
  return { ...window, stride: [stride(0, outHeight), stride(1, outWidth)] };
}

interface Gradient extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dInputGradient'>;
  /** The buffer that the tiles read, and its strides. */
  readonly source: { readonly buffer: string; readonly row: number; readonly column: number };
  /** The row and column of the source at which positions of the phases are 0. */
  readonly above: number;
  readonly left: number;
}

function buildGradient(site: Site<'conv2dInputGradient'>, k: KernelBuilder, plan: Plan): void {
  const { strip, gradient, outHeight, outWidth } = plan;
  const { buffer } = site.inputs[0]!.place;
  const [down, across] = [reachOf(plan.rows), reachOf(plan.columns)];
  const source = strip
    ? { buffer: WORKSPACE, row: strip.columns * strip.channels, column: strip.channels }
    : { buffer, row: gradient.row, column: gradient.column };
  const all: Gradient = { ...plan, k, site, source, above: -down.from, left: -across.from };
  const strips = { count: down.count, rows: plan.stripRows };
  forStrips(k, { images: plan.images, stride: gradient.image }, strips, ({ image, start, firstRow }) => {
    const fill = (): Expr => {
      if (!strip) return k.let('from', add(start, mul(firstRow, gradient.row)));
      const rows = { buffer, strides: gradient, height: outHeight, width: outWidth };
      fillStrip(k, strip, rows, start, add(firstRow, down.from));
      return constant(0);
    };
    const from = fill();
    forEachBlock(all, (block) => buildStrip(all, { image, firstRow, from, ...block }));
  });
}

interface BlockPlace {
  /** The first input channel, the number of channels, and the index at which the block's weights begin. */
  readonly channel: Expr;
  readonly lanes: number;
  readonly weights: Expr;
  /** The group's first output channel. */
  readonly output: Expr;
}

interface StripPlace extends BlockPlace {
  readonly image: Expr;
  readonly firstRow: Expr;
  /** The element of the source at which the strip begins. */
  readonly from: Expr;
}

function forEachBlock(
  { k, groups, channels, outputs, window, tile }: Gradient,
  body: (place: BlockPlace) => void,
): void {
  const block = 4 * tile.vectors;
  const size = block * outputs * areaOf(window);
  const blocks = Math.ceil(channels / block);
  forGroupPanels(k, groups, channels, block, (group, number, lanes) =>
    body({
      channel: add(mul(group, channels), mul(number, block)),
      lanes,
      weights: mul(add(mul(group, blocks), number), size),
      output: mul(group, outputs),
    }),
  );
}

/** Computes all pixels of the strip for one block of channels. */
function buildStrip(all: Gradient, place: StripPlace): void {
  const { k, rows, columns, stripRows, tile } = all;
  for (const row of rows) {
    for (const column of columns) {
      const isEven = row.count % stripRows === 0 && row.count === reachOf(rows).count;
      const left = min(constant(stripRows), sub(row.count, place.firstRow));
      const count: Operand = isEven ? stripRows : rows.length > 1 ? max(0, left) : left;
      const plane = { rows: typeof count === 'number' ? count : k.let('rows', count), columns: column.count };
      forTiles(k, plane, tile.pixels, (at) => buildTile(all, place, row, column, at));
    }
  }
}

function buildTile(
  all: Gradient,
  place: StripPlace,
  row: GradientPhase,
  column: GradientPhase,
  at: PixelTile,
): void {
  const { k, site, source, window } = all;
  const pixels = pixelsOf(at);
  // Only a transposed convolution has a bias.
  const first = biasVectors(k, site.inputs[2], place.channel, place.lanes);
  const sums = sumVariables(k, pixels.length, first);
  const offsets = pixels.map(([y, x]) => y * source.row + x * source.column);
  if (row.taps > 0 && column.taps > 0) reduce(all, place, { row, column, at }, sums, offsets);
  const y0 = add(mul(add(place.firstRow, at.row), window.stride[0]), row.first);
  const x0 = add(mul(at.column, window.stride[1]), column.first);
  pixels.forEach(([y, x], p) =>
    sums[p]!.forEach((sum, v) =>
      site.output.storeChannels(
        [
          place.image,
          add(place.channel, 4 * v),
          add(y0, y * window.stride[0]),
          add(x0, x * window.stride[1]),
        ],
        sum,
        Math.min(4, place.lanes - 4 * v),
      ),
    ),
  );
}

interface PhaseTile {
  readonly row: GradientPhase;
  readonly column: GradientPhase;
  readonly at: PixelTile;
}

/** Sums over the kernel elements of a phase and the output channels, in runs that are as long as possible. */
function reduce(
  all: Gradient,
  place: StripPlace,
  { row, column, at }: PhaseTile,
  sums: Sums,
  pixelOffsets: readonly number[],
): void {
  const { k, site, source, outputs, window, tile, groups } = all;
  const panel = 4 * tile.vectors;
  const operands = { x: source.buffer, pixelOffsets, weights: site.inputs[1]!.place.buffer, panel };
  const origin = (all.above + row.offset) * source.row + (all.left + column.offset) * source.column;
  const places = add(mul(at.row, source.row), mul(at.column, source.column));
  const gAt = k.let('gAt', add(add(add(place.from, place.output), places), origin));
  const tapSize = outputs * panel;
  const first = (row.tapsBefore * window.kernel[1] + column.tapsBefore) * tapSize;
  const wAt = k.let('wAt', add(place.weights, first));
  const isRun = groups === 1 && column.reach === 1 && source.column === outputs;
  const taps = tapsInside(all, row, add(place.firstRow, at.row), at.rows);
  k.for('ty', taps.from, taps.to, (ty) => {
    const g = k.let('gRow', add(gAt, mul(ty, row.reach * source.row)));
    const w = k.let('wRow', add(wAt, mul(ty, window.kernel[1] * tapSize)));
    if (isRun) return multiplyRun(k, sums, operands, g, w, outputs * column.taps);
    k.for('tx', 0, column.taps, (tx) => {
      const gTap = k.let('gTap', add(g, mul(tx, column.reach * source.column)));
      multiplyRun(k, sums, operands, gTap, k.let('wTap', add(w, mul(tx, tapSize))), outputs);
    });
  });
}

/** The taps that meet the gradient for any of the tile's rows. The others would add zeros. */
function tapsInside(
  { k, outHeight }: Gradient,
  { taps, offset, reach, count }: GradientPhase,
  row: Expr,
  rows: number,
): { from: Expr; to: Expr } {
  const isRegular = reach === 1 && taps > 1;
  const isAbove = isRegular && offset + rows - 1 < 0;
  const isBelow = isRegular && count - 1 + offset + taps > outHeight;
  return {
    from: isAbove ? k.let('firstTap', max(0, sub(1 - offset - rows, row))) : constant(0),
    to: isBelow ? k.let('endTap', min(taps, sub(outHeight - offset, row))) : constant(taps),
  };
}
