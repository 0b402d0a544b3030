/** What all ways to a convolution's weight gradient know of it, and how much of the batch they take at a time. */
import { stridesOf, extentOf, type Strides } from '../shared/geometry.ts';
import type { ScheduleRequest } from '../../../../lowering/target.ts';
import { convWindow } from '../../../../ops/conv2d.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';

export interface WeightGradientGeometry {
  readonly images: number;
  readonly groups: number;
  /** Of one group: input and output channels. */
  readonly channels: number;
  readonly outputs: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly window: WindowAttrs;
  readonly input: Strides;
  readonly gradient: Strides;
}

export function weightGradientGeometry({
  attrs,
  inputs,
  inputLayouts,
}: ScheduleRequest<'conv2dWeightGradient'>): WeightGradientGeometry {
  const [images, , height, width] = inputs[0]!.shape as [number, number, number, number];
  const [, , outHeight, outWidth] = inputs[1]!.shape as [number, number, number, number];
  const { groups, weightShape } = attrs;
  return {
    ...{ images, height, width, outHeight, outWidth, groups },
    channels: weightShape[1]!,
    outputs: weightShape[0]! / groups,
    window: convWindow(attrs, weightShape),
    input: stridesOf(inputLayouts[0]!),
    gradient: stridesOf(inputLayouts[1]!),
  };
}

/** What is summed before it is added to memory: some rows of an image, or some whole images. */
export interface PixelBlock {
  readonly images: number;
  /** Rows of the gradient. */
  readonly rows: number;
}

/** Rows and columns of the input under `rows` rows of the gradient. */
export const inputRows = ({ window }: WeightGradientGeometry, rows: number): number =>
  (rows - 1) * window.stride[0] + extentOf(window, 0);
export const inputColumns = ({ window, outWidth }: WeightGradientGeometry): number =>
  (outWidth - 1) * window.stride[1] + extentOf(window, 1);

/** A panel of the input stays in the first-level cache while all of the gradient passes, which stays in the second. */
const PANEL_BYTES = 18 * 1024;
const GRADIENT_BYTES = 512 * 1024;

/** `panel` is what a pixel of the input's panel takes, in elements. */
export function pixelBlock(geometry: WeightGradientGeometry, panel: number): PixelBlock {
  const { images, outHeight, outWidth, groups, outputs } = geometry;
  const columns = inputColumns(geometry);
  const fits = (rows: number, count: number): boolean => {
    const input = inputRows(geometry, rows) * columns * count;
    const gradient = rows * outWidth * count * outputs * groups;
    return input * panel * 4 <= PANEL_BYTES && gradient * 4 <= GRADIENT_BYTES;
  };
  if (!fits(outHeight, 1)) {
    let most = 1;
    while (fits(most + 1, 1)) most++;
    return { images: 1, rows: evenRows(outHeight, most) };
  }
  let together = 1;
  for (let count = 2; count <= images; count++)
    if (images % count === 0 && fits(outHeight, count)) together = count;
  return { images: together, rows: outHeight };
}

function evenRows(height: number, most: number): number {
  for (let rows = most; rows > most / 2; rows--) if (height % rows === 0) return rows;
  return Math.ceil(height / Math.ceil(height / most));
}

export const isSingle = (block: PixelBlock, { images, outHeight }: WeightGradientGeometry): boolean =>
  block.images === images && block.rows === outHeight;
