/** The part of an operand's planes that an element of the result reads: answers that several operators share. */
import type { TensorType } from '../../ir/types.ts';
import type { Sight } from '../facts.ts';
import { windowExtent, type Pair } from './window.ts';

export const pair = (of: (axis: 0 | 1) => number): Pair => [of(0), of(1)];

/** Height and width, or 1 for axes that do not exist. */
export const planeOf = ({ shape }: TensorType): Pair => [shape[2] ?? 1, shape[3] ?? 1];

/** The sight of a sliding window. */
export const windowSight = (kernel: Pair, dilation: Pair, stride: Pair): Sight => ({
  window: pair((axis) => windowExtent(kernel[axis], dilation[axis])),
  stride,
});

/** Elements of the operand for one element of the result, along rows and columns. */
export const scaleBetween = (from: TensorType, to: TensorType): Pair =>
  pair((axis) => planeOf(from)[axis] / planeOf(to)[axis]);

/** The sight of results that read `window` elements around their own place in a plane of another size. */
export const resizedSight =
  (window: Pair) =>
  ([x]: readonly TensorType[], _attrs: unknown, output: TensorType): Sight => ({
    window,
    stride: scaleBetween(x!, output),
  });
