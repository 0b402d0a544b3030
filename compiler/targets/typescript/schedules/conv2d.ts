/**
 * conv2d for plain JavaScript: a block of pixels x output channels in local variables, so that every loaded
 * number is used several times. Weights are packed [O / c][KH][KW][I][c]; borders are row ranges and
 * single-pixel columns, never a test in the inner loop.
 *
 *     for each image, output row and block of channels
 *       left border     one pixel at a time, the kernel's columns clipped
 *       interior        `pixels` at a time, then the rest as one smaller tile
 *       right border    one pixel at a time, clipped
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import {
  add,
  constant,
  div,
  fma,
  max,
  min,
  mul,
  sub,
  toExpr,
  type Operand,
} from '../../../kernel/expression.ts';
import { createLayout, elementIndex, strideOf, type Layout } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { convWindow } from '../../../ops/conv2d.ts';
import { windowExtent, type WindowAttrs } from '../../../ops/shared/window.ts';
import type { Site } from '../../../ops/types.ts';

export interface ConvTile {
  /** Neighbouring output columns. */
  readonly pixels: number;
  /** Neighbouring output channels; the weights' packing. */
  readonly channels: number;
}

/** Measured best of 2x4, 3x4, 4x2, 4x3 and 4x4 in V8 11.3 (test/bench/typescript/conv2d.ts). */
export const CONV_TILE: ConvTile = { pixels: 2, channels: 4 };

export const packedWeight = (shape: readonly number[], channels: number): Layout =>
  createLayout(`ohwi${channels}`, shape, [0, 2, 3, 1, { axis: 0, block: channels }]);

export function conv2dSchedule(
  request: ScheduleRequest<'conv2d'>,
  tile = CONV_TILE,
): Schedule<'conv2d'> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const [, weight] = inputs;
  const perGroup = weight!.shape[0]! / attrs.groups;
  // A block of channels must not straddle two groups.
  if (attrs.groups > 1 && perGroup % tile.channels !== 0) return undefined;
  const layouts = [inputLayouts[0]!, packedWeight(weight!.shape, tile.channels), ...inputLayouts.slice(2)];
  return {
    name: `direct, ${tile.pixels} pixels x ${tile.channels} channels`,
    inputLayouts: layouts,
    outputLayout,
    build: (site, k) => buildConv2d(site, k, tile),
  };
}

interface Shape {
  readonly images: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly outputs: number;
  readonly groups: number;
  /** Input channels of one group. */
  readonly channels: number;
  readonly window: WindowAttrs;
  /** Strides of the input, in elements. */
  readonly rowStride: number;
  readonly columnStride: number;
  readonly channelStride: number;
}

interface Conv {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2d'>;
  readonly shape: Shape;
  readonly tile: ConvTile;
}

/** Where one tile stands. */
interface TilePlace {
  readonly image: Expr;
  readonly row: Expr;
  readonly column: Expr;
  readonly pixels: number;
  /** At a border: not every column of the kernel meets the input. */
  readonly clipped: boolean;
  readonly firstRow: Expr;
  readonly endRow: Expr;
  /** The block's number, its first output channel and how many channels it really has. */
  readonly block: Expr;
  readonly firstOutput: Expr;
  readonly lanes: number;
  /** First input channel of the group. */
  readonly firstInput: Expr;
}

export function buildConv2d(site: Site<'conv2d'>, k: KernelBuilder, tile: ConvTile): void {
  const shape = convShape(site);
  const conv: Conv = { k, site, shape, tile };
  k.for('n', 0, shape.images, (image) =>
    k.for(
      'oy',
      0,
      shape.outHeight,
      (row) => {
        const [firstRow, endRow] = kernelRange(k, 'ky', row, 0, shape);
        forEachBlock(conv, (block) => {
          forEachTile(conv, (column, pixels, clipped) =>
            buildTile(conv, { image, row, column, pixels, clipped, firstRow, endRow, ...block }),
          );
        });
      },
      { independent: true },
    ),
  );
}

