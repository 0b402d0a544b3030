/**
 * What a convolution's loops need to know, in elements. A 1x1 convolution with stride 1 and without padding sees no
 * rows: all pixels of all images are one image whose rows are as long as suits the tiles.
 */
import { strideOf, type Layout } from '../../../../kernel/layout.ts';
import type { ScheduleRequest } from '../../../../lowering/target.ts';
import { convWindow } from '../../../../ops/conv2d.ts';
import type { Conv2dAttrs } from '../../../../ops/shared/convolution.ts';
import { windowExtent, type WindowAttrs } from '../../../../ops/shared/window.ts';

export interface Strides {
  readonly image: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export interface ConvGeometry {
  readonly images: number;
  readonly groups: number;
  /** Input channels of one group, and output channels of one group. */
  readonly channels: number;
  readonly outputs: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly window: WindowAttrs;
  readonly input: Strides;
}

export const stridesOf = (layout: Layout): Strides => ({
  image: strideOf(layout, 0),
  channel: strideOf(layout, 1),
  row: strideOf(layout, 2),
  column: strideOf(layout, 3),
});

export function convGeometry({
  attrs,
  inputs,
  output,
  inputLayouts,
}: Pick<ScheduleRequest<'conv2d'>, 'inputs' | 'output' | 'inputLayouts'> & {
  readonly attrs: Conv2dAttrs;
}): ConvGeometry {
  const [x, weight] = inputs;
  const [images, , height, width] = x!.shape as [number, number, number, number];
  const [outputs, channels] = weight!.shape as [number, number];
  const [, , outHeight, outWidth] = output.shape as [number, number, number, number];
  return {
    images,
    height,
    width,
    outHeight,
    outWidth,
    channels,
    groups: attrs.groups,
    outputs: outputs / attrs.groups,
    window: convWindow(attrs, weight!.shape),
    input: stridesOf(inputLayouts[0]!),
  };
}

/** How far a window reaches into the strip, in rows and columns. */
export const extentOf = ({ kernel, dilation }: WindowAttrs, axis: 0 | 1): number =>
  windowExtent(kernel[axis], dilation[axis]);
