/**
 * Direct convolution for any kernel, stride, dilation and groups. Weights are packed [O / 8][KH][KW][I][8].
 *
 *     for each image, strip of rows and block of output channels
 *       for each row of the strip
 *         4 pixels x 8 channels at a time
 *       the columns that are left, as tiles of several rows where they are narrow
 *
 * A strip is copied with its padding first unless the image has none and its channels are neighbours.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import {
  add,
  constant,
  f32Const,
  min,
  mul,
  splat,
  sub,
  type Operand,
} from '../../../../kernel/expression.ts';
import { createLayout, type Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import { CACHED_BYTES } from '../shared/cache.ts';
import { convGeometry, extentOf, type ConvGeometry } from '../shared/geometry.ts';
import { loadAlong } from '../../../../lowering/shared/lanes.ts';
import { fillStrip, stripLength, type Strip } from '../shared/strip.ts';
import { multiplyRun, type Sums } from '../shared/tile.ts';
import { touchRun } from '../shared/touch.ts';

export interface DirectTile {
  /** Neighbouring output columns. */
  readonly pixels: number;
  /** Vectors of four output channels. */
  readonly vectors: number;
}

const WORKSPACE = 'strip';
const SCRATCH = 'scratch';

export interface DirectPlan {
  readonly geometry: ConvGeometry;
  readonly tile: DirectTile;
  /** Output channels of a block of weights: of a whole tile. */
  readonly block: number;
  /** Output rows of a strip. */
  readonly stripRows: number;
  /** Undefined where the image is read as it lies. */
  readonly strip?: Strip;
  /** The filters come from memory in every call. */
  readonly isStreamed: boolean;
}

export const blockedWeight = (shape: readonly number[], channels: number): Layout =>
  createLayout(`ohwi${channels}`, shape, [0, 2, 3, 1, { axis: 0, block: channels }]);

/** What a strip may take of the second-level cache. */
const STRIP_BYTES = 512 * 1024;

export function directSchedule(request: ScheduleRequest<'conv2d'>): Schedule<'conv2d'> | undefined {
  const plan = planDirect(convGeometry(request));
  if (!plan) return undefined;
  const { tile, block, strip, stripRows } = plan;
  const weight = blockedWeight(request.inputs[1]!.shape, block);
  const padded = strip ? ', padded strips' : '';
  return {
    name: `direct, ${tile.pixels} pixels x ${block} channels, ${stripRows} rows${padded}`,
    inputLayouts: [request.inputLayouts[0]!, weight, ...request.inputLayouts.slice(2)],
    outputLayout: request.outputLayout,
    workspaces: [
      ...(strip ? [{ name: WORKSPACE, length: stripLength(strip) }] : []),
      ...(plan.isStreamed ? [{ name: SCRATCH, length: 4 }] : []),
    ],
    build: (site, k) => buildDirect(site, k, plan),
  };
}

export function planDirect(geometry: ConvGeometry): DirectPlan | undefined {
  const { groups, outputs, outHeight, outWidth, window, channels, input } = geometry;
  // A vector must not straddle two groups.
  if (groups > 1 && outputs % 4 !== 0) return undefined;
  const vectors = outputs <= 4 || (groups > 1 && outputs % 8 !== 0) ? 1 : 2;
  const tile = { pixels: vectors === 1 ? 6 : 4, vectors };
  const needsRight = (outWidth - 1) * window.stride[1] + extentOf(window, 1) - window.padding[1];
  const needsBelow = (outHeight - 1) * window.stride[0] + extentOf(window, 0) - window.padding[0];
  const isInside =
    window.padding[0] === 0 &&
    window.padding[1] === 0 &&
    needsRight <= geometry.width &&
    needsBelow <= geometry.height;
  const columns = (outWidth - 1) * window.stride[1] + extentOf(window, 1);
  const all = channels * groups;
  const stripRows = niceRows(outHeight, rowsWithin(geometry, STRIP_BYTES));
  const rows = (stripRows - 1) * window.stride[0] + extentOf(window, 0);
  const isRead = isInside && (input.channel === 1 || all === 1);
  const strip: Strip = { workspace: WORKSPACE, rows, columns, channels: all, left: window.padding[1] };
  const filters = outputs * groups * channels * window.kernel[0] * window.kernel[1] * 4;
  return {
    ...{ geometry, tile, block: 4 * vectors, stripRows },
    strip: isRead ? undefined : strip,
    isStreamed: filters > CACHED_BYTES && groups === 1,
  };
}

