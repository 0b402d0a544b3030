/**
 * conv2d for plain JavaScript. The sums of a block of pixels x output channels are local variables, so that every
 * loaded number is used several times. Weights are packed [O / c][KH][KW][I][c]. Borders are handled by row ranges
 * and by single-pixel columns, without a test in the inner loop.
 *
 *     for each image, output row and block of channels
 *       left border     one pixel at a time, the kernel's columns clipped
 *       interior        `pixels` at a time, then the rest as one smaller tile
 *       right border    one pixel at a time, clipped
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { add, constant, mul, sub } from '../../../kernel/expression.ts';
import { elementIndex } from '../../../kernel/layout.ts';
import type { Expr } from '../../../kernel/types.ts';
import { restText, wholeText } from '../../../lowering/shared/blocks.ts';
import { tapsInside, type Range } from '../../../lowering/shared/borders.ts';
import {
  convGeometry,
  coveredExtent,
  interiorColumns,
  stridesOf,
  type PlacedConvolution,
} from '../../../lowering/shared/convolution.ts';
import { outputPanels } from '../../../lowering/shared/packedWeights.ts';
import { range } from '../../../lowering/shared/shorthands.ts';
import { addProducts, type Sums } from '../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { Site } from '../../../ops/types.ts';

export interface ConvTile {
  /** Neighbouring output columns. */
  readonly pixels: number;
  /** Neighbouring output channels; also the block size of the packed weights. */
  readonly channels: number;
}

/** Measured best of 2x4, 3x4, 4x2, 4x3 and 4x4 in V8 11.3 (test/bench/typescript/conv2d.ts). */
const CONV_TILE: ConvTile = { pixels: 2, channels: 4 };

export function conv2dSchedule(
  request: ScheduleRequest<'conv2d'>,
  tile = CONV_TILE,
): Schedule<'conv2d'> | undefined {
  const { attrs, inputs, inputLayouts, outputLayout } = request;
  const [, weight] = inputs;
  const perGroup = weight!.shape[0]! / attrs.groups;
  // A block of channels must not straddle two groups.
  if (attrs.groups > 1 && perGroup % tile.channels !== 0) return undefined;
  const layouts = [inputLayouts[0]!, outputPanels(weight!.shape, tile.channels), ...inputLayouts.slice(2)];
  return {
    name: `direct, ${tile.pixels} pixels x ${tile.channels} channels`,
    inputLayouts: layouts,
    outputLayout,
    build: (site, k) => buildConv2d(site, k, tile),
  };
}

interface Conv {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2d'>;
  readonly shape: PlacedConvolution;
  readonly tile: ConvTile;
}

/** The place of one tile. */
interface TilePlace {
  readonly image: Expr;
  readonly row: Expr;
  readonly column: Expr;
  readonly pixels: number;
  /** Whether the tile is at a border, where some columns of the kernel are outside the input. */
  readonly clipped: boolean;
  readonly firstRow: Expr;
  readonly endRow: Expr;
  /** The block's number, its first output channel and its number of channels without padding. */
  readonly block: Expr;
  readonly firstOutput: Expr;
  readonly lanes: number;
  /** The first input channel of the group. */
  readonly firstInput: Expr;
  /** The channels of these blocks, for comments; empty if all blocks are alike. */
  readonly channelsText: string;
}

function buildConv2d(site: Site<'conv2d'>, k: KernelBuilder, tile: ConvTile): void {
  const shape = placedAt(site);
  const conv: Conv = { k, site, shape, tile };
  k.for('n', 0, shape.images, (image) =>
    k.for(
      'oy',
      0,
      shape.outHeight,
      (row) => {
        const [firstRow, endRow] = kernelRange(k, 'ky', row, 0, shape);
        forEachBlock(conv, (block) => {
          forEachTile(conv, block.channelsText, (column, pixels, clipped) =>
            buildTile(conv, { image, row, column, pixels, clipped, firstRow, endRow, ...block }),
          );
        });
      },
      { independent: true },
    ),
  );
}

function placedAt({ attrs, inputs, output }: Site<'conv2d'>): PlacedConvolution {
  const [x, weight] = inputs;
  const geometry = convGeometry(attrs, x!.type.shape, weight!.type.shape, output.type.shape);
  return { ...geometry, input: stridesOf(x!.place.layout) };
}

/** The range of kernel elements inside the input, for an output row (axis 0) or column (axis 1). */
function kernelRange(
  k: KernelBuilder,
  name: string,
  output: Expr,
  axis: 0 | 1,
  shape: PlacedConvolution,
): Range {
  const { window } = shape;
  const [extent, outputs] = axis === 0 ? [shape.height, shape.outHeight] : [shape.width, shape.outWidth];
  const before = window.padding[axis];
  const position = sub(mul(output, window.stride[axis]), before);
  const [first, end] = tapsInside(position, {
    ...{ taps: window.kernel[axis], reach: window.dilation[axis], extent },
    ...{ startsBefore: before > 0, endsAfter: coveredExtent(window, axis, outputs) - before > extent },
  });
  return [k.let(`${name}First`, first), k.let(`${name}End`, end)];
}

type Block = Pick<TilePlace, 'block' | 'firstOutput' | 'lanes' | 'firstInput' | 'channelsText'>;

