/** Activations: pointwise, or over one axis. */
import { integer, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import type { Layer } from './layer.ts';

/** max(x, 0) */
export function relu(layer: Layer, x: Tensor): Tensor {
  return layer.node('relu', [x]);
}

export interface SoftmaxOptions {
  /** Default 1, the classes; negative counts from the end. */
  readonly axis?: number;
}

/** exp(x) / sum of exp(x) along the axis. */
export function softmax(layer: Layer, x: Tensor, options: SoftmaxOptions = {}): Tensor {
  const { axis } = readOptions(layer.reject, options, { axis: optional(integer, 1) });
  return layer.node('softmax', [x], { axis: readAxis(layer, axis, x) });
}