/** Output rows whose windows touch as many bytes. */
function rowsWithin({ window, outWidth, channels, groups }: ConvGeometry, bytes: number): number {
  const touched = (axis: 0 | 1, outputs: number): number =>
    outputs * Math.min(window.stride[axis], window.kernel[axis]) +
    Math.max(0, extentOf(window, axis) - window.stride[axis]);
  const rowBytes = touched(1, outWidth) * channels * groups * 4;
  let rows = 1;
  while (touched(0, rows + 1) * rowBytes <= bytes) rows++;
  return rows;
}

/** At most `most`, as equal as can be; a divisor of the height where one is near. */
function niceRows(height: number, most: number): number {
  if (most >= height) return height;
  for (let rows = most; rows > most / 2; rows--) if (height % rows === 0) return rows;
  return Math.ceil(height / Math.ceil(height / most));
}

interface Direct extends DirectPlan {
  readonly k: KernelBuilder;
  readonly site: Site<'conv2d'>;
  /** What the tiles read, and its strides. */
  readonly source: {
    readonly buffer: string;
    readonly row: number;
    readonly column: number;
    readonly channel: number;
  };
}

export function buildDirect(site: Site<'conv2d'>, k: KernelBuilder, plan: DirectPlan): void {
  const { geometry, strip, stripRows } = plan;
  const { input, window, height, width, outHeight } = geometry;
  const x = site.inputs[0]!.place;
  const source = strip
    ? { buffer: WORKSPACE, row: strip.columns * strip.channels, column: strip.channels, channel: 1 }
    : { buffer: x.buffer, ...input };
  const direct: Direct = { ...plan, k, site, source };
  k.for('n', 0, geometry.images, (image) => {
    const start = k.let('image', mul(image, input.image));
    k.for(
      'firstRow',
      0,
      outHeight,
      (firstRow) => {
        const top = sub(mul(firstRow, window.stride[0]), window.padding[0]);
        if (strip) fillStrip(k, strip, { buffer: x.buffer, strides: input, height, width }, start, top);
        const from = strip ? constant(0) : k.let('from', add(start, mul(top, input.row)));
        forEachBlock(direct, (block) => buildStrip(direct, { image, firstRow, from, ...block }));
      },
      { step: stripRows },
    );
  });
}

interface BlockPlace {
  /** First output channel, how many there are, and where the block's weights begin. */
  readonly output: Expr;
  readonly lanes: number;
  readonly weights: Expr;
  /** First input channel of the group, in elements from a pixel's first. */
  readonly input: Expr;
}

interface StripPlace extends BlockPlace {
  readonly image: Expr;
  readonly firstRow: Expr;
  /** The element of the source that the first output's window begins at. */
  readonly from: Expr;
}

function forEachBlock({ k, geometry, block, source }: Direct, body: (place: BlockPlace) => void): void {
  const { groups, outputs, channels, window } = geometry;
  const size = block * channels * window.kernel[0] * window.kernel[1];
  const whole = Math.floor(outputs / block);
  const rest = outputs % block;
  k.for(
    'group',
    0,
    groups,
    (group) => {
      const place = (number: Operand, lanes: number): BlockPlace => ({
        output: add(mul(group, outputs), mul(number, block)),
        lanes,
        weights: mul(add(mul(group, outputs / block), number), size),
        input: mul(group, channels * source.channel),
      });
      k.for('block', 0, whole, (number) => body(place(number, block)), { independent: true });
      if (rest > 0) body(place(constant(whole), rest));
    },
    { independent: true },
  );
}

