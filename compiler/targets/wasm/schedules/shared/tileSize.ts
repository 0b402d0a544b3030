/**
 * How many pixels a register tile has. V8 has 15 vector registers. The plain module computes products and sums separately
 * and needs a register for each product, so 4 pixels x 8 channels fit. With relaxed SIMD the product and the sum are one
 * instruction, and newer engines keep up to 6 pixels x 8 channels in registers.
 */

/** Pixels of a tile of 8 channels in the plain module. */
export const PLAIN_PIXELS = 4;

/**
 * The time of a step of a tile with so many pixels, in arbitrary units. Measured in Node 24 and Chromium 156 with the
 * operands in the first-level cache; up to four pixels wait for the results of the last step.
 */
const STEP: Readonly<Record<number, number>> = { 1: 0.185, 2: 0.185, 3: 0.185, 4: 0.193, 5: 0.209, 6: 0.247 };

/** The time of a step of a tile with so many rows, in multiply-adds of a vector at full speed. */
export const stepTime = (rows: number): number => (STEP[rows]! * 12) / STEP[6]!;

const RELAXED_PIXELS = [6, 5, 4] as const;

/** The time of `count` pixels in tiles of this size. */
function timeOf(count: number, pixels: number): number {
  const rest = count % pixels;
  return Math.floor(count / pixels) * STEP[pixels]! + (rest > 0 ? STEP[rest]! : 0);
}

/** The time of a plane: narrow tiles for the remaining columns have several rows (pixelTiles.ts). */
function planeTime(rows: number, columns: number, pixels: number): number {
  const rest = columns % pixels;
  const whole = rows * timeOf(columns - rest, pixels);
  if (rest === 0) return whole;
  const together = Math.min(rows, Math.floor(pixels / rest));
  return whole + Math.ceil(rows / together) * STEP[together * rest]!;
}

const fastest = (time: (pixels: number) => number): number =>
  RELAXED_PIXELS.reduce<number>((best, one) => (time(one) < time(best) ? one : best), RELAXED_PIXELS[0]);

/** The fastest number of pixels of a tile of 8 channels with relaxed SIMD, for a plane of pixels. */
export const relaxedPixels = (rows: number, columns: number): number =>
  fastest((pixels) => planeTime(rows, columns, pixels));

/** The same for rows of a matrix, divided into even tiles. */
export const relaxedRows = (rows: number): number =>
  fastest((pixels) => rowTiles(rows, pixels).reduce((sum, tile) => sum + tile.count * STEP[tile.rows]!, 0));

/** Register tiles of the same number of rows, one after the other. */
export type RowTiles = readonly { readonly rows: number; readonly count: number }[];

/** Divides rows into the fewest tiles of at most `most` rows, which differ by one row at most. */
export function rowTiles(rows: number, most: number): RowTiles {
  const tiles = Math.ceil(rows / most);
  const few = Math.floor(rows / tiles);
  const larger = rows % tiles;
  return [
    { rows: few + 1, count: larger },
    { rows: few, count: tiles - larger },
  ].filter(({ count }) => count > 0);
}