function convShape(site: Site<'conv2d'>): Shape {
  const { attrs, inputs, output } = site;
  const [x, weight] = inputs;
  const [images, , height, width] = x!.type.shape as [number, number, number, number];
  const [outputs, channels] = weight!.type.shape as [number, number];
  const [, , outHeight, outWidth] = output.type.shape as [number, number, number, number];
  const { layout } = x!.place;
  return {
    images,
    height,
    width,
    outHeight,
    outWidth,
    outputs,
    channels,
    groups: attrs.groups,
    window: convWindow(attrs, weight!.type.shape),
    rowStride: strideOf(layout, 2),
    columnStride: strideOf(layout, 3),
    channelStride: strideOf(layout, 1),
  };
}

/** [first, end) of the kernel's elements that meet the input, for output row (axis 0) or column (axis 1). */
function kernelRange(k: KernelBuilder, name: string, output: Expr, axis: 0 | 1, shape: Shape): [Expr, Expr] {
  const { window } = shape;
  const [extent, kernel, dilation] = [
    axis === 0 ? shape.height : shape.width,
    window.kernel[axis],
    window.dilation[axis],
  ];
  const outputs = axis === 0 ? shape.outHeight : shape.outWidth;
  const [before, stride] = [window.padding[axis], window.stride[axis]];
  const lastReach = (outputs - 1) * stride + windowExtent(kernel, dilation) - before;
  // position = output * stride + k * dilation - before must lie in [0, extent)
  const position = sub(mul(output, stride), before);
  const first = before === 0 ? constant(0) : max(0, div(sub(dilation - 1, position), dilation));
  const end =
    lastReach <= extent
      ? constant(kernel)
      : min(kernel, div(add(sub(extent, position), dilation - 1), dilation));
  return [k.let(`${name}First`, first), k.let(`${name}End`, end)];
}

type Block = Pick<TilePlace, 'block' | 'firstOutput' | 'lanes' | 'firstInput'>;

function forEachBlock({ k, shape, tile }: Conv, body: (block: Block) => void): void {
  const perGroup = shape.outputs / shape.groups;
  k.for('group', 0, shape.groups, (group) => {
    const firstInput = k.let('firstInput', mul(group, shape.channels));
    const firstBlock = mul(group, perGroup / tile.channels);
    const whole = Math.floor(perGroup / tile.channels);
    const place = (block: Expr, lanes: number) =>
      body({ block, firstOutput: mul(block, tile.channels), lanes, firstInput });
    k.for('block', 0, whole, (b) => place(k.let('blockAt', add(firstBlock, b)), tile.channels));
    if (perGroup % tile.channels) place(constant(whole), perGroup % tile.channels);
  });
}

/** Calls for the left border, the interior and the right border of a row of outputs. */
function forEachTile(
  { k, shape, tile }: Conv,
  body: (column: Expr, pixels: number, clipped: boolean) => void,
): void {
  const { kernel, stride, padding, dilation } = shape.window;
  const span = windowExtent(kernel[1], dilation[1]);
  const interiorStart = Math.min(shape.outWidth, Math.ceil(padding[1] / stride[1]));
  const interiorEnd = Math.max(
    interiorStart,
    Math.min(shape.outWidth, Math.floor((shape.width + padding[1] - span) / stride[1]) + 1),
  );
  const tiles = Math.floor((interiorEnd - interiorStart) / tile.pixels);
  const restStart = interiorStart + tiles * tile.pixels;
  const rest = interiorEnd - restStart;
  const columns = (what: string, from: number, to: number, pixels: number, clipped: boolean): void => {
    if (from >= to) return;
    k.block(what, () => k.for('ox', from, to, (column) => body(column, pixels, clipped), { step: pixels }));
  };
  columns('left border: columns of the kernel outside of the input are left out', 0, interiorStart, 1, true);
  columns(`interior, ${tile.pixels} pixels at a time`, interiorStart, restStart, tile.pixels, false);
  columns(`interior, the last ${rest}`, restStart, interiorEnd, rest, false);
  columns('right border', interiorEnd, shape.outWidth, 1, true);
}