function forEachBlock({ k, shape, tile }: Conv, body: (block: Block) => void): void {
  const { outputs } = shape;
  k.for('group', 0, shape.groups, (group) => {
    const firstInput = k.let('firstInput', mul(group, shape.channels));
    const firstBlock = mul(group, outputs / tile.channels);
    const whole = Math.floor(outputs / tile.channels);
    const rest = outputs % tile.channels;
    const place = (block: Expr, lanes: number, channelsText: string) =>
      body({ block, firstOutput: mul(block, tile.channels), lanes, firstInput, channelsText });
    const ofWhole = rest > 0 ? `${wholeText('channels', outputs - rest, tile.channels)}: ` : '';
    k.for('block', 0, whole, (b) => place(k.let('blockAt', add(firstBlock, b)), tile.channels, ofWhole));
    if (rest > 0) place(constant(whole), rest, whole > 0 ? `${restText('channels', rest)}: ` : '');
  });
}

/** Calls `body` for the left border, the interior and the right border of a row of outputs. */
function forEachTile(
  { k, shape, tile }: Conv,
  channelsText: string,
  body: (column: Expr, pixels: number, clipped: boolean) => void,
): void {
  const [interiorStart, interiorEnd] = interiorColumns(shape);
  const tiles = Math.floor((interiorEnd - interiorStart) / tile.pixels);
  const restStart = interiorStart + tiles * tile.pixels;
  const rest = interiorEnd - restStart;
  const columns = (what: string, from: number, to: number, pixels: number, clipped: boolean): void => {
    if (from >= to) return;
    k.block(`${channelsText}${what}`, () =>
      k.for('ox', from, to, (column) => body(column, pixels, clipped), { step: pixels }),
    );
  };
  const clip = 'without the columns of the kernel that fall outside x';
  const interior = interiorStart > 0 || interiorEnd < shape.outWidth ? 'interior, ' : '';
  columns(`left border, ${clip}`, 0, interiorStart, 1, true);
  columns(`${interior}${tile.pixels} pixels at a time`, interiorStart, restStart, tile.pixels, false);
  columns(`${interior}${restText('pixels', rest)}`, restStart, interiorEnd, rest, false);
  columns(`right border, ${clip}`, interiorEnd, shape.outWidth, 1, true);
}

function buildTile(conv: Conv, place: TilePlace): void {
  const { k, site, shape } = conv;
  const bias = site.inputs[2];
  const outputs = range(place.lanes).map((lane) => add(place.firstOutput, lane));
  const sums = range(place.pixels).map((p) =>
    outputs.map((output, lane) => k.variable(`sum${p}${lane}`, bias ? bias.load([output]) : 0)),
  );
  const [firstColumn, endColumn] = place.clipped
    ? kernelRange(k, 'kx', place.column, 1, shape)
    : [constant(0), constant(shape.window.kernel[1])];
  k.for('ky', place.firstRow, place.endRow, (ky) => {
    const [xRow, wRow] = [inputRow(conv, place, ky), weightRow(conv, place, ky)];
    reduceRow(conv, xRow, wRow, firstColumn, endColumn, (x, w) => multiplyAdd(conv, sums, x, w));
  });
  sums.forEach((lanes, p) =>
    lanes.forEach((sum, lane) =>
      site.output.store([place.image, outputs[lane]!, place.row, add(place.column, p)], sum),
    ),
  );
}

/** The index at which the tile's windows begin, in the input row that the kernel's row `ky` reads. */
function inputRow({ k, site, shape }: Conv, { image, row, column, firstInput }: TilePlace, ky: Expr): Expr {
  const { stride, dilation, padding } = shape.window;
  const y = sub(add(mul(row, stride[0]), mul(ky, dilation[0])), padding[0]);
  const left = sub(mul(column, stride[1]), padding[1]);
  const start = elementIndex(site.inputs[0]!.place.layout, [image, firstInput, y, left]);
  // `left` may be outside the image. If the image is one column wide, `elementIndex` ignores `left`.
  return k.let('xRow', shape.width === 1 ? add(start, mul(left, shape.input.column)) : start);
}

function weightRow({ k, site, tile }: Conv, { block }: TilePlace, ky: Expr): Expr {
  const index = [mul(block, tile.channels), constant(0), ky, constant(0)];
  return k.let('wRow', elementIndex(site.inputs[1]!.place.layout, index));
}

/**
 * Loops over the columns and input channels of one kernel row. With channels-last inputs both loops become one
 * over consecutive numbers, in the input and in the packed weights.
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
    shape.input.channel === 1 &&
    shape.input.column === channels &&
    shape.window.dilation[1] === 1 &&
    shape.groups === 1;
  if (isRun) {
    k.for('i', mul(first, channels), mul(end, channels), (i) =>
      body(add(xRow, i), add(wRow, mul(i, tile.channels))),
    );
    return;
  }
  k.for('kx', first, end, (kx) => {
    const xAt = k.let('xAt', add(xRow, mul(kx, shape.window.dilation[1] * shape.input.column)));
    const wAt = k.let('wAt', add(wRow, mul(kx, channels * tile.channels)));
    k.for('ic', 0, channels, (ic) =>
      body(add(xAt, mul(ic, shape.input.channel)), add(wAt, mul(ic, tile.channels))),
    );
  });
}

/** One step of the reduction: the number of each pixel times the weight of each lane. */
function multiplyAdd({ k, site, shape }: Conv, sums: Sums, x: Expr, w: Expr): void {
  const [input, weight] = [site.inputs[0]!.place.buffer, site.inputs[1]!.place.buffer];
  const pixelStride = shape.input.column * shape.window.stride[1];
  const weights = sums[0]!.map((_, lane) => k.let(`w${lane}`, k.load(weight, add(w, lane))));
  addProducts(k, sums, (p) => k.let(`x${p}`, k.load(input, add(x, p * pixelStride))), weights);
}
