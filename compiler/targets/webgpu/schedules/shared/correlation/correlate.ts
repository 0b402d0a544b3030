/**
 * Convolutions and their input's gradient in registers, without memory of a workgroup. An invocation keeps the sums of
 * pixels x vectors of four outputs. So a vector of weights is used for every pixel, and a number of the source for
 * every vector.
 *
 *     for each image, block of outputs, rows and columns of pixels        an invocation
 *       for each element of the kernel that is inside the source's rows
 *         for each input channel, or four
 *           sum[pixel][vector] += source[pixel] * weights[vector]
 *
 * The loop's range excludes rows outside the source. For a column outside, a neighbour is read and replaced by zero.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import {
  add,
  and,
  boolConst,
  constant,
  div,
  f32Const,
  lane,
  lt,
  mul,
  rem,
  splat,
} from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import type { Strides } from '../../../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range, roundUp, ZEROS } from '../../../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, type Sums } from '../../../../../lowering/shared/sums.ts';
import type { OutputAccess } from '../../../../../ops/types.ts';
import { positionOf, resultOf, walksText, type Walk, type Walks } from '../axes.ts';
import { chooseTile, type PixelTile } from '../pixels.ts';
import { along, insideOnly, lastPosition, tapRange } from '../taps.ts';

export interface Correlation extends Walks {
  readonly images: number;
  readonly groups: number;
  /** Input channels, over which is summed, and outputs of one group. */
  readonly channels: number;
  readonly outputs: number;
  readonly kernel: readonly [number, number];
  /** The strides of the source. */
  readonly strides: Strides;
  /** The number of outputs in a panel of weights. */
  readonly block: number;
}

export interface CorrelationBuffers {
  readonly source: string;
  readonly weights: string;
  /** The bias, padded to whole panels. */
  readonly bias?: string | undefined;
  readonly output: Pick<OutputAccess, 'storeChannels'>;
}

/** The most sums of an invocation, in vectors. More would be kept in memory instead of registers. */
const SUMS = 32;

interface Place extends Correlation, CorrelationBuffers {
  readonly k: KernelBuilder;
  readonly tile: PixelTile;
  readonly row: Walk;
  readonly column: Walk;
  readonly vectors: number;
}

export const describeTile = ({ rows, columns, block }: Correlation): string => {
  const { height, width } = tileOf(rows[0]!, columns[0]!, block);
  return `${height === 1 ? '' : `${height} x `}${width} pixels x ${block} channels`;
};

const tileOf = (row: Walk, column: Walk, block: number): PixelTile =>
  chooseTile(row.count, column.count, block / 4, SUMS);

export function buildCorrelation(k: KernelBuilder, of: Correlation, buffers: CorrelationBuffers): void {
  const vectors = of.block / 4;
  const parts = of.rows.flatMap((row) => of.columns.map((column) => ({ row, column })));
  parts.forEach(({ row, column }) => {
    const tile = tileOf(row, column, of.block);
    const place: Place = { ...of, ...buffers, k, row, column, vectors, tile };
    if (parts.length === 1) return buildPart(place);
    k.block(walksText(row, column), () => buildPart(place));
  });
}

/** Computes all tiles of one pair of walks. */
function buildPart(place: Place): void {
  const { k, tile, row, column } = place;
  const panels = Math.ceil(place.outputs / place.block);
  k.for(
    'n',
    0,
    place.images,
    (image) =>
      k.for(
        'panel',
        0,
        place.groups * panels,
        (panel) =>
          k.for(
            'firstRow',
            0,
            row.count,
            (firstRow) =>
              k.for(
                'firstColumn',
                0,
                column.count,
                (firstColumn) => buildTile(place, { image, panel, firstRow, firstColumn }),
                { step: tile.width, ...INDEPENDENT },
              ),
            { step: tile.height, ...INDEPENDENT },
          ),
        INDEPENDENT,
      ),
    INDEPENDENT,
  );
}

interface TilePlace {
  readonly image: Expr;
  readonly panel: Expr;
  readonly firstRow: Expr;
  readonly firstColumn: Expr;
}

function buildTile(place: Place, at: TilePlace): void {
  const { k, tile, vectors, bias, block, outputs, groups } = place;
  const panels = Math.ceil(outputs / block);
  const group = groups === 1 ? constant(0) : k.let('group', div(at.panel, panels));
  const first =
    groups === 1 ? mul(at.panel, block) : add(mul(group, outputs), mul(rem(at.panel, panels), block));
  const output = k.let('output', first);
  const start = range(vectors).map((v) =>
    bias ? k.let(`bias${v}`, k.load(bias, add(output, 4 * v), 'f32x4')) : ZEROS,
  );
  const sums = sumVariables(k, tile.height * tile.width, start, '_');
  if (place.row.taps > 0 && place.column.taps > 0) reduce(place, at, group, sums);
  storeTile(place, at, output, sums);
}

