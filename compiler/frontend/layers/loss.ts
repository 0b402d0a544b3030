/** Losses: the mean over the batch, a scalar. Formulas and defaults are PyTorch's. */
import { absent, integer, numbers, optional, positive, readOptions, within } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Options of `crossEntropy`. */
export interface CrossEntropyOptions {
  /** One weight for each class, for a weighted mean. Default: all classes count the same. */
  readonly weights?: readonly number[];
  /**
   * Share of the target that is spread evenly over all classes, from 0 to 1; default 0 (Szegedy et al. 2016).
   */
  readonly labelSmoothing?: number;
  /** Targets with this class number are left out of the mean; default -100. */
  readonly ignoreIndex?: number;
}

/**
 * PyTorch's `CrossEntropyLoss`: the mean of -logSoftmax(logits)[target]. Takes logits f32[N, C, ...], without
 * a softmax before it, and class numbers i32[N, ...], such as one for each pixel.
 */
export function crossEntropy(
  layer: Layer,
  logits: Tensor,
  target: Tensor,
  options: CrossEntropyOptions = {},
): Tensor {
  const { weights, labelSmoothing, ignoreIndex } = readOptions(layer.wrongOption, options, {
    weights: absent(numbers),
    labelSmoothing: optional(within(0, 1), 0),
    ignoreIndex: optional(integer, -100),
  });
  if (weights && weights.length !== logits.channels) {
    layer.reject(
      'CNNC1204',
      `the option weights has ${weights.length} numbers, there are ${logits.channels} classes`,
    );
  }
  const given = weights && layer.vector(weights);
  return layer.node('crossEntropy', [logits, target, given], { labelSmoothing, ignoreIndex });
}

/** PyTorch's `MSELoss`: the mean of (prediction - target)^2. */
export function mseLoss(layer: Layer, prediction: Tensor, target: Tensor): Tensor {
  return layer.node('mseLoss', [prediction, target]);
}

/** PyTorch's `L1Loss`: the mean of |prediction - target|. */
export function l1Loss(layer: Layer, prediction: Tensor, target: Tensor): Tensor {
  return layer.node('l1Loss', [prediction, target]);
}

/** Options of `smoothL1Loss`. */
export interface SmoothL1LossOptions {
  /** Absolute difference at which the square ends and the straight line begins, above 0; default 1. */
  readonly beta?: number;
}

/**
 * PyTorch's `SmoothL1Loss` (Girshick 2015): the mean of d^2 / (2 * beta) where |d| < beta, else |d| - beta /
 * 2, with d = prediction - target.
 */
export function smoothL1Loss(
  layer: Layer,
  prediction: Tensor,
  target: Tensor,
  options: SmoothL1LossOptions = {},
): Tensor {
  const attrs = readOptions(layer.wrongOption, options, { beta: optional(positive, 1) });
  return layer.node('smoothL1Loss', [prediction, target], attrs);
}

/**
 * PyTorch's `BCEWithLogitsLoss`: the mean binary cross-entropy of sigmoid(logits) against targets from 0 to
 * 1.
 */
export function bceWithLogits(layer: Layer, logits: Tensor, target: Tensor): Tensor {
  return layer.node('bceWithLogits', [logits, target]);
}
