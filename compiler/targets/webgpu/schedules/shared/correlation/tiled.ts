/**
 * Correlations as matrix products, pixels x outputs, that workgroups compute. Numbers that several invocations need are
 * loaded once into the workgroup's memory, vector by vector. Each invocation keeps a block of sums in registers.
 *
 *     for each element of the kernel and `depth` channels
 *       the workgroup loads its pixels' channels and its outputs' weights       barrier
 *       sum[pixel][vector] += x[pixel] * weights[vector]                        barrier
 *
 * These kernels are for GPUs. CPUs that emulate one wait too long at barriers and use correlate.ts.
 */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import {
  add,
  and,
  boolConst,
  constant,
  div,
  inside,
  lane,
  lt,
  max,
  min,
  mul,
  rem,
  select,
  splat,
} from '../../../../../kernel/expression.ts';
import { INVOCATION, WORKGROUP } from '../../../../../kernel/grid.ts';
import type { Expr, Grid } from '../../../../../kernel/types.ts';
import { range, ZEROS } from '../../../../../lowering/shared/shorthands.ts';
import { addProducts, sumVariables, zeroVectors, type Sums } from '../../../../../lowering/shared/sums.ts';
import { positionOf, resultOf, walksText, type Walk } from '../axes.ts';
import { lastPosition } from '../taps.ts';
import type { Correlation, CorrelationBuffers } from './correlate.ts';

interface Tile {
  /** Pixels and outputs of a workgroup. */
  readonly pixels: number;
  readonly outputs: number;
  /** Pixels and vectors of outputs of an invocation. */
  readonly rows: number;
  readonly vectors: number;
}

/** Tiles. The first that gives enough workgroups for a device with a hundred processors is used, otherwise the last. */
const TILES: readonly Tile[] = [
  { pixels: 64, outputs: 64, rows: 4, vectors: 2 },
  { pixels: 32, outputs: 32, rows: 4, vectors: 1 },
  { pixels: 16, outputs: 32, rows: 2, vectors: 1 },
];
export const ENOUGH = 96;
/** `maxComputeWorkgroupsPerDimension`. In a second row some workgroups would only wait at barriers. */
const MOST_WORKGROUPS = 65535;

const [PIXELS, WEIGHTS] = ['pixels', 'filters'];
/**
 * Padding between pixels in the workgroup's memory, so that the same channels of several pixels are not in one bank.
 */
const SKEW = 4;

/** How the work is divided into slices. A workgroup belongs to one slice. */
export interface TiledSlices {
  /** The number of correlations, each with separate images and weights. */
  readonly batches?: number;
  /** The number of parts of the channels. The result of each part is stored as separate images. Excludes `batches`. */
  readonly parts?: number;
}

/** A walk along rows with a walk along columns. */
interface TiledWalk {
  readonly row: Walk;
  readonly column: Walk;
  readonly tile: Tile;
  /** The number of tiles along the outputs. */
  readonly columnsOfTiles: number;
  readonly grid: Grid;
}

export interface TiledPlan extends Correlation, Required<TiledSlices> {
  /** The number of channels that are loaded at a time. */
  readonly depth: number;
  readonly walks: readonly TiledWalk[];
}

export function describeTiled({ walks, depth, parts }: TiledPlan): string {
  const { tile } = walks[0]!;
  const share = `${tile.rows} x ${4 * tile.vectors} per invocation`;
  return `${tile.pixels} pixels x ${tile.outputs} channels x ${depth} in a workgroup, ${share}${parts > 1 ? `, channels in ${parts} parts` : ''}`;
}

/** Undefined if there are groups, or if channels are not contiguous vectors of four. */
export function planTiled(
  of: Correlation,
  { batches = 1, parts = 1 }: TiledSlices = {},
): TiledPlan | undefined {
  if (of.groups !== 1 || of.strides.channel !== 1 || of.channels % (4 * parts) !== 0) return undefined;
  const depth = [16, 8, 4].find((one) => of.channels % (one * parts) === 0)!;
  const walks = of.rows.flatMap((row) =>
    of.columns.map((column) => planWalk(of, row, column, depth, batches * parts)),
  );
  if (walks.some(({ grid }) => grid.workgroups > MOST_WORKGROUPS)) return undefined;
  return { ...of, batches, parts, depth, walks };
}

