/** Shared by layers with an `axis`; not a family, so it is not in `index.ts`. */
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Negative axes count from the end. */
export function readAxis(layer: Layer, axis: number, x: Tensor): number {
  const rank = x.shape.length;
  if (axis < -rank || axis >= rank) {
    layer.reject(`the axis is ${axis}, a tensor of rank ${rank} has ${-rank} to ${rank - 1}`);
  }
  return axis < 0 ? axis + rank : axis;
}
