/**
 * 1x1 convolutions whose rows follow each other in memory: as many rows as the cache holds become one row, so that register
 * tiles divide an image instead of each row (49 pixels instead of 7 times 7).
 */
import {
  areaOf,
  placedConvolution,
  type PlacedConvolution,
} from '../../../../lowering/shared/convolution.ts';
import { strideOf, type Layout } from '../../../../kernel/layout.ts';
import type { ScheduleRequest } from '../../../../lowering/target.ts';
import type { TensorType } from '../../../../ir/types.ts';

/** Bytes of pixels that the tiles of all output channels read again. */
const PIXEL_BYTES = 512 * 1024;

/** The number of rows that become one; 1 if the convolution has to keep its rows. */
export function rowsToJoin(request: ScheduleRequest<'conv2d'>): number {
  const geometry = placedConvolution(request);
  const { window, height, width, outHeight, outWidth, input, channels, groups } = geometry;
  const isPointwise =
    areaOf(window) === 1 && window.stride.every((s) => s === 1) && height === outHeight && width === outWidth;
  // An axis of one column has no stride.
  if (!isPointwise || width === 1 || input.channel !== 1 || input.row !== width * input.column) return 1;
  const { output, outputLayout, tail } = request;
  const isFlat = [{ type: output, layout: outputLayout }, ...tail].every((one) => followsRows(one, output));
  if (!isFlat) return 1;
  const most = Math.max(1, Math.floor(PIXEL_BYTES / (4 * width * channels * groups)));
  for (let rows = Math.min(most, height); rows > 1; rows--) if (height % rows === 0) return rows;
  return 1;
}

interface Placed {
  readonly type: TensorType;
  readonly layout: Layout;
}

/** Whether an index beyond the end of a row is that of the next row, or the tensor has one value for all pixels. */
function followsRows({ type, layout }: Placed, output: TensorType): boolean {
  const [height, width] = type.shape.slice(-2) as [number, number];
  if (type.shape.length < 4) return sizeOf(type.shape.slice(-2)) === 1 || type.shape.length < 2;
  if (height === 1 && width === 1) return true;
  const [outHeight, outWidth] = output.shape.slice(-2);
  return height === outHeight && width === outWidth && strideOf(layout, 2) === width * strideOf(layout, 3);
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, extent) => size * extent, 1);

/** The convolution of rows that are `rows` times as long. */
export const joinedGeometry = (geometry: PlacedConvolution, rows: number): PlacedConvolution => ({
  ...geometry,
  height: geometry.height / rows,
  outHeight: geometry.outHeight / rows,
  width: geometry.width * rows,
  outWidth: geometry.outWidth * rows,
  input: { ...geometry.input, row: geometry.input.row * rows },
});
