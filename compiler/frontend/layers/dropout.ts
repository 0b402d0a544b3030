/** Regularization by random zeros. */
import { optional, probability, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Options of `dropout` and `stochasticDepth`. */
export interface DropoutOptions {
  /**
   * Probability that an element (for `stochasticDepth`: a sample) becomes 0, from 0 to below 1; default 0.5.
   */
  readonly p?: number;
}

/**
 * PyTorch's `Dropout` (Srivastava et al. 2014). In training an element becomes 0 with probability p, else
 * x / (1 - p). In evaluation the layer returns x. The choice depends only on the step's seed, so it is the same on
 * every target and after a resumed training.
 */
export function dropout(layer: Layer, x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p } = readOptions(layer.wrongOption, options, { p: optional(probability, 0.5) });
  if (!layer.training || p === 0) return x;
  const { seed, stream } = layer.random();
  return layer.node('dropout', [x, seed], { p, stream });
}

/**
 * torchvision's `StochasticDepth` in mode `row` (Huang et al. 2016). In training a whole sample of the batch becomes
 * 0 with probability p, else x / (1 - p). In evaluation the layer returns x. Before a residual addition, a sample of
 * zeros skips the block.
 */
export function stochasticDepth(layer: Layer, x: Tensor, options: DropoutOptions = {}): Tensor {
  const { p } = readOptions(layer.wrongOption, options, { p: optional(probability, 0.5) });
  if (!layer.training || p === 0) return x;
  const { seed, stream } = layer.random();
  const rows = [x.shape[0]!, ...x.shape.slice(1).map(() => 1)];
  const kept = layer.node('dropout', [layer.node('expand', [layer.scalar(1)], { shape: rows }), seed], {
    p,
    stream,
  });
  return layer.node('mul', [x, kept]);
}