function planWalk(of: Correlation, row: Walk, column: Walk, depth: number, slices: number): TiledWalk {
  const pixels = of.images * row.count * column.count;
  const workgroups = (tile: Tile): number =>
    slices * Math.ceil(pixels / tile.pixels) * Math.ceil(of.outputs / tile.outputs);
  const isWasteful = (tile: Tile): boolean => of.outputs <= tile.outputs / 2 || pixels <= tile.pixels / 2;
  const tile = TILES.find((one) => workgroups(one) >= ENOUGH && !isWasteful(one)) ?? TILES.at(-1)!;
  return {
    ...{ row, column, tile, columnsOfTiles: Math.ceil(of.outputs / tile.outputs) },
    grid: {
      workgroups: workgroups(tile),
      invocations: (tile.pixels / tile.rows) * (tile.outputs / (4 * tile.vectors)),
      shared: [
        { name: PIXELS, length: tile.pixels * (depth + SKEW), mayBeHalf: true },
        { name: WEIGHTS, length: depth * tile.outputs, mayBeHalf: true },
      ],
    },
  };
}

interface Tiled extends TiledPlan, TiledWalk, CorrelationBuffers {
  readonly k: KernelBuilder;
  /** The number of the batch or part. */
  readonly slice: Expr;
  /** The workgroup's first pixel, counted over its slice's images, and its first output. */
  readonly firstPixel: Expr;
  readonly firstOutput: Expr;
}

const productText = ({ walks }: TiledPlan, { row, column }: TiledWalk): string =>
  `a product in workgroups${walks.length > 1 ? `, ${walksText(row, column)}` : ''}`;

/** Builds a dispatch for every pair of walks. */
export function buildTiled(k: KernelBuilder, plan: TiledPlan, buffers: CorrelationBuffers): void {
  for (const walk of plan.walks)
    k.grid(productText(plan, walk), walk.grid, () =>
      buildTile({ ...plan, ...walk, ...buffers, k, ...tilePlace(k, plan, walk) }),
    );
}

function buildTile(at: Tiled): void {
  const { k, tile, depth, row, column, channels, parts, slice, grid } = at;
  const ofPart = channels / parts;
  const first = parts === 1 ? constant(0) : k.let('firstChannel', mul(slice, ofPart));
  const across = tile.outputs / (4 * tile.vectors);
  const lineAt = k.let('line', mul(div(INVOCATION, across), tile.rows));
  const vectorAt = k.let('vector', rem(INVOCATION, across));
  const sums = sumVariables(k, tile.rows, zeroVectors(tile.vectors), '_');
  const ownPixels = sharesOf((tile.pixels * depth) / 4, grid.invocations).map((share) =>
    pixelPlace(at, share),
  );
  k.for('ty', 0, row.taps, (ty) =>
    k.for('tx', 0, column.taps, (tx) => {
      const sources = ownPixels.map((pixel) => sourceOf(at, pixel, ty, tx));
      const element = tapNumber(at, ty, tx);
      k.for(
        'c',
        first,
        add(first, ofPart),
        (c) => {
          loadPixels(at, ownPixels, sources, c);
          loadWeights(at, element, c);
          k.barrier();
          multiply(at, sums, lineAt, vectorAt, across);
          k.barrier();
        },
        { step: depth },
      );
    }),
  );
  storeSums(at, sums, lineAt, vectorAt, across);
}

function tilePlace(
  k: KernelBuilder,
  { batches, parts }: TiledPlan,
  { tile, columnsOfTiles, grid }: TiledWalk,
): Pick<Tiled, 'slice' | 'firstPixel' | 'firstOutput'> {
  const slices = batches * parts;
  const ofSlice = grid.workgroups / slices;
  const number = slices === 1 ? WORKGROUP : k.let('tile', rem(WORKGROUP, ofSlice));
  return {
    slice: slices === 1 ? constant(0) : k.let(parts > 1 ? 'part' : 'batch', div(WORKGROUP, ofSlice)),
    firstPixel: k.let('firstPixel', mul(div(number, columnsOfTiles), tile.pixels)),
    firstOutput: k.let('firstOutput', mul(rem(number, columnsOfTiles), tile.outputs)),
  };
}

