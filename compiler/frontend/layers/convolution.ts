/** Convolutions. Parameters are PyTorch's: `<name>.weight` and `<name>.bias`. */
import { windowExtent, type Padding, type Pair } from '../../ops/shared/window.ts';
import { heNormal, zeros } from '../initializers.ts';
import { count, flag, optional, padding, pair, readOptions } from '../options.ts';
import type { PaddingOption, PairOption } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { NamedLayer } from './layer.ts';

export interface Conv2dOptions {
  /** Output channels. */
  readonly channels: number;
  readonly kernel: PairOption;
  /** Default 1. */
  readonly stride?: PairOption;
  /** Default 0. */
  readonly padding?: PaddingOption;
  /** Default 1. */
  readonly dilation?: PairOption;
  /** Input and output channels are split into this many independent groups; default 1. */
  readonly groups?: number;
  /** Default true, as PyTorch's; a batch norm behind makes it idle. */
  readonly bias?: boolean;
}

/** PyTorch's `Conv2d`: f32[N, C, H, W] to f32[N, channels, H', W']. */
export function conv2d(layer: NamedLayer, x: Tensor, options: Conv2dOptions): Tensor {
  const o = readOptions(layer.reject, options, {
    channels: count,
    kernel: pair,
    stride: optional(pair, [1, 1]),
    padding: optional(padding, [0, 0, 0, 0]),
    dilation: optional(pair, [1, 1]),
    groups: optional(count, 1),
    bias: optional(flag, true),
  });
  if (x.channels % o.groups !== 0) {
    layer.reject(`${x.channels} input channels cannot be split into ${o.groups} groups`);
  }
  const shape = [o.channels, x.channels / o.groups, ...o.kernel];
  const weight = layer.parameter('weight', shape, heNormal(shape));
  const bias = o.bias ? layer.parameter('bias', [o.channels], zeros) : undefined;
  const { kernel, stride, dilation, groups } = o;
  const sides = o.padding === 'same' ? samePadding(x, kernel, stride, dilation) : o.padding;
  return layer.node('conv2d', [x, weight, bias], { stride, padding: sides, dilation, groups });
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
