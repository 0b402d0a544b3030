/** Rows of matrices as pixels, so that matrix products are 1x1 convolutions. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { div, rem } from '../../../../../kernel/expression.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import { storeAlong } from '../../../../../lowering/shared/storeAlong.ts';
import type { OutputAccess } from '../../../../../ops/types.ts';
import type { Correlation } from './correlate.ts';

/** A matrix product as a correlation. The rows are the pixels of one image row. */
export function productOf(
  shape: readonly number[],
  rows: number,
  channels: number,
  outputs: number,
  block: number,
): Correlation {
  const line = { first: 0, outStep: 1, stride: 1, offset: 0, reach: 1, taps: 1, element: 0, step: 1 };
  return {
    images: shape.slice(0, -2).reduce((product, extent) => product * extent, 1),
    ...{ groups: 1, channels, outputs, block, kernel: [1, 1] },
    rows: [{ ...line, count: 1, extent: 1 }],
    columns: [{ ...line, count: rows, extent: rows }],
    strides: { image: rows * channels, row: 0, column: channels, channel: 1 },
  };
}

/** An output that stores [image, output, 0, row] at the axes of the matrix product's result. */
export function asPixels(k: KernelBuilder, output: OutputAccess): Pick<OutputAccess, 'storeChannels'> {
  const outer = output.type.shape.slice(0, -2);
  const axes = (image: Expr): Expr[] =>
    outer.map((extent, axis) => {
      const inner = outer.slice(axis + 1).reduce((product, one) => product * one, 1);
      const along = div(image, inner);
      return axis === 0 ? along : rem(along, extent);
    });
  return {
    storeChannels: ([image, channel, , row], value, count = 4) =>
      storeAlong(k, output, [...axes(image as Expr), row!, channel!], value, count),
  };
}
