/**
 * The gradient of a convolution's weight in registers. An invocation keeps sums of input channels x vectors of four
 * outputs for one element of the kernel, over the pixels for which the element is inside the image. If this gives few
 * invocations, the rows of all images are summed in parts, and a second dispatch sums the parts of each weight. The
 * order of sums is always the same.
 *
 *     for each part, element of the kernel, block of outputs and of input channels      an invocation
 *       for each row and column for which the element is inside the image
 *         sum[channel][vector] += x[channel] * gradient[vector]
 *     for each weight                                                                   an invocation
 *       the sum of its parts
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, div, fma, inside, lane, min, mul, rem, splat } from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import { forBlocks } from '../../../lowering/shared/blocks.ts';
import {
  areaOf,
  isDepthwise,
  stridesOf,
  weightGradientGeometry,
  type ConvGeometry,
  type Strides,
} from '../../../lowering/shared/convolution.ts';
import { loadLanes } from '../../../lowering/shared/lanes.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, zeroVectors, type Sums } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';
import { meetingOutputs } from './shared/taps.ts';

const PARTIAL = 'partial';
/** The number of invocations that keep a device busy, and the fewest pixels for which one is worthwhile. */
const INVOCATIONS = 1024;
const FEWEST_PIXELS = 32;
/** The most numbers in the workspace of the parts' sums. */
const MOST_PARTIAL = 1 << 22;

/** A depthwise convolution counts as one group here: its channels are outputs of one input channel. */
interface Plan extends ConvGeometry {
  readonly x: Strides;
  readonly gradient: Strides;
  /** Input channels and outputs of an invocation. */
  readonly tile: { readonly channels: number; readonly outputs: number };
  /** Output rows of a part, counted over all images, and the number of parts. */
  readonly rows: number;
  readonly parts: number;
  readonly isDepthwise: boolean;
}

export function conv2dWeightGradientSchedule(
  request: ScheduleRequest<'conv2dWeightGradient'>,
): Schedule<'conv2dWeightGradient'> | undefined {
  const plan = planGradient(request);
  const { tile, parts, rows, isDepthwise } = plan;
  const size = request.attrs.weightShape.reduce((product, extent) => product * extent, 1);
  const block = isDepthwise ? `${tile.outputs} channels` : `${tile.channels} x ${tile.outputs} channels`;
  return {
    name: `${block}${parts > 1 ? `, ${parts} parts of ${rows} rows, then their sums` : ''}`,
    inputLayouts: request.inputLayouts,
    outputLayout: request.outputLayout,
    workspaces: parts > 1 ? [{ name: PARTIAL, length: parts * size }] : [],
    build(site, k) {
      if (parts === 1) return sumTiles(site, k, plan);
      k.block('the sums of each part', () => sumTiles(site, k, plan));
      k.block('the sums over all parts', () => sumParts(site, k, plan));
    },
  };
}

function planGradient(request: ScheduleRequest<'conv2dWeightGradient'>): Plan {
  const { attrs, inputLayouts } = request;
  const geometry = weightGradientGeometry(request);
  const { images, channels, window, outHeight, outWidth } = geometry;
  const asOneGroup = isDepthwise(geometry);
  const groups = asOneGroup ? 1 : geometry.groups;
  const outputs = asOneGroup ? geometry.groups : geometry.outputs;
  const tile = asOneGroup
    ? { channels: 1, outputs: 4 }
    : { channels: tileChannels(channels), outputs: Math.min(16, 4 * Math.ceil(outputs / 4)) };
  const blocks =
    areaOf(window) * groups * Math.ceil(outputs / tile.outputs) * Math.ceil(channels / tile.channels);
  const all = images * outHeight;
  const size = attrs.weightShape.reduce((product, extent) => product * extent, 1);
  const wanted = Math.min(INVOCATIONS / blocks, (all * outWidth) / FEWEST_PIXELS, MOST_PARTIAL / size);
  const rows = Math.ceil(all / Math.max(1, Math.floor(wanted)));
  return {
    ...{ ...geometry, groups, outputs, tile, isDepthwise: asOneGroup },
    ...{ x: stridesOf(inputLayouts[0]!), gradient: stridesOf(inputLayouts[1]!) },
    ...{ rows, parts: Math.ceil(all / rows) },
  };
}

const tileChannels = (channels: number): number => {
  if (channels <= 4) return channels;
  return channels % 8 === 0 ? 8 : 4;
};

function sumTiles(site: Site<'conv2dWeightGradient'>, k: KernelBuilder, plan: Plan): void {
  const { groups, outputs, channels, tile, parts, window } = plan;
  const tiles = (part: Expr, ky: Expr, kx: Expr, group: Expr): void =>
    forBlocks(
      k,
      { name: 'o', what: 'output channels', extent: outputs, block: tile.outputs },
      (output, outputCount) =>
        forBlocks(
          k,
          { name: 'i', what: 'input channels', extent: channels, block: tile.channels },
          (channel, channelCount) =>
            buildTile(site, k, plan, { part, ky, kx, group, output, channel, outputCount, channelCount }),
        ),
    );
  k.forEach(['part', 'ky', 'kx', 'group'], [parts, ...window.kernel, groups], ([part, ky, kx, group]) =>
    tiles(part!, ky!, kx!, group!),
  );
}

interface TilePlace {
  readonly part: Expr;
  readonly ky: Expr;
  readonly kx: Expr;
  readonly group: Expr;
  /** The first output and input channel in the group. */
  readonly output: Expr;
  readonly channel: Expr;
  readonly outputCount: number;
  readonly channelCount: number;
}

