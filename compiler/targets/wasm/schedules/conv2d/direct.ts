/**
 * Direct convolution for any kernel, stride, dilation and groups. Weights are packed [O / 8][KH][KW][I][8].
 *
 *     for each image, strip of rows and block of output channels
 *       for each row of the strip
 *         4 pixels x 8 channels at a time
 *       the remaining columns, in tiles of several rows if they are narrow
 *
 * A strip is first copied with its padding, unless there is no padding and channels are contiguous.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, min, mul, sub, type Operand } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { forGroupPanels } from '../../../../lowering/shared/blocks.ts';
import {
  areaOf,
  coveredExtent,
  extentOf,
  placedConvolution,
  type PlacedConvolution,
} from '../../../../lowering/shared/convolution.ts';
import { outputPanels } from '../../../../lowering/shared/packedWeights.ts';
import { evenPart } from '../../../../lowering/shared/shorthands.ts';
import { biasVectors, sumVariables, type Sums } from '../../../../lowering/shared/sums.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { CACHED_BYTES } from '../shared/cache.ts';
import { forTiles, pixelsOf, type PixelTile } from '../shared/pixelTiles.ts';
import { fillStrip, forStrips, stripLength, type Strip } from '../shared/strip.ts';
import { multiplyRun } from '../shared/tile.ts';
import { PLAIN_PIXELS, relaxedPixels } from '../shared/tileSize.ts';
import { touchRun } from '../shared/touch.ts';
import { RELAXED } from '../../variants.ts';
import { joinedGeometry, rowsToJoin } from './joinRows.ts';

export interface DirectTile {
  /** Neighbouring output columns. */
  readonly pixels: number;
  /** Vectors of four output channels. */
  readonly vectors: number;
}

const WORKSPACE = 'strip';
const SCRATCH = 'scratch';

export interface DirectPlan {
  readonly geometry: PlacedConvolution;
  readonly tile: DirectTile;
  /** Output channels of a block of weights, which are those of a whole tile. */
  readonly block: number;
  /** Output rows of a strip. */
  readonly stripRows: number;
  /** Undefined if the image is read without a copy. */
  readonly strip?: Strip;
  /** Whether the filters are too large for the cache and come from memory in every call. */
  readonly isStreamed: boolean;
}

/** The share of the second-level cache for a strip. */
const STRIP_BYTES = 512 * 1024;

export function directSchedule(request: ScheduleRequest<'conv2d'>): Schedule<'conv2d'> | undefined {
  const joined = rowsToJoin(request);
  const geometry = joinedGeometry(placedConvolution(request), joined);
  const plan = planDirect(geometry);
  if (!plan) return undefined;
  const { block, strip } = plan;
  const weight = outputPanels(request.inputs[1]!.shape, block);
  const relaxed = withTile(plan, relaxedTile(plan));
  return {
    ...wayOf(plan, joined),
    inputLayouts: [request.inputLayouts[0]!, weight, ...request.inputLayouts.slice(2)],
    outputLayout: request.outputLayout,
    workspaces: [
      ...(strip ? [{ name: WORKSPACE, length: stripLength(strip) }] : []),
      ...(plan.isStreamed ? [{ name: SCRATCH, length: 4 }] : []),
    ],
    ...(relaxed.tile.pixels !== plan.tile.pixels && { variants: { [RELAXED]: wayOf(relaxed, joined) } }),
  };
}

/** The plan with a tile of this many pixels. */
const withTile = (plan: DirectPlan, pixels: number): DirectPlan => ({
  ...plan,
  tile: { ...plan.tile, pixels },
});

const relaxedTile = ({ tile, geometry, stripRows }: DirectPlan): number =>
  tile.vectors === 2 ? relaxedPixels(stripRows, geometry.outWidth) : tile.pixels;

