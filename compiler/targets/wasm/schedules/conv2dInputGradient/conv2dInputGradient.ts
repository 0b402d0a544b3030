/**
 * The gradient of a convolution's input as convolutions of the output's gradient, which is copied with zeros around it
 * in strips of rows: one convolution for all pixels without a stride, one for each rest that a position can leave with
 * one (gradientPhases.ts).
 *
 *     for each image, strip of rows, block of input channels and phase
 *       4 pixels x 8 channels at a time
 *
 * Weights are packed [C / 8][KH][KW][O][8], in each group, the kernel's elements in the order in which a phase meets them.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import {
  add,
  constant,
  f32Const,
  max,
  min,
  mul,
  splat,
  sub,
  type Operand,
} from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../../lowering/target.ts';
import { convWindow } from '../../../../ops/conv2d.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Site } from '../../../../ops/types.ts';
import { depthwiseInputGradientSchedule } from './depthwiseInputGradient.ts';
import { extentOf, stridesOf, type Strides } from '../shared/geometry.ts';
import { gradientPhases, reachOf, type GradientPhase } from './gradientPhases.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { forTiles, pixelsOf, type PixelTile } from '../shared/pixelTiles.ts';
import { rotatedLayout, rotateWeights } from './rotatedWeights.ts';
import { fillStrip, rowsOfStrips, stripLength, type Strip } from '../shared/strip.ts';
import { multiplyRun, type Sums } from '../shared/tile.ts';
import type { Winograd } from '../../../../lowering/shared/winograd.ts';
import { winogradInputGradientSchedule } from './winograd/inputGradient.ts';

type Request = ScheduleRequest<'conv2dInputGradient'>;

const WORKSPACE = 'strip';

interface Plan {
  readonly images: number;
  readonly groups: number;
  /** Of one group: input channels, whose gradient is computed, and output channels. */
  readonly channels: number;
  readonly outputs: number;
  /** Of the output's gradient. */
  readonly height: number;
  readonly width: number;
  readonly gradient: Strides;
  readonly window: WindowAttrs;
  readonly rows: readonly GradientPhase[];
  readonly columns: readonly GradientPhase[];
  readonly tile: { readonly pixels: number; readonly vectors: number };
  /** Pixels of a phase along the rows of one strip. */
  readonly stripRows: number;
  /** Undefined where the gradient is read as it lies. */
  readonly strip?: Strip;
}

/** With these of Winograd's algorithms where one is faster. */
export const conv2dInputGradientRule =
  (algorithms: readonly Winograd[]): ScheduleRule<'conv2dInputGradient'> =>
  (request) =>
    winogradInputGradientSchedule(request, algorithms) ?? conv2dInputGradientSchedule(request);

export function conv2dInputGradientSchedule(request: Request): Schedule<'conv2dInputGradient'> | undefined {
  const plan = planGradient(request);
  if (!plan) return depthwiseInputGradientSchedule(request);
  const { tile, strip, stripRows, window, groups } = plan;
  const weight = request.inputs[1]!.shape;
  const block = 4 * tile.vectors;
  const packing = { shape: weight, groups, block, rows: plan.rows, columns: plan.columns };
  const strided = window.stride[0] * window.stride[1] > 1 ? ' of one phase' : '';
  return {
    name: `direct, ${tile.pixels} pixels${strided} x ${block} channels, ${stripRows} rows${strip ? ', padded strips' : ''}`,
    inputLayouts: [request.inputLayouts[0]!, rotatedLayout(packing)],
    outputLayout: request.outputLayout,
    transforms: [undefined, rotateWeights(packing, window)],
    workspaces: strip ? [{ name: WORKSPACE, length: stripLength(strip) }] : [],
    build: (site, k) => buildGradient(site, k, plan),
  };
}

function planGradient({ attrs, inputs, inputLayouts }: Request): Plan | undefined {
  const { groups, inputShape } = attrs;
  const [allOutputs, channels] = inputs[1]!.shape as [number, number];
  const outputs = allOutputs / groups;
  // A vector must not straddle two groups.
  if (groups > 1 && channels % 4 !== 0) return undefined;
  const [images, , height, width] = inputs[0]!.shape as [number, number, number, number];
  const window = withoutOverlap(convWindow(attrs, inputs[1]!.shape), height, width);
  const rows = gradientPhases(window, 0, inputShape[2]!);
  const columns = gradientPhases(window, 1, inputShape[3]!);
  const vectors = channels <= 4 || (groups > 1 && channels % 8 !== 0) ? 1 : 2;
  const gradient = stridesOf(inputLayouts[0]!);
  const [down, across] = [reachOf(rows), reachOf(columns)];
  const isInside =
    down.from === 0 &&
    across.from === 0 &&
    down.count - 1 + down.to <= height &&
    across.count - 1 + across.to <= width;
  const stripColumns = across.count - 1 + across.to - across.from;
  const halo = down.to - down.from - 1;
  const stripRows = rowsOfStrips(down.count, stripColumns * allOutputs, halo);
  const strip: Strip = {
    workspace: WORKSPACE,
    rows: stripRows + halo,
    columns: stripColumns,
    channels: allOutputs,
    left: -across.from,
  };
  return {
    ...{ images, groups, channels, outputs, height, width, gradient, window, rows, columns, stripRows },
    tile: { pixels: vectors === 1 ? 6 : 4, vectors },
    strip: isInside && gradient.channel === 1 ? undefined : strip,
  };
}

