/**
 * The geometry of a convolution, from the shapes of its operands, for the schedules of all targets: of the
 * convolution and of its two gradients. `channels` and `outputs` count those of one group.
 */
import { strideOf, type Layout } from '../../kernel/layout.ts';
import { convWindow } from '../../ops/conv2d.ts';
import type { Conv2dAttrs } from '../../ops/shared/convolution.ts';
import { windowExtent, type WindowAttrs } from '../../ops/shared/window.ts';
import type { ScheduleRequest } from '../target.ts';

/** Distance between neighbours along each axis of an image, in elements. */
export interface Strides {
  readonly image: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export const stridesOf = (layout: Layout): Strides => ({
  image: strideOf(layout, 0),
  channel: strideOf(layout, 1),
  row: strideOf(layout, 2),
  column: strideOf(layout, 3),
});

export interface ConvGeometry {
  readonly images: number;
  readonly groups: number;
  /** Input channels of one group, and output channels of one group. */
  readonly channels: number;
  readonly outputs: number;
  /** Extents of the input. */
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly window: WindowAttrs;
}

/** A convolution and the layout of its input. */
export interface PlacedConvolution extends ConvGeometry {
  readonly input: Strides;
}

type Shape = readonly number[];
type Image = readonly [images: number, channels: number, height: number, width: number];

/** The geometry from the shapes of the input, the weight [O, I / groups, KH, KW] and the output. */
export function convGeometry(attrs: Conv2dAttrs, x: Shape, weight: Shape, out: Shape): ConvGeometry {
  const [images, , height, width] = x as Image;
  const [outputs, channels] = weight as Image;
  const [, , outHeight, outWidth] = out as Image;
  const { groups } = attrs;
  const window = convWindow(attrs, weight);
  return { images, groups, channels, outputs: outputs / groups, height, width, outHeight, outWidth, window };
}

type Shapes = 'attrs' | 'inputs' | 'output';

export const forwardGeometry = ({
  attrs,
  inputs,
  output,
}: Pick<ScheduleRequest<'conv2d'>, Shapes>): ConvGeometry =>
  convGeometry(attrs, inputs[0]!.shape, inputs[1]!.shape, output.shape);

export const placedConvolution = (
  request: Pick<ScheduleRequest<'conv2d'>, Shapes | 'inputLayouts'>,
): PlacedConvolution => ({ ...forwardGeometry(request), input: stridesOf(request.inputLayouts[0]!) });

/** The geometry of the convolution whose input gradient is computed. */
export const inputGradientGeometry = ({
  attrs,
  inputs,
}: Pick<ScheduleRequest<'conv2dInputGradient'>, Shapes>): ConvGeometry =>
  convGeometry(attrs, attrs.inputShape, inputs[1]!.shape, inputs[0]!.shape);

/** The geometry of the convolution whose weight gradient is computed. */
export const weightGradientGeometry = ({
  attrs,
  inputs,
}: Pick<ScheduleRequest<'conv2dWeightGradient'>, Shapes>): ConvGeometry =>
  convGeometry(attrs, inputs[0]!.shape, attrs.weightShape, inputs[1]!.shape);

/** Whether each channel has its own single filter. */
export const isDepthwise = ({ groups, channels, outputs }: ConvGeometry): boolean =>
  groups > 1 && channels === 1 && outputs === 1;

/**
 * Whether neighbouring windows read neighbouring elements and a window's elements are neighbours: no stride and no
 * dilation.
 */
export const isDense = ({ stride, dilation }: WindowAttrs): boolean =>
  [...stride, ...dilation].every((step) => step === 1);

/** Number of elements of a kernel's plane. */
export const areaOf = ({ kernel }: WindowAttrs): number => kernel[0] * kernel[1];

/** Length of one window along an axis, from its first to its last element. */
export const extentOf = ({ kernel, dilation }: WindowAttrs, axis: 0 | 1): number =>
  windowExtent(kernel[axis], dilation[axis]);

/** Length that `outputs` neighbouring windows cover together along an axis. */
export const coveredExtent = (window: WindowAttrs, axis: 0 | 1, outputs: number): number =>
  (outputs - 1) * window.stride[axis] + extentOf(window, axis);

/** [first, end) of the output columns whose windows are inside of the image. */
export function interiorColumns({ window, width, outWidth }: ConvGeometry): readonly [number, number] {
  const [stride, padding] = [window.stride[1], window.padding[1]];
  const first = Math.min(outWidth, Math.ceil(padding / stride));
  const whole = Math.floor((width + padding - extentOf(window, 1)) / stride) + 1;
  return [first, Math.max(first, Math.min(outWidth, whole))];
}