/** The name and the kernel of a plan. */
function wayOf(plan: DirectPlan, joined: number): Pick<Schedule<'conv2d'>, 'name' | 'build'> {
  const { tile, block, strip, stripRows } = plan;
  const padded = strip ? ', padded strips' : '';
  return {
    name: `direct, ${tile.pixels} pixels x ${block} channels, ${stripRows * joined} rows${padded}`,
    build: (site, k) => buildDirect(site, k, plan, joined),
  };
}

export function planDirect(geometry: PlacedConvolution): DirectPlan | undefined {
  const { groups, outputs, outHeight, outWidth, window, channels, input } = geometry;
  // A vector must not straddle two groups.
  if (groups > 1 && outputs % 4 !== 0) return undefined;
  const vectors = outputs <= 4 || (groups > 1 && outputs % 8 !== 0) ? 1 : 2;
  const tile = { pixels: vectors === 1 ? 6 : PLAIN_PIXELS, vectors };
  const columns = coveredExtent(window, 1, outWidth);
  const isInside =
    window.padding[0] === 0 &&
    window.padding[1] === 0 &&
    columns <= geometry.width &&
    coveredExtent(window, 0, outHeight) <= geometry.height;
  const all = channels * groups;
  const stripRows = evenPart(outHeight, rowsWithin(geometry, STRIP_BYTES));
  const rows = coveredExtent(window, 0, stripRows);
  const isRead = isInside && (input.channel === 1 || all === 1);
  const strip: Strip = { workspace: WORKSPACE, rows, columns, channels: all, left: window.padding[1] };
  const filters = outputs * groups * channels * areaOf(window) * 4;
  return {
    ...{ geometry, tile, block: 4 * vectors, stripRows },
    strip: isRead ? undefined : strip,
    isStreamed: filters > CACHED_BYTES && groups === 1,
  };
}

/** The number of output rows whose windows read at most so many bytes. */
function rowsWithin({ window, outWidth, channels, groups }: PlacedConvolution, bytes: number): number {
  const touched = (axis: 0 | 1, outputs: number): number =>
    outputs * Math.min(window.stride[axis], window.kernel[axis]) +
    Math.max(0, extentOf(window, axis) - window.stride[axis]);
  const rowBytes = touched(1, outWidth) * channels * groups * 4;
  let rows = 1;
  while (touched(0, rows + 1) * rowBytes <= bytes) rows++;
  return rows;
}

interface Direct extends DirectPlan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2d'>;
  /** The number of the image's rows that are one row here. */
  readonly joined: number;
  /** The buffer that the tiles read, and its strides. */
  readonly source: {
    readonly buffer: string;
    readonly row: number;
    readonly column: number;
    readonly channel: number;
  };
}

function buildDirect(site: Site<'conv2d'>, k: KernelBuilder, plan: DirectPlan, joined: number): void {
  const { geometry, strip, stripRows } = plan;
  const { input, window, height, width, outHeight } = geometry;
  const x = site.inputs[0]!.place;
  const source = strip
    ? { buffer: WORKSPACE, row: strip.columns * strip.channels, column: strip.channels, channel: 1 }
    : { buffer: x.buffer, ...input };
  const direct: Direct = { ...plan, k, site, source, joined };
  const strips = { count: outHeight, rows: stripRows };
  forStrips(k, { images: geometry.images, stride: input.image }, strips, ({ image, start, firstRow }) => {
    const top = sub(mul(firstRow, window.stride[0]), window.padding[0]);
    if (strip) fillStrip(k, strip, { buffer: x.buffer, strides: input, height, width }, start, top);
    const from = strip ? constant(0) : k.let('from', add(start, mul(top, input.row)));
    forEachBlock(direct, (block) => buildStrip(direct, { image, firstRow, from, ...block }));
  });
}

interface BlockPlace {
  /** The first output channel, the number of channels, and the index at which the block's weights begin. */
  readonly output: Expr;
  readonly lanes: number;
  readonly weights: Expr;
  /** The group's first input channel, as an offset in elements from the pixel. */
  readonly input: Expr;
}

