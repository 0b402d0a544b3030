/**
 * Pooling over windows of (H, W) as in PyTorch's `MaxPool2d` and `AvgPool2d`, over whole planes, and over
 * neighbouring channels.
 */
import type { PoolAttrs } from '../../ops/shared/pool.ts';
import { absent, atLeast, count, explicitPadding, flag, optional, pair, readOptions } from '../options.ts';
import type { ExplicitPadding, PairOption } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { unary } from './operator.ts';
import type { Layer } from './layer.ts';

/** Options of the poolings over windows. */
export interface PoolOptions {
  /** Size of the window: [height, width], or one number for both. */
  readonly kernel: PairOption;
  /**
   * Step from one window to the next: [height, width], or one number for both. Default: the kernel, so
   * windows do not overlap.
   */
  readonly stride?: PairOption;
  /** Padding around the image; default 0. See `ExplicitPadding`. */
  readonly padding?: ExplicitPadding;
  /** Distance between elements of a window: [height, width], or one number for both; default 1. */
  readonly dilation?: PairOption;
  /** Whether a partial window at the end counts; default false. */
  readonly ceilMode?: boolean;
}

/** Options of `averagePool`. */
export interface AveragePoolOptions extends PoolOptions {
  /** Whether padded zeros count in the divisor; default true as in PyTorch (ONNX's default is false). */
  readonly countIncludePad?: boolean;
}

/** Options of `lpPool`. */
export interface LpPoolOptions extends PoolOptions, NormOptions {}

/** The option of the poolings by a norm. */
export interface NormOptions {
  /** Order of the norm, at least 1; default 2. */
  readonly p?: number;
}

const windowOptions = {
  kernel: pair,
  stride: absent(pair),
  padding: optional(explicitPadding, [0, 0, 0, 0]),
  dilation: optional(pair, [1, 1]),
  ceilMode: optional(flag, false),
};

const normOptions = { p: optional(atLeast(1), 2) };

function readWindow(layer: Layer, options: PoolOptions): PoolAttrs {
  const o = readOptions(layer.wrongOption, options, windowOptions);
  return { ...o, stride: o.stride ?? o.kernel };
}

/** The maximum of each window. Padding never is the maximum. f32[N, C, H, W] to f32[N, C, H', W']. */
export function maxPool(layer: Layer, x: Tensor, options: PoolOptions): Tensor {
  return layer.node('maxPool', [x], readWindow(layer, options));
}

/** The minimum of each window. Padding never is the minimum. f32[N, C, H, W] to f32[N, C, H', W']. */
export function minPool(layer: Layer, x: Tensor, options: PoolOptions): Tensor {
  return layer.node('minPool', [x], readWindow(layer, options));
}

/** The mean of each window. f32[N, C, H, W] to f32[N, C, H', W']. */
export function averagePool(layer: Layer, x: Tensor, options: AveragePoolOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, {
    ...windowOptions,
    countIncludePad: optional(flag, true),
  });
  return layer.node('averagePool', [x], { ...o, stride: o.stride ?? o.kernel });
}

/** PyTorch's `LPPool2d`: (sum of |x|^p)^(1 / p) of each window. Padding adds nothing to the sum. */
export function lpPool(layer: Layer, x: Tensor, options: LpPoolOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, { ...windowOptions, ...normOptions });
  return layer.node('lpPool', [x], { ...o, stride: o.stride ?? o.kernel });
}

/** The result of `maxPoolWithIndices`. */
export interface PooledWithIndices {
  /** The maxima, f32[N, C, H', W']. */
  readonly values: Tensor;
  /** Position of each maximum in its plane, h * W + w: i32[N, C, H', W']. */
  readonly indices: Tensor;
}

/** How indices were made by `maxPoolWithIndices`, for `maxUnpool`. */
interface Pooling {
  readonly window: PoolAttrs;
  readonly size: readonly [height: number, width: number];
}

const poolings = new WeakMap<Tensor, Pooling>();

/**
 * `maxPool` that also returns the positions of the maxima (PyTorch's `return_indices`). Of equal maxima the
 * first one counts.
 */
export function maxPoolWithIndices(layer: Layer, x: Tensor, options: PoolOptions): PooledWithIndices {
  const window = readWindow(layer, options);
  const values = layer.node('maxPool', [x], window);
  const indices = layer.node('maxPoolIndices', [x], window);
  poolings.set(indices, { window, size: [x.height, x.width] });
  return { values, indices };
}

/** Options of `maxUnpool`. */
export interface MaxUnpoolOptions {
  /**
   * Size of the result: [height, width], or one number for both. Default: the size of the image that was
   * pooled.
   */
  readonly size?: PairOption;
}

/** PyTorch's `MaxUnpool2d`: puts every number back at its index. All other elements are 0. */
export function maxUnpool(layer: Layer, x: Tensor, indices: Tensor, options: MaxUnpoolOptions = {}): Tensor {
  const { size } = readOptions(layer.wrongOption, options, { size: absent(pair) });
  const pooling = poolings.get(indices);
  const outputSize = size ?? pooling?.size;
  if (!outputSize) {
    return layer.reject(
      'CNNC1104',
      'the option size is missing: these indices are not from net.maxPoolWithIndices',
    );
  }
  // In a plane of another width the same index means another place, so any window may contain it.
  const window = pooling && pooling.size[1] === outputSize[1] ? pooling.window : undefined;
  return layer.node('maxUnpool', [x, indices], window ? { outputSize, window } : { outputSize });
}

/** The mean over H and W: f32[N, C, H, W] to f32[N, C, 1, 1]. */
export const globalAveragePool = unary('globalAveragePool');

/** The maximum over H and W: f32[N, C, H, W] to f32[N, C, 1, 1]. */
export const globalMaxPool = unary('globalMaxPool');

/** (sum of |x|^p)^(1 / p) over H and W: f32[N, C, H, W] to f32[N, C, 1, 1]. */
export function globalLpPool(layer: Layer, x: Tensor, options: NormOptions = {}): Tensor {
  return layer.node('globalLpPool', [x], readOptions(layer.wrongOption, options, normOptions));
}

/** Options of `adaptiveAveragePool`. */
export interface AdaptivePoolOptions {
  /** Size of the result: [height, width], or one number for both. */
  readonly size: PairOption;
}

/**
 * PyTorch's `AdaptiveAvgPool2d`: the means of size[0] x size[1] bins that cover the plane. Neighbouring bins
 * may share a row or a column.
 */
export function adaptiveAveragePool(layer: Layer, x: Tensor, options: AdaptivePoolOptions): Tensor {
  const { size } = readOptions(layer.wrongOption, options, { size: pair });
  return layer.node('adaptiveAveragePool', [x], { outputSize: size });
}

/** Options of `channelMaxPool`. */
export interface ChannelMaxPoolOptions {
  /** Number of neighbouring channels that one output channel is the maximum of. */
  readonly pool: number;
}

/**
 * Maxout (Goodfellow et al. 2013): the maximum of every `pool` neighbouring channels. f32[N, C, H, W] to
 * f32[N, C / pool, H, W].
 */
export function channelMaxPool(layer: Layer, x: Tensor, options: ChannelMaxPoolOptions): Tensor {
  return layer.node('channelMaxPool', [x], readOptions(layer.wrongOption, options, { pool: count }));
}
