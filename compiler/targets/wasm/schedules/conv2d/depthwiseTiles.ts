/**
 * The tiles of columns that a depthwise convolution computes together, and the taps inside the image for each. All of
 * it is known when the kernel is built, so the code near a border has no taps outside the image.
 */
import type { ConvGeometry } from '../../../../lowering/shared/convolution.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';

export interface TileShape {
  /** Neighbouring output columns. */
  readonly pixels: number;
  /** Taps of a filter row that are loaded together. */
  readonly taps: number;
}

/** One column of the filter, and the pixels of the tile for which it is inside the image. */
export interface Tap {
  readonly kx: number;
  readonly pixels: readonly Reading[];
}

export interface Reading {
  readonly pixel: number;
  /** The input column, relative to the tile's `left`. */
  readonly column: number;
}

/** Tiles that begin at the output columns `from`, `from + pixels` ... below `to`. */
export interface ColumnTile {
  readonly from: number;
  readonly to: number;
  readonly pixels: number;
  /** The first input column of a tile, minus `stride` times its output column. */
  readonly left: number;
  readonly taps: readonly Tap[];
}

/** V8 has 15 vector registers; a product that is not fused needs one. */
const REGISTERS = 14;

/** The shape with the fewest loads per multiply-add, among those whose numbers fit into registers. */
export function tileShape(window: WindowAttrs): TileShape {
  const kernel = window.kernel[1];
  let best: TileShape = { pixels: 1, taps: 1 };
  let least = Infinity;
  for (let pixels = 2; pixels <= 6; pixels++) {
    for (let taps = 1; taps <= Math.min(kernel, 4); taps++) {
      const fullest = columnsOf(window, pixels, taps).length;
      if (pixels + taps + fullest > REGISTERS) continue;
      const loads = loadsOf(window, pixels, taps) / (pixels * kernel);
      if (loads < least) [least, best] = [loads, { pixels, taps }];
    }
  }
  return best;
}

/** Distinct columns that `taps` neighbouring taps of `pixels` neighbouring windows read. */
function columnsOf({ stride, dilation }: WindowAttrs, pixels: number, taps: number): number[] {
  const columns = new Set<number>();
  for (let p = 0; p < pixels; p++)
    for (let t = 0; t < taps; t++) columns.add(p * stride[1] + t * dilation[1]);
  return [...columns];
}

function loadsOf(window: WindowAttrs, pixels: number, taps: number): number {
  let loads = 0;
  for (let first = 0; first < window.kernel[1]; first += taps) {
    const count = Math.min(taps, window.kernel[1] - first);
    loads += count + columnsOf(window, pixels, count).length;
  }
  return loads;
}

/** The tiles from left to right. Neighbours with the same code are joined. */
export function depthwiseTiles(geometry: ConvGeometry, { pixels }: TileShape): ColumnTile[] {
  const tiles: ColumnTile[] = [];
  for (let from = 0; from < geometry.outWidth; from += pixels) {
    const tile = tileAt(geometry, from, Math.min(pixels, geometry.outWidth - from));
    const last = tiles.at(-1);
    if (last && readsAlike(last, tile)) tiles[tiles.length - 1] = { ...last, to: tile.to };
    else tiles.push(tile);
  }
  return tiles;
}

const readsAlike = (a: ColumnTile, b: ColumnTile): boolean =>
  a.pixels === b.pixels && a.left === b.left && JSON.stringify(a.taps) === JSON.stringify(b.taps);

function tileAt({ window, width }: ConvGeometry, from: number, pixels: number): ColumnTile {
  const columnAt = (pixel: number, kx: number): number =>
    (from + pixel) * window.stride[1] + kx * window.dilation[1] - window.padding[1];
  const taps = range(window.kernel[1]).map((kx): Tap => ({
    kx,
    pixels: range(pixels)
      .map((pixel) => ({ pixel, column: columnAt(pixel, kx) }))
      .filter(({ column }) => column >= 0 && column < width),
  }));
  // Windows that are entirely in the padding read nothing.
  const columns = taps.flatMap((tap) => tap.pixels.map(({ column }) => column));
  const leftmost = columns.length > 0 ? Math.min(...columns) : from * window.stride[1];
  return {
    from,
    to: from + pixels,
    pixels,
    left: leftmost - from * window.stride[1],
    taps: taps
      .filter((tap) => tap.pixels.length > 0)
      .map((tap) => ({
        kx: tap.kx,
        pixels: tap.pixels.map(({ pixel, column }) => ({ pixel, column: column - leftmost })),
      })),
  };
}
