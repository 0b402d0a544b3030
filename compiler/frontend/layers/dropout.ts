/** Regularization by chance. */
import { optional, probability, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

export interface DropoutOptions {
  /** The probability that an element becomes 0; default 0.5. */
  readonly p?: number;
}

/**
 * PyTorch's `Dropout` (Srivastava et al. 2014): in training an element is 0 with probability p, else
 * x / (1 - p); in evaluation it is x. What falls out hangs on the step's seed, so that it is the same after
 * resuming and on every target.
 */
export function dropout(layer: Layer, x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p } = readOptions(layer.reject, options, { p: optional(probability, 0.5) });
  if (!layer.training || p === 0) return x;
  const { seed, stream } = layer.random();
  return layer.node('dropout', [x, seed], { p, stream });
}
