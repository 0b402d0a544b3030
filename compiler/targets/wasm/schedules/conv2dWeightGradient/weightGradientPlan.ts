/** What all ways to a convolution's weight gradient know of it, and how much of the batch they take at a time. */
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
  /** Where the output's gradient lies. */
  readonly gradient: Strides;
}

export function placedWeightGradient(request: WeightGradientRequest): WeightGradientGeometry {
  const [input, gradient] = request.inputLayouts.map(stridesOf) as [Strides, Strides];
  return { ...weightGradientGeometry(request), input, gradient };
}

/** What is summed before it is added to memory: some rows of an image, or some whole images. */
export interface PixelBlock {
  readonly images: number;
  /** Rows of the gradient. */
  readonly rows: number;
}

/** What a strip or panel has of the input: what the windows of `rows` rows of the gradient cover, with its padding. */
export const inputUnder = ({ window, outWidth }: WeightGradientGeometry, rows: number) => ({
  rows: coveredExtent(window, 0, rows),
  columns: coveredExtent(window, 1, outWidth),
  left: window.padding[1],
});

/** A panel of the input stays in the first-level cache while all of the gradient passes, which stays in the second. */
const PANEL_BYTES = 18 * 1024;
const GRADIENT_BYTES = 512 * 1024;

/** `panel` is what a pixel of the input's panel takes, in elements. */
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
