/**
 * Images as the network's numbers: normalized, shifted, mirrored and padded. A level becomes
 * (level * scale - mean) / std, rounded to f32 after every step, exactly as `preprocess` of generated packages does it.
 */
import type { ExampleImage, FitPlan, ImageExtents, LevelStatistics } from './types.ts';

/** The values of the 256 levels in one plane of the input. */
export interface LevelValues {
  /** The plane of levels that this plane comes from. */
  readonly source: number;
  /** Values by level. */
  readonly values: Float32Array;
}

/** The values of every plane, by the model's own normalization; without one, by the given statistics. */
export function levelValues(
  { levels, extents: [planes] }: Pick<FitPlan, 'levels' | 'extents'>,
  statistics?: LevelStatistics,
): readonly LevelValues[] {
  const { mean, std } = levels ?? statistics ?? {};
  const scale = levels?.scale ?? 1 / 255;
  return Array.from({ length: planes }, (_, plane) => ({
    source: levels?.isBgr ? planes - 1 - plane : plane,
    values: valuesOf(scale, mean?.[plane] ?? 0, std?.[plane] ?? 1),
  }));
}

function valuesOf(scale: number, mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, level) => {
    return Math.fround(Math.fround(level * scale) - Math.fround(mean)) / Math.fround(std);
  });
}

/** The width of the black border on each side of an image. */
export function borderWidth(model: string, from: ImageExtents, to: ImageExtents): number {
  const border = (to[1] - from[1]) / 2;
  const fits = from[0] === to[0] && border === (to[2] - from[2]) / 2 && Number.isInteger(border);
  if (fits && border >= 0) return border;
  throw new Error(
    `${model}.fit: images of ${from.join('x')} do not fit the input of ${to.join('x')}, not even with a border`,
  );
}

/** How an example is viewed: shifted and possibly mirrored. */
export interface ImageView {
  readonly flip: boolean;
  /** Shift of the window to the right and down. */
  readonly dx: number;
  readonly dy: number;
}

export interface ImagePlacement {
  readonly image: ExampleImage;
  readonly from: ImageExtents;
  readonly to: ImageExtents;
  readonly border: number;
  readonly view: ImageView;
  readonly levels: readonly LevelValues[];
}

/**
 * out[c, y, x] = the image's number at (y - border + dy, x - border + dx). If flipped, x counts from the right. Beyond
 * the image the level is 0, which is normalized too: the network sees black, as in a border of the image.
 */
export function placeImage(
  { image, from, to, border, view, levels }: ImagePlacement,
  out: Float32Array,
): void {
  const [, fromHeight, fromWidth] = from;
  const [channels, height, width] = to;
  const [top, left] = [border - view.dy, border - view.dx];
  const firstX = Math.max(0, left);
  const endX = Math.min(width, left + fromWidth);
  const isReady = image.BYTES_PER_ELEMENT === 4;
  for (let plane = 0; plane < channels; plane++) {
    const { source, values } = levels[plane]!;
    const read = isReady ? plane : source;
    out.fill(values[0]!, plane * height * width, (plane + 1) * height * width);
    for (let y = Math.max(0, top); y < Math.min(height, top + fromHeight); y++) {
      const row = (read * fromHeight + y - top) * fromWidth - left;
      const line = (plane * height + y) * width;
      for (let x = firstX; x < endX; x++) {
        const number = image[row + x]!;
        out[line + (view.flip ? width - 1 - x : x)] = isReady ? number : values[number]!;
      }
    }
  }
}
