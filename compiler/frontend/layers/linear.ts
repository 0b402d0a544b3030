/** Fully connected layers and matrix products. Parameters are PyTorch's: `<name>.weight` and `<name>.bias`. */
import { heNormal, zeros } from '../initializers.ts';
import { count, flag, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer, NamedLayer } from './layer.ts';

export interface LinearOptions {
  /** Output features. */
  readonly features: number;
  /** Default true. */
  readonly bias?: boolean;
}

/** PyTorch's `Linear`: f32[N, I] to f32[N, features], x * weight^T + bias. */
export function linear(layer: NamedLayer, x: Tensor, options: LinearOptions): Tensor {
  const { features, bias } = readOptions(layer.reject, options, {
    features: count,
    bias: optional(flag, true),
  });
  if (x.shape.length !== 2) {
    layer.reject(`the input has rank ${x.shape.length}, expected 2 (N, features)`, [
      'net.flatten(x) makes a vector of an image',
    ]);
  }
  const weight = layer.parameter('weight', [features, x.channels], heNormal(x.channels));
  return layer.node('linear', [x, weight, bias ? layer.parameter('bias', [features], zeros) : undefined]);
}

export interface MatmulOptions {
  /** Swap the last two axes of an operand first; default false. */
  readonly transposeA?: boolean;
  readonly transposeB?: boolean;
}

/** torch.matmul over the last two axes: f32[..., M, K] and f32[..., K, N] to f32[..., M, N]; batches broadcast. */
export function matmul(layer: Layer, a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const attrs = readOptions(layer.reject, options, {
    transposeA: optional(flag, false),
    transposeB: optional(flag, false),
  });
  return layer.node('matmul', [a, b], attrs);
}