/** Divides `count` items among the invocations, in rounds. The last round may have items for some of them only. */
const sharesOf = (count: number, invocations: number): { first: number; isWhole: boolean; count: number }[] =>
  range(Math.ceil(count / invocations)).map((i) => ({
    first: i * invocations,
    isWhole: (i + 1) * invocations <= count,
    count,
  }));

type Share = ReturnType<typeof sharesOf>[number];

/** A pixel, some of whose channels the invocation loads. */
interface PixelPlace {
  readonly share: Share;
  /** The pixel's number in the workgroup's tile, and the first channel. */
  readonly pixel: Expr;
  readonly channel: Expr;
  readonly image: Expr;
  readonly y: Expr;
  readonly x: Expr;
}

function pixelPlace(at: Tiled, share: Share): PixelPlace {
  const { k, depth, images, row, column, parts } = at;
  const number = add(INVOCATION, share.first);
  const pixel = k.let('pixel', div(number, depth / 4));
  const all = images * row.count * column.count;
  const position = k.let('position', min(add(at.firstPixel, pixel), all - 1));
  return {
    ...{ share, pixel, channel: k.let('channel', mul(rem(number, depth / 4), 4)) },
    // All parts read the same images.
    ...placeOf(at, position, parts > 1 ? constant(0) : at.slice),
  };
}

/** The image (counted over all slices), row and column of a pixel of a slice. */
function placeOf(
  { k, row, column, images }: Tiled,
  position: Expr,
  slice: Expr,
): { image: Expr; y: Expr; x: Expr } {
  const line = div(position, column.count);
  const ownImage = images === 1 ? constant(0) : div(position, row.count * column.count);
  return {
    image: k.let('image', add(mul(slice, images), ownImage)),
    y: k.let('y', images === 1 ? line : rem(line, row.count)),
    x: k.let('x', rem(position, column.count)),
  };
}

interface Source {
  readonly from: Expr;
  readonly isInside: Expr;
}

function sourceOf({ k, row, column, strides }: Tiled, pixel: PixelPlace, ty: Expr, tx: Expr): Source {
  const top = positionAlong(k, 'top', row, pixel.y, ty);
  const left = positionAlong(k, 'left', column, pixel.x, tx);
  const place = add(mul(top.nearest, strides.row), mul(left.nearest, strides.column));
  const isInside = and(top.isInside, left.isInside);
  return {
    from: k.let('from', add(add(mul(pixel.image, strides.image), place), pixel.channel)),
    isInside: isInside.kind === 'const' ? isInside : k.let('isInside', isInside),
  };
}

/** `nearest` is the position clamped to the source. It is read if the position is outside. */
function positionAlong(k: KernelBuilder, name: string, walk: Walk, output: Expr, tap: Expr) {
  const { extent, count, offset } = walk;
  const position = positionOf(walk, output, tap);
  if (offset >= 0 && lastPosition(walk, count) < extent)
    return { nearest: position, isInside: boolConst(true) };
  const at = k.let(name, position);
  return { nearest: min(max(at, 0), extent - 1), isInside: inside(at, extent) };
}

function loadPixels(at: Tiled, pixels: readonly PixelPlace[], sources: readonly Source[], c: Expr): void {
  const { k, depth, source } = at;
  pixels.forEach(({ share, pixel, channel }, i) => {
    const { from, isInside } = sources[i]!;
    whereNeeded(k, share, () => {
      const loaded = k.let('loaded', k.load(source, add(from, c), 'f32x4'));
      const value = isInside.kind === 'const' ? loaded : select(isInside, loaded, ZEROS);
      k.store(PIXELS, add(mul(pixel, depth + SKEW), channel), value);
    });
  });
}

