/**
 * Normalizations. Parameters and buffers are PyTorch's: `<name>.weight`, `<name>.bias`,
 * `<name>.running_mean`, `<name>.running_var`.
 */
import { ones, zeros } from '../initializers.ts';
import { optional, positive, readOptions, within } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer, NamedLayer } from './layer.ts';

export interface BatchNormOptions {
  /** Added to the variance; default 1e-5, PyTorch's. */
  readonly epsilon?: number;
  /** The share of the new batch in the running statistics; default 0.1, PyTorch's (TensorFlow's is 1 - this). */
  readonly momentum?: number;
}

/**
 * PyTorch's `BatchNorm2d` (Ioffe and Szegedy 2015): weight * (x - mean) / sqrt(variance + epsilon) + bias by
 * channel. Training takes the mean and the biased variance of the batch, and moves the running statistics
 * towards it; evaluation takes the running ones.
 */
export function batchNorm(layer: NamedLayer, x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { epsilon, momentum } = readOptions(layer.reject, options, {
    epsilon: optional(positive, 1e-5),
    momentum: optional(within(0, 1), 0.1),
  });
  const channels = [x.channels];
  const weight = layer.parameter('weight', channels, ones);
  const bias = layer.parameter('bias', channels, zeros);
  const runningMean = layer.parameter('running_mean', channels, zeros, 'buffer');
  const runningVariance = layer.parameter('running_var', channels, ones, 'buffer');
  if (!layer.training)
    return layer.node('batchNorm', [x, weight, bias, runningMean, runningVariance], { epsilon });
  const mean = layer.node('batchMean', [x]);
  const variance = layer.node('batchVariance', [x, mean]);
  // PyTorch normalizes by the biased variance but keeps the unbiased one.
  const unbiased = layer.node('mul', [variance, layer.scalar(besselCorrection(layer, x))]);
  updateRunning(layer, runningMean, mean, momentum);
  updateRunning(layer, runningVariance, unbiased, momentum);
  return layer.node('batchNorm', [x, weight, bias, mean, variance], { epsilon });
}

/** n / (n - 1), where n numbers are averaged for each channel. */
function besselCorrection(layer: Layer, x: Tensor): number {
  const n = x.shape.reduce((product, extent) => product * extent, 1) / x.channels;
  if (n === 1) {
    layer.reject('training needs more than one value per channel, the batch has one', [
      'raise the batch size, or leave the normalization out behind a 1x1 image',
    ]);
  }
  return n / (n - 1);
}

/** running = (1 - momentum) * running + momentum * batch */
function updateRunning(layer: Layer, running: Tensor, batch: Tensor, momentum: number): void {
  const kept = layer.node('mul', [running, layer.scalar(1 - momentum)]);
  const added = layer.node('mul', [batch, layer.scalar(momentum)]);
  layer.update(running, layer.node('add', [kept, added]));
}
