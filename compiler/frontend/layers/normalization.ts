/**
 * Normalizations. Parameters and buffers are named as in PyTorch: `<name>.weight`, `<name>.bias`,
 * `<name>.running_mean`, `<name>.running_var`.
 */
import { sameShape } from '../../ir/types.ts';
import { ones, zeros } from '../initializers.ts';
import { count, finite, flag, integerOrList, optional, positive, readOptions, within } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer, NamedLayer } from './layer.ts';

/** Options of `batchNorm`. */
export interface BatchNormOptions {
  /** Added to the variance; default 1e-5 as in PyTorch. */
  readonly epsilon?: number;
  /**
   * Weight of the new batch in the running statistics, from 0 to 1; default 0.1 as in PyTorch. TensorFlow's
   * momentum is 1 minus this.
   */
  readonly momentum?: number;
}

/**
 * PyTorch's `BatchNorm2d` (Ioffe and Szegedy 2015): weight * (x - mean) / sqrt(variance + epsilon) + bias for
 * each channel. In training it uses the mean and the biased variance of the batch, and moves the running
 * statistics towards them. In evaluation, and in a frozen layer, it uses the running statistics.
 */
export function batchNorm(layer: NamedLayer, x: Tensor, options: BatchNormOptions = {}): Tensor {
  const { epsilon, momentum } = readOptions(layer.wrongOption, options, {
    epsilon: optional(positive, 1e-5),
    momentum: optional(within(0, 1), 0.1),
  });
  const channels = [x.channels];
  const weight = layer.parameter('weight', channels, ones);
  const bias = layer.parameter('bias', channels, zeros);
  const runningMean = layer.parameter('running_mean', channels, zeros, 'buffer');
  const runningVariance = layer.parameter('running_var', channels, ones, 'buffer');
  if (!layer.training || layer.frozen)
    return layer.node('batchNorm', [x, weight, bias, runningMean, runningVariance], { epsilon });
  const mean = layer.node('batchMean', [x]);
  const variance = layer.node('batchVariance', [x, mean]);
  // PyTorch normalizes with the biased variance, but its running variance is the unbiased one.
  const unbiased = layer.node('mul', [variance, layer.scalar(besselCorrection(layer, x))]);
  updateRunning(layer, runningMean, mean, momentum);
  updateRunning(layer, runningVariance, unbiased, momentum);
  return layer.node('batchNorm', [x, weight, bias, mean, variance], { epsilon });
}

