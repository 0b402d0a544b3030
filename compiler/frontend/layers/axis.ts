/**
 * Reads the option `axis`, which several layers have. This file is not a family of layers, so `index.ts` does
 * not list it.
 */
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Returns the axis counted from the front. A negative axis counts from the end. */
export function readAxis(layer: Layer, axis: number, x: Tensor): number {
  const rank = x.shape.length;
  if (axis < -rank || axis >= rank) {
    layer.reject('CNNC1204', `the axis is ${axis}, a tensor of rank ${rank} has ${-rank} to ${rank - 1}`);
  }
  return axis < 0 ? axis + rank : axis;
}
