/**
 * Fully connected layers and matrix products. Parameters are named as in PyTorch: `<name>.weight` and
 * `<name>.bias`.
 */
import { heNormal, zeros } from '../initializers.ts';
import { count, flag, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer, NamedLayer } from './layer.ts';

/** Options of `linear`. */
export interface LinearOptions {
  /** Number of output features. */
  readonly features: number;
  /** Whether a bias is added; default true. */
  readonly bias?: boolean;
}

/** PyTorch's `Linear`: f32[N, I] to f32[N, features], x * weight^T + bias. The weight is f32[features, I]. */
export function linear(layer: NamedLayer, x: Tensor, options: LinearOptions): Tensor {
  const { features, bias } = readOptions(layer.wrongOption, options, {
    features: count,
    bias: optional(flag, true),
  });
  if (x.shape.length !== 2) {
    layer.reject('CNNC1202', `the input has rank ${x.shape.length}, expected 2 (N, features)`, [
      'net.flatten(x) makes a vector of an image',
    ]);
  }
  const weight = layer.parameter('weight', [features, x.channels], heNormal(x.channels));
  return layer.node('linear', [x, weight, bias ? layer.parameter('bias', [features], zeros) : undefined]);
}

/** Options of `matmul`. */
export interface MatmulOptions {
  /** Swaps the last two axes of `a` before the product; default false. */
  readonly transposeA?: boolean;
  /** Swaps the last two axes of `b` before the product; default false. */
  readonly transposeB?: boolean;
}

/**
 * torch.matmul over the last two axes: f32[..., M, K] and f32[..., K, N] to f32[..., M, N]. Batch axes
 * broadcast.
 */
export function matmul(layer: Layer, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const attrs = readOptions(layer.wrongOption, options, {
    transposeA: optional(flag, false),
    transposeB: optional(flag, false),
  });
  return layer.node('matmul', [a, b], attrs);
}
