/** Activations, pointwise or along one axis. Names, formulas and defaults are PyTorch's. */
import { absent, count, finite, integer, limit, oneOf, optional, positive, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import { unary } from './operator.ts';
import type { Layer, NamedLayer } from './layer.ts';

/** max(x, 0) */
export const relu = unary('relu');

/** min(max(x, 0), 6) */
export function relu6(layer: Layer, x: Tensor): Tensor {
  return layer.node('clip', [x], { low: 0, high: 6 });
}

/** Options of `clip`. */
export interface ClipOptions {
  /** Lower limit; default: none. */
  readonly low?: number;
  /** Upper limit; default: none. */
  readonly high?: number;
}

/** min(max(x, low), high). PyTorch's `clamp`; with -1 and 1 its `Hardtanh`. */
export function clip(layer: Layer, x: Tensor, options: ClipOptions): Tensor {
  const attrs = readOptions(layer.wrongOption, options, {
    low: optional(limit, -Infinity),
    high: optional(limit, Infinity),
  });
  return layer.node('clip', [x], attrs);
}

/** Options of `leakyRelu`. */
export interface LeakyReluOptions {
  /** Slope below 0; default 0.01. */
  readonly slope?: number;
}

/** x if x > 0, else slope * x */
export function leakyRelu(layer: Layer, x: Tensor, options: LeakyReluOptions = {}): Tensor {
  return layer.node(
    'leakyRelu',
    [x],
    readOptions(layer.wrongOption, options, { slope: optional(finite, 0.01) }),
  );
}

/** Options of `prelu`. */
export interface PreluOptions {
  /**
   * Number of slopes: 1 for all channels together, or one for each channel; default 1. PyTorch's
   * `num_parameters`.
   */
  readonly slopes?: number;
  /** Initial value of the slopes; default 0.25. */
  readonly start?: number;
}

/**
 * PyTorch's `PReLU` (He et al. 2015): x if x > 0, else slope * x. The slopes are learned: `<name>.weight`,
 * f32[slopes].
 */
export function prelu(layer: NamedLayer, x: Tensor, options: PreluOptions = {}): Tensor {
  const { slopes, start } = readOptions(layer.wrongOption, options, {
    slopes: optional(count, 1),
    start: optional(finite, 0.25),
  });
  if (slopes !== 1 && slopes !== x.channels) {
    layer.reject(
      'CNNC1204',
      `the option slopes is ${slopes}, expected 1 or one for each of ${x.channels} channels`,
    );
  }
  return layer.node('prelu', [x, layer.parameter('weight', [slopes], { kind: 'constant', value: start })]);
}

/** Options of `elu`, `celu` and `thresholdedRelu`. */
export interface AlphaOptions {
  /** The formula's alpha; default 1. */
  readonly alpha?: number;
}

/** x if x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2015) */
export function elu(layer: Layer, x: Tensor, options: AlphaOptions = {}): Tensor {
  return layer.node('elu', [x], readOptions(layer.wrongOption, options, { alpha: optional(finite, 1) }));
}

/** max(x, 0) + min(0, alpha * (exp(x / alpha) - 1)) (Barron 2017). `alpha` must be above 0. */
export function celu(layer: Layer, x: Tensor, options: AlphaOptions = {}): Tensor {
  return layer.node('celu', [x], readOptions(layer.wrongOption, options, { alpha: optional(positive, 1) }));
}

/** gamma * elu(x, alpha) (Klambauer et al. 2017). The constants keep mean 0 and variance 1. */
export function selu(layer: Layer, x: Tensor): Tensor {
  return layer.node('selu', [x], SELU);
}

const SELU = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 };

/** Options of `gelu`. */
export interface GeluOptions {
  /**
   * `none` is the exact function, computed with erf. `tanh` is PyTorch's approximation by tanh. Default
   * `none`.
   */
  readonly approximation?: 'none' | 'tanh';
}

/** x * P(X <= x), where X is standard normal (Hendrycks and Gimpel 2016) */
export function gelu(layer: Layer, x: Tensor, options: GeluOptions = {}): Tensor {
  const attrs = readOptions(layer.wrongOption, options, {
    approximation: optional(oneOf('none', 'tanh'), 'none'),
  });
  return layer.node('gelu', [x], attrs);
}

/** x * sigmoid(x), also called swish (Ramachandran et al. 2017) */
export const silu = unary('silu');

/** x * tanh(log(1 + exp(x))) (Misra 2019) */
export const mish = unary('mish');

/** 1 / (1 + exp(-x)) */
export const sigmoid = unary('sigmoid');

/** Options of `hardSigmoid`. */
export interface HardSigmoidOptions {
  /** Slope; default 1/6 as in PyTorch (ONNX's default is 0.2). */
  readonly alpha?: number;
  /** Value at 0; default 0.5. */
  readonly beta?: number;
}

/** min(max(alpha * x + beta, 0), 1) */
export function hardSigmoid(layer: Layer, x: Tensor, options: HardSigmoidOptions = {}): Tensor {
  const attrs = readOptions(layer.wrongOption, options, {
    alpha: optional(finite, 1 / 6),
    beta: optional(finite, 0.5),
  });
  return layer.node('hardSigmoid', [x], attrs);
}

/** x * min(max(x / 6 + 1 / 2, 0), 1) (Howard et al. 2019) */
export const hardSwish = unary('hardSwish');

/** The hyperbolic tangent. */
export const tanh = unary('tanh');

/** Options of `softplus`. */
export interface SoftplusOptions {
  /** The formula's beta, above 0; default 1. */
  readonly beta?: number;
  /** The function returns x where beta * x is above this value; default 20. */
  readonly threshold?: number;
}

/** log(1 + exp(beta * x)) / beta */
export function softplus(layer: Layer, x: Tensor, options: SoftplusOptions = {}): Tensor {
  const { beta, threshold } = readOptions(layer.wrongOption, options, {
    beta: optional(positive, 1),
    threshold: absent(finite),
  });
  return layer.node('softplus', [x], threshold === undefined ? { beta } : { beta, threshold });
}

/** x / (1 + |x|) */
export const softsign = unary('softsign');

/** x if x > alpha, else 0 */
export function thresholdedRelu(layer: Layer, x: Tensor, options: AlphaOptions = {}): Tensor {
  const attrs = readOptions(layer.wrongOption, options, { alpha: optional(finite, 1) });
  return layer.node('thresholdedRelu', [x], attrs);
}

/** Options of `softmax` and `logSoftmax`. */
export interface SoftmaxOptions {
  /** The axis; a negative one counts from the end. Default 1, the classes. */
  readonly axis?: number;
}

/** exp(x) divided by the sum of exp(x) along the axis */
export function softmax(layer: Layer, x: Tensor, options: SoftmaxOptions = {}): Tensor {
  return layer.node('softmax', [x], readSoftmax(layer, x, options));
}

/** x - log(sum of exp(x) along the axis) */
export function logSoftmax(layer: Layer, x: Tensor, options: SoftmaxOptions = {}): Tensor {
  return layer.node('logSoftmax', [x], readSoftmax(layer, x, options));
}

function readSoftmax(layer: Layer, x: Tensor, options: SoftmaxOptions): { readonly axis: number } {
  const { axis } = readOptions(layer.wrongOption, options, { axis: optional(integer, 1) });
  return { axis: readAxis(layer, axis, x) };
}