/** n / (n - 1), where n is the number of values that are averaged for each channel. */
function besselCorrection(layer: Layer, x: Tensor): number {
  const n = x.shape.reduce((product, extent) => product * extent, 1) / x.channels;
  if (n === 1) {
    layer.reject('CNNC1108', 'training needs more than one value per channel, this batch has only one', [
      'use a larger batch, or leave out the normalization after a 1x1 image',
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

interface AffineOptions {
  /** Added to the variance; default 1e-5 as in PyTorch. */
  readonly epsilon?: number;
  /**
   * Whether a learned `weight` and `bias`, one number for each channel, are applied after the normalization.
   */
  readonly affine?: boolean;
}

/** Options of `layerNorm`. */
export interface LayerNormOptions {
  /** The last extents of the input, which are normalized together. PyTorch's `normalized_shape`. */
  readonly shape: number | readonly number[];
  /** Added to the variance; default 1e-5. */
  readonly epsilon?: number;
  /**
   * Whether a learned `weight` and `bias` of that shape are applied; default true. PyTorch's
   * `elementwise_affine`.
   */
  readonly affine?: boolean;
  /** False leaves the learned `bias` out and keeps the `weight`; default true. */
  readonly bias?: boolean;
}

/**
 * PyTorch's `LayerNorm` (Ba et al. 2016): (x - mean) / sqrt(variance + epsilon) with the statistics of the
 * last axes of each sample, then `weight` and `bias`.
 */
export function layerNorm(layer: NamedLayer, x: Tensor, options: LayerNormOptions): Tensor {
  const { shape, epsilon, affine, bias } = readOptions(layer.wrongOption, options, {
    shape: integerOrList,
    epsilon: optional(positive, 1e-5),
    affine: optional(flag, true),
    bias: optional(flag, true),
  });
  const last = x.shape.slice(x.shape.length - shape.length);
  if (shape.length === 0 || !sameShape(shape, last)) {
    layer.reject(
      'CNNC1204',
      `the option shape is [${shape.join(', ')}], the input [${x.shape.join(',')}] ends with other dimensions`,
    );
  }
  const weight = affine ? layer.parameter('weight', shape, ones) : undefined;
  const shift = affine && bias ? layer.parameter('bias', shape, zeros) : undefined;
  return layer.node('layerNorm', [x, weight, shift], { normalizedRank: shape.length, epsilon });
}

/** Options of `groupNorm`. `affine` is true by default. */
export interface GroupNormOptions extends AffineOptions {
  /** Number of groups of neighbouring channels. The channels must divide evenly. */
  readonly groups: number;
}

/**
 * PyTorch's `GroupNorm` (Wu and He 2018): normalizes each group of channels of each sample with its own mean
 * and variance, then applies `weight` and `bias`. `affine` is true by default.
 */
export function groupNorm(layer: NamedLayer, x: Tensor, options: GroupNormOptions): Tensor {
  const { groups, epsilon, affine } = readOptions(layer.wrongOption, options, {
    groups: count,
    epsilon: optional(positive, 1e-5),
    affine: optional(flag, true),
  });
  if (x.channels % groups !== 0)
    layer.reject('CNNC1204', `${x.channels} channels cannot be split into ${groups} groups`);
  return layer.node('groupNorm', [x, ...affineParameters(layer, x, affine)], { groups, epsilon });
}

/** Options of `instanceNorm`. `affine` is false by default. */
export type InstanceNormOptions = AffineOptions;

/**
 * PyTorch's `InstanceNorm2d` (Ulyanov et al. 2016): normalizes each channel of each sample with its own mean
 * and variance. `affine` is false by default, as in PyTorch.
 */
export function instanceNorm(layer: NamedLayer, x: Tensor, options: InstanceNormOptions = {}): Tensor {
  const { epsilon, affine } = readOptions(layer.wrongOption, options, {
    epsilon: optional(positive, 1e-5),
    affine: optional(flag, false),
  });
  return layer.node('instanceNorm', [x, ...affineParameters(layer, x, affine)], { epsilon });
}

function affineParameters(layer: NamedLayer, x: Tensor, affine: boolean): Tensor[] {
  if (!affine) return [];
  const channels = [x.channels];
  return [layer.parameter('weight', channels, ones), layer.parameter('bias', channels, zeros)];
}

/** Options of `localResponseNorm`. */
export interface LocalResponseNormOptions {
  /** Number of neighbouring channels in the sum. */
  readonly size: number;
  /** The formula's alpha; default 1e-4. */
  readonly alpha?: number;
  /** The formula's beta; default 0.75. */
  readonly beta?: number;
  /** The formula's k; default 1. */
  readonly k?: number;
}

/**
 * PyTorch's `LocalResponseNorm` (Krizhevsky et al. 2012): x / (k + alpha / size * sum)^beta, where sum adds
 * x^2 of `size` neighbouring channels. The paper's alpha is alpha / size here.
 */
export function localResponseNorm(layer: Layer, x: Tensor, options: LocalResponseNormOptions): Tensor {
  const attrs = readOptions(layer.wrongOption, options, {
    size: count,
    alpha: optional(finite, 1e-4),
    beta: optional(finite, 0.75),
    k: optional(finite, 1),
  });
  return layer.node('localResponseNorm', [x], attrs);
}