const whereNeeded = (k: KernelBuilder, { isWhole, first, count }: Share, body: () => void): void =>
  isWhole ? body() : k.if(lt(INVOCATION, count - first), body);

const tapNumber = ({ k, row, column, kernel }: Tiled, ty: Expr, tx: Expr): Expr => {
  const [ky, kx] = [add(mul(ty, row.step), row.element), add(mul(tx, column.step), column.element)];
  return k.let('element', add(mul(ky, kernel[1]), kx));
};

/** Loads weights. For panels beyond the last one, the last one is loaded again; those sums are not stored. */
function loadWeights(at: Tiled, element: Expr, c: Expr): void {
  const { k, depth, tile, block, channels, outputs, kernel, weights, grid, batches, slice: batch } = at;
  const vectors = tile.outputs / 4;
  const panels = Math.ceil(outputs / block);
  const ofPanel = kernel[0] * kernel[1] * channels;
  const first = batches === 1 ? constant(0) : mul(batch, panels);
  for (const share of sharesOf(depth * vectors, grid.invocations))
    whereNeeded(k, share, () => {
      const number = add(INVOCATION, share.first);
      const channel = k.let('weightChannel', div(number, vectors));
      const output = k.let('weightOutput', mul(rem(number, vectors), 4));
      const wanted = add(at.firstOutput, output);
      const panel = add(first, min(div(wanted, block), panels - 1));
      const line = add(mul(panel, ofPanel), mul(element, channels));
      const from = add(mul(add(add(line, c), channel), block), rem(wanted, block));
      k.store(WEIGHTS, add(mul(channel, tile.outputs), output), k.load(weights, from, 'f32x4'));
    });
}

function multiply(at: Tiled, sums: Sums, line: Expr, vector: Expr, across: number): void {
  const { k, depth, tile } = at;
  k.for(
    'i',
    0,
    depth,
    (i) => {
      const xs = sums.map((_, r) =>
        k.let(`x${r}`, k.load(PIXELS, add(mul(add(line, r), depth + SKEW), i), 'f32x4')),
      );
      for (const one of [0, 1, 2, 3] as const) {
        const wi = add(mul(add(i, one), tile.outputs), mul(vector, 4));
        const ws = sums[0]!.map((_, v) => k.let(`w${v}`, k.load(WEIGHTS, add(wi, 4 * v * across), 'f32x4')));
        addProducts(k, sums, (r) => k.let(`spread${r}`, splat(lane(xs[r]!, one))), ws);
      }
    },
    { step: 4 },
  );
}

function storeSums(at: Tiled, sums: Sums, line: Expr, vector: Expr, across: number): void {
  const { k, images, row, column, tile, bias, output } = at;
  const all = images * row.count * column.count;
  range(tile.vectors).forEach((v) => {
    const channel = k.let('output', add(at.firstOutput, mul(add(vector, v * across), 4)));
    storeVector(at, channel, (lanes) => {
      const first = bias ? k.let('bias', k.load(bias, channel, 'f32x4')) : undefined;
      sums.forEach((own, r) => {
        const position = k.let('result', add(add(at.firstPixel, line), r));
        k.if(all % tile.pixels === 0 ? constant(1, 'bool') : lt(position, all), () => {
          const { image, y, x } = placeOf(at, position, at.slice);
          const value = first ? add(own[v]!, first) : own[v]!;
          output.storeChannels([image, channel, resultOf(row, y), resultOf(column, x)], value, lanes);
        });
      });
    });
  });
}

/** Stores a vector without the lanes beyond the last output. */
function storeVector({ k, outputs, tile }: Tiled, channel: Expr, store: (lanes: number) => void): void {
  if (outputs % tile.outputs === 0) return store(4);
  const rest = outputs % 4;
  if (rest === 0) return k.if(lt(channel, outputs), () => store(4));
  // Without a whole vector there must be no code for one: its index would be outside a result with few channels.
  if (outputs < 4) return k.if(lt(channel, outputs), () => store(rest));
  k.if(
    lt(channel, outputs - rest),
    () => store(4),
    () => k.if(lt(channel, outputs), () => store(rest)),
  );
}