interface StripPlace extends BlockPlace {
  readonly image: Expr;
  readonly firstRow: Expr;
  /** The element of the source at which the window of the strip's first output begins. */
  readonly from: Expr;
}

/** The length of a block of weights, in elements. */
const blockLength = ({ geometry: { channels, window }, block }: DirectPlan): number =>
  block * channels * areaOf(window);

function forEachBlock(direct: Direct, body: (place: BlockPlace) => void): void {
  const { k, geometry, block, source } = direct;
  const { groups, outputs, channels } = geometry;
  const blocks = Math.ceil(outputs / block);
  forGroupPanels(k, groups, outputs, block, (group, number, lanes) =>
    body({
      output: add(mul(group, outputs), mul(number, block)),
      lanes,
      weights: mul(add(mul(group, blocks), number), blockLength(direct)),
      input: mul(group, channels * source.channel),
    }),
  );
}

/** Computes all outputs of the strip for one block of channels. */
function buildStrip(direct: Direct, place: StripPlace): void {
  const { k, geometry, tile, stripRows } = direct;
  if (direct.isStreamed) touchBlock(direct, place);
  const { outHeight, outWidth } = geometry;
  const isEven = outHeight % stripRows === 0;
  const rows: Operand = isEven ? stripRows : min(constant(stripRows), sub(outHeight, place.firstRow));
  forTiles(k, { rows, columns: outWidth }, tile.pixels, (at) => buildTile(direct, place, at));
}

function touchBlock(direct: Direct, { weights }: StripPlace): void {
  const { k, site } = direct;
  touchRun(k, site.inputs[1]!.place.buffer, k.let('filters', weights), blockLength(direct), SCRATCH);
}

function buildTile(direct: Direct, place: StripPlace, at: PixelTile): void {
  const { k, site, geometry, source } = direct;
  const { stride } = geometry.window;
  const pixels = pixelsOf(at);
  const sums = sumVariables(k, pixels.length, biasVectors(k, site.inputs[2], place.output, place.lanes));
  const offsets = pixels.map(([y, x]) => y * stride[0] * source.row + x * stride[1] * source.column);
  const origin = add(mul(at.row, stride[0] * source.row), mul(at.column, stride[1] * source.column));
  const xAt = k.let('xAt', add(add(place.from, place.input), origin));
  reduce(direct, sums, offsets, xAt, k.let('wAt', place.weights));
  const [row, column] = [add(place.firstRow, at.row), at.column];
  pixels.forEach(([y, x], p) =>
    sums[p]!.forEach((sum, v) =>
      site.output.storeChannels(
        [place.image, add(place.output, 4 * v), mul(add(row, y), direct.joined), add(column, x)],
        sum,
        Math.min(4, place.lanes - 4 * v),
      ),
    ),
  );
}

/**
 * Sums over the kernel's rows, columns and input channels, in runs of neighbouring numbers that are as long as
 * possible.
 */
function reduce(direct: Direct, sums: Sums, pixelOffsets: readonly number[], xAt: Expr, wAt: Expr): void {
  const { k, site, geometry, source, block } = direct;
  const { channels, window, groups } = geometry;
  const [height, width] = window.kernel;
  const operands = {
    x: source.buffer,
    pixelOffsets,
    weights: site.inputs[1]!.place.buffer,
    panel: block,
  };
  const isRun = groups === 1 && source.column === channels && window.dilation[1] === 1;
  const row = channels * width * block;
  k.for('ky', 0, height, (ky) => {
    const xRow = k.let('xRow', add(xAt, mul(ky, window.dilation[0] * source.row)));
    const wRow = k.let('wRow', add(wAt, mul(ky, row)));
    if (isRun) return multiplyRun(k, sums, operands, xRow, wRow, channels * width);
    k.for('kx', 0, width, (kx) => {
      const x = k.let('xTap', add(xRow, mul(kx, window.dilation[1] * source.column)));
      const w = k.let('wTap', add(wRow, mul(kx, channels * block)));
      multiplyRun(k, sums, operands, x, w, channels);
    });
  });
}
