/**
 * Pooling: over windows of (H, W) as PyTorch's `MaxPool2d` and `AvgPool2d`, over whole planes, and over
 * neighbouring channels.
 */
import type { PoolAttrs } from '../../ops/shared/pool.ts';
import { absent, atLeast, count, explicitPadding, flag, optional, pair, readOptions } from '../options.ts';
import type { ExplicitPadding, PairOption } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { unary } from './operator.ts';
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

export interface LpPoolOptions extends PoolOptions, NormOptions {}

export interface NormOptions {
  /** The order of the norm, from 1; default 2. */
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
  const o = readOptions(layer.reject, options, windowOptions);
  return { ...o, stride: o.stride ?? o.kernel };
}

/** The maximum of each window; padding never wins. */
export function maxPool(layer: Layer, x: Tensor, options: PoolOptions): Tensor {
  return layer.node('maxPool', [x], readWindow(layer, options));
}

/** The minimum of each window; padding never wins. */
export function minPool(layer: Layer, x: Tensor, options: PoolOptions): Tensor {
  return layer.node('minPool', [x], readWindow(layer, options));
}

/** The mean of each window. */
export function averagePool(layer: Layer, x: Tensor, options: AveragePoolOptions): Tensor {
  const o = readOptions(layer.reject, options, { ...windowOptions, countIncludePad: optional(flag, true) });
  return layer.node('averagePool', [x], { ...o, stride: o.stride ?? o.kernel });
}

/** PyTorch's `LPPool2d`: (sum of |x|^p)^(1 / p) of each window; padding adds nothing. */
export function lpPool(layer: Layer, x: Tensor, options: LpPoolOptions): Tensor {
  const o = readOptions(layer.reject, options, { ...windowOptions, ...normOptions });
  return layer.node('lpPool', [x], { ...o, stride: o.stride ?? o.kernel });
}

export interface PooledWithIndices {
  readonly values: Tensor;
  /** i32: where in its plane the maximum stood, h * W + w. */
  readonly indices: Tensor;
}

/** What `maxUnpool` knows of indices that `maxPoolWithIndices` made. */
interface Pooling {
  readonly window: PoolAttrs;
  readonly size: readonly [height: number, width: number];
}

const poolings = new WeakMap<Tensor, Pooling>();

/** `maxPool` that also says where the maxima stood (PyTorch's `return_indices`); of equal ones the first. */
export function maxPoolWithIndices(layer: Layer, x: Tensor, options: PoolOptions): PooledWithIndices {
  const window = readWindow(layer, options);
  const values = layer.node('maxPool', [x], window);
  const indices = layer.node('maxPoolIndices', [x], window);
  poolings.set(indices, { window, size: [x.height, x.width] });
  return { values, indices };
}

export interface MaxUnpoolOptions {
  /** Extents of the result; default: those of the image that the indices came from. */
  readonly size?: PairOption;
}

/** PyTorch's `MaxUnpool2d`: every number back at its index, 0 elsewhere. */
export function maxUnpool(layer: Layer, x: Tensor, indices: Tensor, options: MaxUnpoolOptions = {}): Tensor {
  const { size } = readOptions(layer.reject, options, { size: absent(pair) });
  const pooling = poolings.get(indices);
  const outputSize = size ?? pooling?.size;
  if (!outputSize) {
    return layer.reject('the option size is missing: these indices are not from net.maxPoolWithIndices');
  }
  // An index means another place in a plane of another width: then any window may hold it.
  const window = pooling && pooling.size[1] === outputSize[1] ? pooling.window : undefined;
  return layer.node('maxUnpool', [x, indices], window ? { outputSize, window } : { outputSize });
}

/** The mean over all of H and W: f32[N, C, 1, 1]. */
export const globalAveragePool = unary('globalAveragePool');

/** The maximum over all of H and W: f32[N, C, 1, 1]. */
export const globalMaxPool = unary('globalMaxPool');

/** (sum of |x|^p)^(1 / p) over all of H and W: f32[N, C, 1, 1]. */
export function globalLpPool(layer: Layer, x: Tensor, options: NormOptions = {}): Tensor {
  return layer.node('globalLpPool', [x], readOptions(layer.reject, options, normOptions));
}

export interface AdaptivePoolOptions {
  /** Extents of the result. */
  readonly size: PairOption;
}

/** PyTorch's `AdaptiveAvgPool2d`: the means of size[0] x size[1] bins, which may overlap by a row or column. */
export function adaptiveAveragePool(layer: Layer, x: Tensor, options: AdaptivePoolOptions): Tensor {
  const { size } = readOptions(layer.reject, options, { size: pair });
  return layer.node('adaptiveAveragePool', [x], { outputSize: size });
}

export interface ChannelMaxPoolOptions {
  /** How many neighbouring channels compete. */
  readonly pool: number;
}

/** Maxout (Goodfellow et al. 2013): the maximum of every `pool` neighbouring channels. */
export function channelMaxPool(layer: Layer, x: Tensor, options: ChannelMaxPoolOptions): Tensor {
  return layer.node('channelMaxPool', [x], readOptions(layer.reject, options, { pool: count }));
}
