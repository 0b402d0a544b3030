/** Convolutions. Parameters are PyTorch's: `<name>.weight` and `<name>.bias`. */
import { sameShape, sizeOf } from '../../ir/types.ts';
import { checkPlanes } from '../../ops/shared/planes.ts';
import { windowedShape, windowExtent, type Padding, type Pair } from '../../ops/shared/window.ts';
import { heNormal, zeros } from '../initializers.ts';
import { absent, count, explicitPadding, flag, optional, padding, pair, pairFromZero } from '../options.ts';
import { readOptions, type ExplicitPadding, type PaddingOption, type PairOption } from '../options.ts';
import type { Reader } from '../options.ts';
import { describe, isTensor, type Tensor } from '../tensor.ts';
import type { NamedLayer } from './layer.ts';

interface WindowOptions {
  /** Output channels. */
  readonly channels: number;
  readonly kernel: PairOption;
  /** Default 1. */
  readonly stride?: PairOption;
  /** Default 1. */
  readonly dilation?: PairOption;
  /** Default true, as PyTorch's; a batch norm behind makes it idle. */
  readonly bias?: boolean;
}

const windowOptions = {
  channels: count,
  kernel: pair,
  stride: optional(pair, [1, 1]),
  dilation: optional(pair, [1, 1]),
  bias: optional(flag, true),
};

export interface Conv2dOptions extends WindowOptions {
  /** Default 0. */
  readonly padding?: PaddingOption;
  /** Input and output channels are split into this many independent groups; default 1. */
  readonly groups?: number;
}

/** PyTorch's `Conv2d`: f32[N, C, H, W] to f32[N, channels, H', W']. */
export function conv2d(layer: NamedLayer, x: Tensor, options: Conv2dOptions): Tensor {
  const o = readOptions(layer.reject, options, {
    ...windowOptions,
    padding: optional(padding, [0, 0, 0, 0]),
    groups: optional(count, 1),
  });
  const { kernel, stride, dilation, groups } = o;
  checkGroups(layer, x, groups);
  const shape = [o.channels, x.channels / groups, ...kernel];
  const weight = layer.parameter('weight', shape, heNormal(sizeOf(shape.slice(1))));
  const bias = o.bias ? layer.parameter('bias', [o.channels], zeros) : undefined;
  const sides = o.padding === 'same' ? samePadding(x, kernel, stride, dilation) : o.padding;
  return layer.node('conv2d', [x, weight, bias], { stride, padding: sides, dilation, groups });
}

function checkGroups(layer: NamedLayer, x: Tensor, groups: number): void {
  if (x.channels % groups !== 0) {
    layer.reject(`${x.channels} input channels cannot be split into ${groups} groups`);
  }
}

/** TensorFlow's `SAME`. */
function samePadding(x: Tensor, kernel: Pair, stride: Pair, dilation: Pair): Padding {
  const along = (axis: 0 | 1, extent: number): readonly [number, number] => {
    const covered = (Math.ceil(extent / stride[axis]) - 1) * stride[axis];
    const total = Math.max(covered + windowExtent(kernel[axis], dilation[axis]) - extent, 0);
    const before = Math.floor(total / 2);
    return [before, total - before];
  };
  const [top, bottom] = along(0, x.height);
  const [left, right] = along(1, x.width);
  return [top, left, bottom, right];
}

const tensor: Reader<Tensor> = {
  expected: 'a tensor',
  read: (value) => (isTensor(value) ? value : undefined),
};

export interface ConvTranspose2dOptions extends WindowOptions {
  /** What is cut off the result's sides; default 0. */
  readonly padding?: ExplicitPadding;
  /** Rows and columns added at the bottom and the right; below the stride or the dilation; default 0. */
  readonly outputPadding?: PairOption;
  /** Default 1. */
  readonly groups?: number;
  /** Another layer's, `net.tied('conv1.weight')`, instead of one of its own. */
  readonly weight?: Tensor;
}

/**
 * PyTorch's `ConvTranspose2d` (deconvolution): f32[N, C, H, W] to f32[N, channels, H', W'] with
 * H' = (H - 1) * stride - padding + dilation * (kernel - 1) + 1 + outputPadding. Its weight is
 * f32[C, channels / groups, KH, KW].
 */
export function convTranspose2d(layer: NamedLayer, x: Tensor, options: ConvTranspose2dOptions): Tensor {
  const o = readOptions(layer.reject, options, {
    ...windowOptions,
    padding: optional(explicitPadding, [0, 0, 0, 0]),
    outputPadding: optional(pairFromZero, [0, 0]),
    groups: optional(count, 1),
    weight: absent(tensor),
  });
  const { kernel, stride, dilation, groups, outputPadding } = o;
  checkGroups(layer, x, groups);
  if (o.channels % groups !== 0) {
    layer.reject(`${o.channels} output channels cannot be split into ${groups} groups`);
  }
  // With a stride only every such part of the kernel meets an input element.
  const fanIn = ((x.channels / groups) * sizeOf(kernel)) / sizeOf(stride);
  const shape = [x.channels, o.channels / groups, ...kernel];
  const weight = o.weight ?? layer.parameter('weight', shape, heNormal(fanIn));
  if (!sameShape(weight.shape, shape)) {
    layer.reject(`the option weight is ${describe(weight)}, expected [${shape.join(',')}]`);
  }
  const bias = o.bias ? layer.parameter('bias', [o.channels], zeros) : undefined;
  const attrs = { stride, padding: o.padding, dilation, groups, outputPadding };
  return layer.node('convTranspose2d', [x, weight, bias], attrs);
}

export interface LocallyConnected2dOptions extends WindowOptions {
  /** Default 0. */
  readonly padding?: PaddingOption;
}

/**
 * A convolution that shares no weights: every place has filters and a bias of its own (Taigman et al. 2014,
 * DeepFace). The weight is f32[channels, H', W', C, KH, KW], the bias f32[channels, H', W'].
 */
export function locallyConnected2d(layer: NamedLayer, x: Tensor, options: LocallyConnected2dOptions): Tensor {
  const o = readOptions(layer.reject, options, {
    ...windowOptions,
    padding: optional(padding, [0, 0, 0, 0]),
  });
  checkPlanes(x, layer.reject);
  const { kernel, stride, dilation } = o;
  const sides = o.padding === 'same' ? samePadding(x, kernel, stride, dilation) : o.padding;
  const window = { kernel, stride, padding: sides, dilation };
  const places = [o.channels, ...windowedShape(x.height, x.width, window, layer.reject)];
  const weight = layer.parameter(
    'weight',
    [...places, x.channels, ...kernel],
    heNormal(x.channels * sizeOf(kernel)),
  );
  const bias = o.bias ? layer.parameter('bias', places, zeros) : undefined;
  return layer.node('locallyConnected2d', [x, weight, bias], { stride, padding: sides, dilation });
}
