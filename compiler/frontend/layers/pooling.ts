/** Pooling over windows of (H, W), as PyTorch's `MaxPool2d` and `AvgPool2d`. */
import { absent, explicitPadding, flag, optional, pair, readOptions } from '../options.ts';
import type { ExplicitPadding, PairOption } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

export interface PoolOptions {
  readonly kernel: PairOption;
  /** Default: the kernel, windows side by side. */
  readonly stride?: PairOption;
  /** Default 0. */
  readonly padding?: ExplicitPadding;
  /** Default 1. */
  readonly dilation?: PairOption;
  /** The last, partial window counts too; default false. */
  readonly ceilMode?: boolean;
}

export interface AveragePoolOptions extends PoolOptions {
  /** Padded zeros count in the divisor; default true, PyTorch's (ONNX's is false). */
  readonly countIncludePad?: boolean;
}

const windowOptions = {
  kernel: pair,
  stride: absent(pair),
  padding: optional(explicitPadding, [0, 0, 0, 0]),
  dilation: optional(pair, [1, 1]),
  ceilMode: optional(flag, false),
};

/** The maximum of each window; padding never wins. */
export function maxPool(layer: Layer, x: Tensor, options: PoolOptions): Tensor {
  const o = readOptions(layer.reject, options, windowOptions);
  return layer.node('maxPool', [x], { ...o, stride: o.stride ?? o.kernel });
}

/** The mean of each window. */
export function averagePool(layer: Layer, x: Tensor, options: AveragePoolOptions): Tensor {
  const o = readOptions(layer.reject, options, { ...windowOptions, countIncludePad: optional(flag, true) });
  return layer.node('averagePool', [x], { ...o, stride: o.stride ?? o.kernel });
}

/** The mean over all of H and W: f32[N, C, 1, 1]. */
export function globalAveragePool(layer: Layer, x: Tensor): Tensor {
  return layer.node('globalAveragePool', [x]);
}
