/** Fully connected layers. Parameters are PyTorch's: `<name>.weight` and `<name>.bias`. */
import { heNormal, zeros } from '../initializers.ts';
import { count, flag, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { NamedLayer } from './layer.ts';

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
  const shape = [features, x.channels];
  const weight = layer.parameter('weight', shape, heNormal(shape));
  return layer.node('linear', [x, weight, bias ? layer.parameter('bias', [features], zeros) : undefined]);
}
