/** The sizes that all ways to compute a weight gradient need, and the part of the batch that they take at a time. */
import {
  coveredExtent,
  stridesOf,
  weightGradientGeometry,
  type PlacedConvolution,
  type Strides,
} from '../../../../lowering/shared/convolution.ts';
import { evenPart } from '../../../../lowering/shared/shorthands.ts';
import type { ScheduleRequest } from '../../../../lowering/target.ts';

export type WeightGradientRequest = ScheduleRequest<'conv2dWeightGradient'>;

export interface WeightGradientGeometry extends PlacedConvolution {
  /** The strides of the output's gradient. */
  readonly gradient: Strides;
}

export function placedWeightGradient(request: WeightGradientRequest): WeightGradientGeometry {
  const [input, gradient] = request.inputLayouts.map(stridesOf) as [Strides, Strides];
  return { ...weightGradientGeometry(request), input, gradient };
}

/**
 * The pixels that are summed in registers before the sums are added to memory: some rows of an image, or some images.
 */
export interface PixelBlock {
  readonly images: number;
  /** Rows of the gradient. */
  readonly rows: number;
}

/** The part of the input that the windows of `rows` rows of the gradient cover, with its padding. */
export const inputUnder = ({ window, outWidth }: WeightGradientGeometry, rows: number) => ({
  rows: coveredExtent(window, 0, rows),
  columns: coveredExtent(window, 1, outWidth),
  left: window.padding[1],
});

/** During a loop over the gradient most of an input panel stays in the first-level cache, the gradient in the second. */
const PANEL_BYTES = 36 * 1024;
const GRADIENT_BYTES = 512 * 1024;

/** The largest block that fits. `panel` is the number of elements per pixel in a panel of the input. */
export function pixelBlock(geometry: WeightGradientGeometry, panel: number): PixelBlock {
  const { images, outHeight, outWidth, groups, outputs } = geometry;
  const fits = (rows: number, count: number): boolean => {
    const under = inputUnder(geometry, rows);
    const input = under.rows * under.columns * count;
    const gradient = rows * outWidth * count * outputs * groups;
    return input * panel * 4 <= PANEL_BYTES && gradient * 4 <= GRADIENT_BYTES;
  };
  if (!fits(outHeight, 1)) {
    let most = 1;
    while (fits(most + 1, 1)) most++;
    return { images: 1, rows: evenPart(outHeight, most) };
  }
  let together = 1;
  for (let count = 2; count <= images; count++)
    if (images % count === 0 && fits(outHeight, count)) together = count;
  return { images: together, rows: outHeight };
}