function reduce(place: Place, at: TilePlace, group: Expr, sums: Sums): void {
  const { k, tile, row, column, strides, channels, kernel, block } = place;
  const image = k.let('image', add(mul(at.image, strides.image), mul(group, channels * strides.channel)));
  const isRanged = tile.height === 1;
  const [from, to] = isRanged ? tapRange(k, row, at.firstRow) : [constant(0), constant(row.taps)];
  const area = kernel[0] * kernel[1] * channels * block;
  const panel = k.let('panelAt', mul(at.panel, area));
  const lastColumn = lastPosition(column, roundUp(column.count, tile.width));
  const lastRow = lastPosition(row, roundUp(row.count, tile.height));
  // Columns come first, so that all rows of the kernel share the cost of their addresses and tests.
  k.for('tx', 0, column.taps, (tx) => {
    const kx = add(mul(tx, column.step), column.element);
    const wColumn = k.let('wColumn', add(panel, mul(kx, channels * block)));
    const cells = range(tile.width).map((x) => {
      const position = positionOf(column, add(at.firstColumn, x), tx);
      return along(k, `column${x}`, position, { ...column, last: lastColumn }, strides.column);
    });
    const starts = cells.map(({ offset }, x) => k.let(`xColumn${x}`, add(image, offset)));
    k.for('ty', from, to, (ty) => {
      const ky = add(mul(ty, row.step), row.element);
      const wAt = k.let('wTap', add(wColumn, mul(ky, kernel[1] * channels * block)));
      const pixels = range(tile.height).flatMap((y) => {
        const position = positionOf(row, add(at.firstRow, y), ty);
        const line = isRanged
          ? { offset: mul(position, strides.row), isInside: boolConst(true) }
          : along(k, `row${y}`, position, { ...row, last: lastRow }, strides.row);
        const offset = k.let(`xRow${y}`, line.offset);
        return cells.map((cell, x) => ({
          at: k.let(`pixel${y * tile.width + x}`, add(starts[x]!, offset)),
          isInside: k.let('isInside', and(line.isInside, cell.isInside)),
        }));
      });
      multiply(place, sums, pixels, wAt);
    });
  });
}

interface Pixel {
  readonly at: Expr;
  readonly isInside: Expr;
}

/** Loops over at most so many channels are unrolled. */
const FEW_CHANNELS = 4;

/** Adds the products of one element of the kernel for all channels. */
function multiply(place: Place, sums: Sums, pixels: readonly Pixel[], wAt: Expr): void {
  const { k, strides, channels, block } = place;
  const isVector = strides.channel === 1 && channels % 4 === 0 && block < 16;
  const step = isVector ? 4 : 1;
  const body = (i: Expr): void => {
    const wi = k.let('wi', add(wAt, mul(i, block)));
    if (isVector) multiplyFour(place, sums, pixels, i, wi);
    else multiplyOne(place, sums, wi, (p) => loadPixel(place, p, pixels[p]!, mul(i, strides.channel)));
  };
  if (channels > FEW_CHANNELS) return k.for('i', 0, channels, body, { step });
  for (let i = 0; i < channels; i += step) body(constant(i));
}

/** Adds the products of four channels, with one address per pixel. */
function multiplyFour(place: Place, sums: Sums, pixels: readonly Pixel[], i: Expr, wi: Expr): void {
  const xs = pixels.map((pixel, p) => loadPixel(place, p, pixel, i, 'f32x4'));
  for (const one of [0, 1, 2, 3] as const)
    multiplyOne(place, sums, add(wi, one * place.block), (p) => lane(xs[p]!, one));
}

/** Loads the weights first, then goes pixel by pixel, so that few numbers are live in addition to the sums. */
function multiplyOne({ k, weights, vectors }: Place, sums: Sums, wi: Expr, pixel: (p: number) => Expr): void {
  const named = range(vectors).map((v) => k.let(`w${v}`, k.load(weights, add(wi, 4 * v), 'f32x4')));
  addProducts(k, sums, (p) => k.let(`spread${p}`, splat(pixel(p))), named);
}

/** The value gets a name first, because a `select` with a load would become a branch. */
function loadPixel(
  { k, source }: Place,
  p: number,
  { at, isInside }: Pixel,
  offset: Expr,
  type?: 'f32x4',
): Expr {
  const value = k.let(`x${p}`, k.load(source, add(at, offset), type));
  return insideOnly(k, `x${p}In`, isInside, value, type ? ZEROS : f32Const(0));
}

function storeTile(place: Place, at: TilePlace, output: Expr, sums: Sums): void {
  const { k, block, outputs, groups } = place;
  const rest = outputs % block;
  if (groups > 1 || rest === 0) return storeLanes(place, at, output, sums, block);
  k.if(
    lt(output, outputs - rest),
    () => storeLanes(place, at, output, sums, block),
    () => storeLanes(place, at, constant(outputs - rest), sums, rest),
  );
}

function storeLanes(place: Place, at: TilePlace, first: Expr, sums: Sums, lanes: number): void {
  const { k, tile, row, column, output } = place;
  const within = (walk: Walk, size: number, index: Expr): Expr =>
    walk.count % size === 0 ? boolConst(true) : lt(index, walk.count);
  sums.forEach((vectors, p) => {
    const y = add(at.firstRow, Math.floor(p / tile.width));
    const x = add(at.firstColumn, p % tile.width);
    const isWanted = and(within(row, tile.height, y), within(column, tile.width, x));
    k.if(isWanted, () =>
      vectors.slice(0, Math.ceil(lanes / 4)).forEach((sum, v) => {
        const pixel = [resultOf(row, y), resultOf(column, x)];
        const index = [at.image, add(first, 4 * v), ...pixel];
        output.storeChannels(index, sum, Math.min(4, lanes - 4 * v));
      }),
    );
  });
}