/** Where there is only one window along an axis, its stride may be anything: as long as it is, every tap is a phase. */
export function withoutOverlap(window: WindowAttrs, height: number, width: number): WindowAttrs {
  const stride = (axis: 0 | 1, outputs: number): number =>
    outputs === 1 ? extentOf(window, axis) : window.stride[axis];
  return { ...window, stride: [stride(0, height), stride(1, width)] };
}

interface Gradient extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2dInputGradient'>;
  /** What the tiles read, and its strides. */
  readonly source: { readonly buffer: string; readonly row: number; readonly column: number };
  /** The phases' zero in it. */
  readonly above: number;
  readonly left: number;
}

function buildGradient(site: Site<'conv2dInputGradient'>, k: KernelBuilder, plan: Plan): void {
  const { strip, gradient, stripRows, height, width } = plan;
  const { buffer } = site.inputs[0]!.place;
  const [down, across] = [reachOf(plan.rows), reachOf(plan.columns)];
  const source = strip
    ? { buffer: WORKSPACE, row: strip.columns * strip.channels, column: strip.channels }
    : { buffer, row: gradient.row, column: gradient.column };
  const all: Gradient = { ...plan, k, site, source, above: -down.from, left: -across.from };
  k.for('n', 0, plan.images, (image) => {
    const start = k.let('image', mul(image, gradient.image));
    const fill = (firstRow: Expr): Expr => {
      if (!strip) return k.let('from', add(start, mul(firstRow, gradient.row)));
      const top = add(firstRow, down.from);
      fillStrip(k, strip, { buffer, strides: gradient, height, width }, start, top);
      return constant(0);
    };
    k.for(
      'firstRow',
      0,
      down.count,
      (firstRow) => {
        const from = fill(firstRow);
        forEachBlock(all, (block) => buildStrip(all, { image, firstRow, from, ...block }));
      },
      { step: stripRows },
    );
  });
}

interface BlockPlace {
  /** First input channel, how many there are, and where the block's weights begin. */
  readonly channel: Expr;
  readonly lanes: number;
  readonly weights: Expr;
  /** First output channel of the group. */
  readonly output: Expr;
}

interface StripPlace extends BlockPlace {
  readonly image: Expr;
  readonly firstRow: Expr;
  /** The element of the source that the strip begins at. */
  readonly from: Expr;
}

function forEachBlock(
  { k, groups, channels, outputs, window, tile }: Gradient,
  body: (place: BlockPlace) => void,
): void {
  const block = 4 * tile.vectors;
  const size = block * outputs * window.kernel[0] * window.kernel[1];
  const blocks = Math.ceil(channels / block);
  const whole = Math.floor(channels / block);
  k.for(
    'group',
    0,
    groups,
    (group) => {
      const place = (number: Operand, lanes: number): BlockPlace => ({
        channel: add(mul(group, channels), mul(number, block)),
        lanes,
        weights: mul(add(mul(group, blocks), number), size),
        output: mul(group, outputs),
      });
      k.for('block', 0, whole, (number) => body(place(number, block)), { independent: true });
      if (blocks > whole) body(place(constant(whole), channels % block));
    },
    { independent: true },
  );
}

/** Every pixel of the strip for one block of channels. */
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
  const { k, site, source, tile, window } = all;
  const pixels = pixelsOf(at);
  const vectors = Math.min(tile.vectors, Math.ceil(place.lanes / 4));
  const first = firstSums(all, place, vectors);
  const sums: Sums = pixels.map((_, p) => first.map((one, v) => k.variable(`sum${p}${v}`, one, 'f32x4')));
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

/** Zeros, or a transposed convolution's bias. */
function firstSums({ k, site }: Gradient, { channel, lanes }: BlockPlace, vectors: number): Expr[] {
  const bias = site.inputs[2];
  return Array.from({ length: vectors }, (_, v) =>
    bias
      ? k.let(`bias${v}`, loadAlong(k, bias, add(channel, 4 * v), Math.min(4, lanes - 4 * v)))
      : splat(f32Const(0)),
  );
}

interface PhaseTile {
  readonly row: GradientPhase;
  readonly column: GradientPhase;
  readonly at: PixelTile;
}

/** Over a phase's elements of the kernel and the output channels: runs as long as they can be. */
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

/** Taps that meet rows of the gradient for any of the tile's rows: the others would add zeros. */
function tapsInside(
  { k, height }: Gradient,
  { taps, offset, reach, count }: GradientPhase,
  row: Expr,
  rows: number,
): { from: Expr; to: Expr } {
  const isRegular = reach === 1 && taps > 1;
  const isAbove = isRegular && offset + rows - 1 < 0;
  const isBelow = isRegular && count - 1 + offset + taps > height;
  return {
    from: isAbove ? k.let('firstTap', max(0, sub(1 - offset - rows, row))) : constant(0),
    to: isBelow ? k.let('endTap', min(taps, sub(height - offset, row))) : constant(taps),
  };
}