/** Every output of the strip for one block of channels. */
function buildStrip(direct: Direct, place: StripPlace): void {
  const { k, geometry, tile, stripRows } = direct;
  if (direct.isStreamed) touchBlock(direct, place);
  const { outHeight, outWidth } = geometry;
  const isEven = outHeight % stripRows === 0;
  const rows: Operand = isEven ? stripRows : min(constant(stripRows), sub(outHeight, place.firstRow));
  const wide = outWidth - (outWidth % tile.pixels);
  const rest = outWidth - wide;
  if (wide > 0) {
    k.for(
      'row',
      0,
      rows,
      (row) => {
        k.for(
          'ox',
          0,
          wide,
          (column) => buildTile(direct, place, { row, column, rows: 1, columns: tile.pixels }),
          {
            step: tile.pixels,
            independent: true,
          },
        );
      },
      { independent: true },
    );
  }
  if (rest === 0) return;
  const column = constant(wide);
  const together = isEven ? Math.min(stripRows, Math.floor(tile.pixels / rest)) : 1;
  const whole = isEven ? stripRows - (stripRows % together) : rows;
  const narrow = (row: Expr, count: number) =>
    buildTile(direct, place, { row, column, rows: count, columns: rest });
  k.block(`the last ${rest === 1 ? 'column' : `${rest} columns`}`, () => {
    k.for('row', 0, whole, (row) => narrow(row, together), { step: together, independent: true });
    if (isEven && stripRows % together > 0)
      narrow(constant(stripRows - (stripRows % together)), stripRows % together);
  });
}

function touchBlock({ k, site, geometry, block }: Direct, { weights }: StripPlace): void {
  const { channels, window } = geometry;
  const size = block * channels * window.kernel[0] * window.kernel[1];
  touchRun(k, site.inputs[1]!.place.buffer, k.let('filters', weights), size, SCRATCH);
}

interface TilePlace {
  /** In the strip. */
  readonly row: Expr;
  readonly column: Expr;
  readonly rows: number;
  readonly columns: number;
}

function buildTile(direct: Direct, place: StripPlace, at: TilePlace): void {
  const { k, site, geometry, source } = direct;
  const { stride } = geometry.window;
  const vectors = Math.ceil(place.lanes / 4);
  const pixels = Array.from(
    { length: at.rows * at.columns },
    (_, i) => [Math.floor(i / at.columns), i % at.columns] as const,
  );
  const bias = initialSums(direct, place, vectors);
  const sums: Sums = pixels.map((_, p) => bias.map((first, v) => k.variable(`sum${p}${v}`, first, 'f32x4')));
  const offsets = pixels.map(([y, x]) => y * stride[0] * source.row + x * stride[1] * source.column);
  const origin = add(mul(at.row, stride[0] * source.row), mul(at.column, stride[1] * source.column));
  const xAt = k.let('xAt', add(add(place.from, place.input), origin));
  reduce(direct, sums, offsets, xAt, k.let('wAt', place.weights));
  const [row, column] = [add(place.firstRow, at.row), at.column];
  pixels.forEach(([y, x], p) =>
    sums[p]!.forEach((sum, v) =>
      site.output.storeChannels(
        [place.image, add(place.output, 4 * v), add(row, y), add(column, x)],
        sum,
        Math.min(4, place.lanes - 4 * v),
      ),
    ),
  );
}

/** The bias, or zeros. */
function initialSums({ k, site }: Direct, place: StripPlace, vectors: number): Expr[] {
  const bias = site.inputs[2];
  return Array.from({ length: vectors }, (_, v) => {
    if (!bias) return splat(f32Const(0));
    const output = add(place.output, 4 * v);
    return k.let(`bias${v}`, loadAlong(k, bias, output, Math.min(4, place.lanes - 4 * v)));
  });
}

/** Over the kernel's rows, columns and input channels: runs of neighbouring numbers as long as they can be. */
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