function buildTile(conv: Conv, place: TilePlace): void {
  const { k, site, shape, tile } = conv;
  const { pixels, clipped } = place;
  const bias = site.inputs[2];
  const outputs = Array.from({ length: place.lanes }, (_, lane) => add(place.firstOutput, lane));
  const sums = Array.from({ length: pixels }, (_, p) =>
    outputs.map((output, lane) => k.variable(`sum${p}${lane}`, bias ? bias.load([output]) : 0)),
  );
  const [firstColumn, endColumn] = clipped
    ? kernelRange(k, 'kx', place.column, 1, shape)
    : [constant(0), constant(shape.window.kernel[1])];
  k.for('ky', place.firstRow, place.endRow, (ky) => {
    const row = sub(
      add(mul(place.row, shape.window.stride[0]), mul(ky, shape.window.dilation[0])),
      shape.window.padding[0],
    );
    const left = sub(mul(place.column, shape.window.stride[1]), shape.window.padding[1]);
    const start = elementIndex(site.inputs[0]!.place.layout, [place.image, place.firstInput, row, left]);
    // `left` may lie outside of the image; of one that is a single column wide `elementIndex` leaves it out.
    const xRow = k.let('xRow', shape.width === 1 ? add(start, mul(left, shape.columnStride)) : start);
    const wRow = k.let(
      'wRow',
      elementIndex(site.inputs[1]!.place.layout, [
        mul(place.block, tile.channels),
        constant(0),
        ky,
        constant(0),
      ]),
    );
    reduceRow(conv, xRow, wRow, firstColumn, endColumn, (x, w) => multiplyAdd(conv, sums, x, w));
  });
  sums.forEach((lanes, p) =>
    lanes.forEach((sum, lane) =>
      site.output.store([place.image, outputs[lane]!, place.row, add(place.column, p)], sum),
    ),
  );
}

/**
 * Loops over the kernel's columns and the input channels of one kernel row. Channels-last inputs make both
 * one run of consecutive numbers, in the input as in the packed weights.
 */
function reduceRow(
  conv: Conv,
  xRow: Expr,
  wRow: Expr,
  first: Expr,
  end: Expr,
  body: (x: Expr, w: Expr) => void,
): void {
  const { k, shape, tile } = conv;
  const { channels } = shape;
  const isRun =
    shape.channelStride === 1 &&
    shape.columnStride === channels &&
    shape.window.dilation[1] === 1 &&
    shape.groups === 1;
  if (isRun) {
    k.for('i', mul(first, channels), mul(end, channels), (i) =>
      body(add(xRow, i), add(wRow, mul(i, tile.channels))),
    );
    return;
  }
  k.for('kx', first, end, (kx) => {
    const xAt = k.let('xAt', add(xRow, mul(kx, shape.window.dilation[1] * shape.columnStride)));
    const wAt = k.let('wAt', add(wRow, mul(kx, channels * tile.channels)));
    k.for('ic', 0, channels, (ic) =>
      body(add(xAt, mul(ic, shape.channelStride)), add(wAt, mul(ic, tile.channels))),
    );
  });
}

/** One step of the reduction: every pixel's number times every lane's weight. */
function multiplyAdd({ k, site, shape }: Conv, sums: readonly (readonly Expr[])[], x: Expr, w: Expr): void {
  const [input, weight] = [site.inputs[0]!.place.buffer, site.inputs[1]!.place.buffer];
  const pixelStride = shape.columnStride * shape.window.stride[1];
  const at = (base: Expr, offset: Operand) => add(base, toExpr(offset, 'i32'));
  const weights = sums[0]!.map((_, lane) => k.let(`w${lane}`, k.load(weight, at(w, lane))));
  sums.forEach((lanes, p) => {
    const value = k.let(`x${p}`, k.load(input, at(x, p * pixelStride)));
    lanes.forEach((sum, lane) => k.assign(sum, fma(value, weights[lane]!, sum)));
  });
}