function buildTile(site: Site<'conv2dWeightGradient'>, k: KernelBuilder, plan: Plan, place: TilePlace): void {
  const sums = sumVariables(k, place.channelCount, zeroVectors(Math.ceil(place.outputCount / 4)), '_');
  sumRows(site, k, plan, place, sums);
  const output = k.let('output', add(mul(place.group, plan.outputs), place.output));
  sums.forEach((line, c) =>
    line.forEach((sum, v) =>
      range(Math.min(4, place.outputCount - 4 * v)).forEach((i) => {
        const index = [add(output, 4 * v + i), add(place.channel, c), place.ky, place.kx];
        storeWeight(site, k, plan, place.part, index, lane(sum, i as 0 | 1 | 2 | 3));
      }),
    ),
  );
}

function storeWeight(
  site: Site<'conv2dWeightGradient'>,
  k: KernelBuilder,
  plan: Plan,
  part: Expr,
  index: readonly Expr[],
  value: Expr,
): void {
  if (plan.parts === 1) return site.output.store(index, value);
  k.store(PARTIAL, partialAt(plan, part, index), value);
}

/** The index in the workspace: for each part, sums are stored row-major in the shape of the weight. */
function partialAt({ channels, outputs, groups, window }: Plan, part: Expr, index: readonly Expr[]): Expr {
  const shape = [outputs * groups, channels, ...window.kernel];
  return shape.reduce((at, extent, axis) => add(mul(at, extent), index[axis]!), part);
}

function sumRows(
  site: Site<'conv2dWeightGradient'>,
  k: KernelBuilder,
  plan: Plan,
  place: TilePlace,
  sums: Sums,
): void {
  const { images, outHeight, rows, height, window, x, gradient } = plan;
  const all = images * outHeight;
  const columns = meetingOutputs(k, window, 1, place.kx, plan.width, plan.outWidth);
  const first = k.let('first', mul(place.part, rows));
  const end = all % rows === 0 ? add(first, rows) : min(add(first, rows), constant(all));
  const xChannel = mul(add(mul(place.group, plan.channels), place.channel), x.channel);
  // In a depthwise convolution the input channel is the output channel.
  const xFirst = plan.isDepthwise ? mul(place.output, x.channel) : xChannel;
  const gFirst = mul(add(mul(place.group, plan.outputs), place.output), gradient.channel);
  const shift = add(mul(place.kx, window.dilation[1] * x.column), -window.padding[1] * x.column);
  const xStart = k.let('xStart', add(xFirst, shift));
  const gStart = k.let('gStart', gFirst);
  k.for('line', first, end, (line) => {
    const [image, y] = [k.let('image', div(line, outHeight)), k.let('y', rem(line, outHeight))];
    const down = add(mul(y, window.stride[0]), mul(place.ky, window.dilation[0]));
    const row = k.let('row', add(down, -window.padding[0]));
    k.if(inside(row, height), () => {
      const xRow = k.let('xRow', add(xStart, add(mul(image, x.image), mul(row, x.row))));
      const gRow = k.let('gRow', add(gStart, add(mul(image, gradient.image), mul(y, gradient.row))));
      k.for('column', columns[0], columns[1], (column) => {
        const xAt = k.let('xAt', add(xRow, mul(column, window.stride[1] * x.column)));
        multiplyPixel(site, k, plan, place, sums, xAt, add(gRow, mul(column, gradient.column)));
      });
    });
  });
}

function multiplyPixel(
  site: Site<'conv2dWeightGradient'>,
  k: KernelBuilder,
  { x, gradient, isDepthwise }: Plan,
  { channelCount, outputCount }: TilePlace,
  sums: Sums,
  xAt: Expr,
  gFrom: Expr,
): void {
  const [source, flowing] = site.inputs.map(({ place }) => place.buffer) as [string, string];
  const gAt = k.let('gAt', gFrom);
  const lanes = (v: number): number => Math.min(4, outputCount - 4 * v);
  const gs = sums[0]!.map((_, v) =>
    k.let(`g${v}`, loadLanes(k, flowing, add(gAt, 4 * v * gradient.channel), lanes(v), gradient.channel)),
  );
  if (isDepthwise) {
    const value = k.let('x0', loadLanes(k, source, xAt, outputCount, x.channel));
    return k.assign(sums[0]![0]!, fma(value, gs[0]!, sums[0]![0]!));
  }
  const isVector = x.channel === 1 && channelCount % 4 === 0;
  const fours = isVector
    ? range(channelCount / 4).map((v) => k.let(`x${v}`, k.load(source, add(xAt, 4 * v), 'f32x4')))
    : [];
  const valueOf = (c: number): Expr =>
    isVector ? lane(fours[c >> 2]!, (c % 4) as 0 | 1 | 2 | 3) : k.load(source, add(xAt, c * x.channel));
  addProducts(k, sums, (c) => k.let(`spread${c}`, splat(valueOf(c))), gs);
}

function sumParts(site: Site<'conv2dWeightGradient'>, k: KernelBuilder, plan: Plan): void {
  const { outputs, groups, channels, window, parts } = plan;
  k.forEach(['o', 'i', 'ky', 'kx'], [outputs * groups, channels, ...window.kernel], (index) => {
    const total = k.variable('total', 0);
    k.for('part', 0, parts, (part) =>
      k.assign(total, add(total, k.load(PARTIAL, partialAt(plan, part, index)))),
    );
    site.output.store(index, total);
  });
}
