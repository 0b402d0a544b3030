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
 * x / (1 - p); in evaluation it is x. What falls out depends on the step's seed, so that it is the same after
 * resuming and on every target.
 */
export function dropout(layer: Layer, x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p } = readOptions(layer.reject, options, { p: optional(probability, 0.5) });
  if (!layer.training || p === 0) return x;
  const { seed, stream } = layer.random();
  return layer.node('dropout', [x, seed], { p, stream });
}

/**
 * torchvision's `StochasticDepth` by rows (Huang et al. 2016): in training a whole sample of the batch is 0 with
 * probability p, else x / (1 - p); in evaluation it is x. In front of a residual addition, the sample then
 * skips the block.
 */
export function stochasticDepth(layer: Layer, x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p } = readOptions(layer.reject, options, { p: optional(probability, 0.5) });
  if (!layer.training || p === 0) return x;
  const { seed, stream } = layer.random();
  const rows = [x.shape[0]!, ...x.shape.slice(1).map(() => 1)];
  const kept = layer.node('dropout', [layer.node('expand', [layer.scalar(1)], { shape: rows }), seed], {
    p,
    stream,
  });
  return layer.node('mul', [x, kept]);
}
