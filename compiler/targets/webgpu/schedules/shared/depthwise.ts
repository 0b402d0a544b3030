/**
 * Depthwise convolution and its input's gradient. An invocation computes some neighbouring pixels of four channels. In
 * each row of the window it loads every column once, even if several pixels need it. Weights are packed [KH][KW][C /
 * 4][4].
 *
 *     for each image, row, four channels and pixels        an invocation
 *       for each row of the kernel inside the image
 *         sum[pixel] += x[column] * weights[column of the kernel]
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, boolConst, fma, lt, mul } from '../../../../kernel/expression.ts';
import type { Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forBlocks } from '../../../../lowering/shared/blocks.ts';
import { stridesOf, type Strides } from '../../../../lowering/shared/convolution.ts';
import { loadLanes } from '../../../../lowering/shared/lanes.ts';
import { INDEPENDENT, range, roundUp, ZEROS } from '../../../../lowering/shared/shorthands.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Site } from '../../../../ops/types.ts';
import { resultOf, walksText, type Walk, type Walks } from './axes.ts';
import { along, insideOnly, tapRange } from './taps.ts';

export interface Depthwise extends Walks {
  readonly images: number;
  readonly channels: number;
  readonly kernelWidth: number;
  /** The strides of the source. */
  readonly strides: Strides;
}

/** The number of channels of an invocation. */
export const LANES = 4;
const MOST_PIXELS = 8;
/** The most columns that are loaded at a time. */
const MOST_COLUMNS = 12;

export const describeDepthwise = ({ columns }: Depthwise): string =>
  `depthwise, ${choosePixels(columns[0]!)} pixels x ${LANES} channels`;

export const depthwiseOf = (
  source: readonly number[],
  { kernel }: WindowAttrs,
  layout: Layout,
  walks: Walks,
): Depthwise => ({
  ...{ images: source[0]!, channels: source[1]!, kernelWidth: kernel[1] },
  ...{ ...walks, strides: stridesOf(layout) },
});

/** The number of pixels with the fewest loads, counting the unused pixels of the last tile. */
function choosePixels(column: Walk): number {
  const fitting = range(Math.min(MOST_PIXELS, column.count))
    .map((i) => i + 1)
    .filter((pixels) => pixels === 1 || columnsOf(column, pixels).length <= MOST_COLUMNS);
  const cost = (pixels: number): number =>
    Math.ceil(column.count / pixels) * (columnsOf(column, pixels).length + column.taps + 1);
  return fitting.reduce((best, pixels) => (cost(pixels) <= cost(best) ? pixels : best));
}

/** The positions that the pixels of a tile read, relative to that of the first pixel. */
const columnsOf = ({ stride, taps, reach }: Walk, pixels: number): number[] =>
  [...new Set(range(pixels).flatMap((p) => range(taps).map((t) => p * stride + t * reach)))].toSorted(
    (a, b) => a - b,
  );

type ConvSite = Pick<Site<'conv2d'>, 'inputs' | 'output'>;

export function buildDepthwise(site: ConvSite, k: KernelBuilder, of: Depthwise): void {
  const parts = of.rows.flatMap((row) => of.columns.map((column) => ({ row, column })));
  parts.forEach(({ row, column }) => {
    const part: Part = { ...of, row, column, pixels: choosePixels(column) };
    if (parts.length === 1) return buildPart(site, k, part);
    k.block(walksText(row, column), () => buildPart(site, k, part));
  });
}

/** One pair of walks. */
interface Part extends Depthwise {
  readonly row: Walk;
  readonly column: Walk;
  readonly pixels: number;
}

function buildPart(site: ConvSite, k: KernelBuilder, of: Part): void {
  const { images, row, column, channels, pixels } = of;
  const tile = (image: Expr, y: Expr, x: Expr): void =>
    forBlocks(k, { name: 'channel', what: 'channels', extent: channels, block: LANES }, (channel, lanes) =>
      buildTile(site, k, of, { image, y, x, channel, lanes }),
    );
  const alongRow = (image: Expr, y: Expr): void =>
    k.for('column', 0, column.count, (x) => tile(image, y, x), { step: pixels, ...INDEPENDENT });
  const alongColumn = (image: Expr): void =>
    k.for('row', 0, row.count, (y) => alongRow(image, y), INDEPENDENT);
  k.for('n', 0, images, alongColumn, INDEPENDENT);
}

interface TilePlace {
  readonly image: Expr;
  readonly y: Expr;
  readonly x: Expr;
  readonly channel: Expr;
  readonly lanes: number;
}

function buildTile(site: ConvSite, k: KernelBuilder, of: Part, place: TilePlace): void {
  const { image, y, x, channel, lanes } = place;
  const { row, column, pixels } = of;
  const bias = site.inputs[2];
  const first = bias ? k.let('bias', k.load(bias.place.buffer, channel, 'f32x4')) : ZEROS;
  const sums = range(pixels).map((p) => k.variable(`sum${p}`, first, 'f32x4'));
  if (row.taps > 0 && column.taps > 0) reduce(site, k, of, place, sums);
  sums.forEach((sum, p) => {
    const at = add(x, p);
    const isWanted = column.count % pixels === 0 ? boolConst(true) : lt(at, column.count);
    k.if(isWanted, () => {
      const [top, left] = [resultOf(row, y), resultOf(column, at)];
      site.output.storeChannels([image, channel, top, left], sum, lanes);
    });
  });
}

function reduce(
  site: ConvSite,
  k: KernelBuilder,
  of: Part,
  { image, y, x, channel, lanes }: TilePlace,
  sums: readonly Expr[],
): void {
  const { row, column, strides, pixels, channels, kernelWidth } = of;
  const [source, weights] = site.inputs.map(({ place }) => place.buffer) as [string, string];
  const start = k.let('image', add(mul(image, strides.image), mul(channel, strides.channel)));
  const positions = columnsOf(column, pixels);
  const last =
    Math.max(...positions) + (roundUp(column.count, pixels) - pixels) * column.stride + column.offset;
  const cells = positions.map((position, i) => {
    const at = add(mul(x, column.stride), position + column.offset);
    const cell = along(k, `column${i}`, at, { ...column, last }, strides.column);
    return { offset: k.let(`xColumn${i}`, add(start, cell.offset)), isInside: cell.isInside };
  });
  const [from, to] = tapRange(k, row, y);
  const line = roundUp(channels, LANES);
  k.for('ky', from, to, (ky) => {
    const position = add(add(mul(y, row.stride), mul(ky, row.reach)), row.offset);
    const xRow = k.let('xRow', mul(position, strides.row));
    const element = add(mul(ky, row.step), row.element);
    const wRow = k.let('wRow', add(mul(element, kernelWidth * line), channel));
    const ws = range(column.taps).map((t) => {
      const place = add(wRow, (column.element + t * column.step) * line);
      return k.let(`w${t}`, k.load(weights, place, 'f32x4'));
    });
    cells.forEach(({ offset, isInside }, i) => {
      const loaded = k.let(`x${i}`, loadLanes(k, source, add(offset, xRow), lanes, strides.channel));
      const value = insideOnly(k, `x${i}In`, isInside, loaded, ZEROS);
      sums.forEach((sum, p) =>
        ws.forEach((w, t) => {
          if (p * column.stride + t * column.reach === positions[i]) k.assign(sum, fma(value, w, sum));
        }),
      );
    });
  });
}
