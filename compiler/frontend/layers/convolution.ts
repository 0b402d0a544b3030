/** Convolutions. Parameters are named as in PyTorch: `<name>.weight` and `<name>.bias`. */
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
  /** Number of output channels. */
  readonly channels: number;
  /** Size of the kernel: [height, width], or one number for both. */
  readonly kernel: PairOption;
  /** Step from one window to the next: [height, width], or one number for both; default 1. */
  readonly stride?: PairOption;
  /** Distance between taps of the kernel: [height, width], or one number for both; default 1. */
  readonly dilation?: PairOption;
  /**
   * Whether a bias is added; default true, as in PyTorch. A batch norm directly after the layer makes the
   * bias useless.
   */
  readonly bias?: boolean;
}

const windowOptions = {
  channels: count,
  kernel: pair,
  stride: optional(pair, [1, 1]),
  dilation: optional(pair, [1, 1]),
  bias: optional(flag, true),
};

/** Options of `conv2d`. */
export interface Conv2dOptions extends WindowOptions {
  /** Zeros around the image; default 0. See `PaddingOption`. */
  readonly padding?: PaddingOption;
  /** Number of independent groups that input and output channels are split into; default 1. */
  readonly groups?: number;
}

/**
 * PyTorch's `Conv2d`: f32[N, C, H, W] to f32[N, channels, H', W'], where H' is
 * floor((H + top + bottom - dilation * (kernel - 1) - 1) / stride) + 1 and W' likewise. The weight is f32[channels,
 * C / groups, KH, KW].
 */
export function conv2d(layer: NamedLayer, x: Tensor, options: Conv2dOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, {
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
    layer.reject('CNNC1204', `${x.channels} input channels cannot be split into ${groups} groups`);
  }
}

/** The padding that TensorFlow calls `SAME`. */
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

/** Options of `convTranspose2d`. */
export interface ConvTranspose2dOptions extends WindowOptions {
  /** Rows and columns cut off the sides of the result; default 0. See `ExplicitPadding`. */
  readonly padding?: ExplicitPadding;
  /**
   * Rows and columns added at the bottom and right; default 0. Must be less than the stride or the dilation.
   */
  readonly outputPadding?: PairOption;
  /** Number of independent groups that input and output channels are split into; default 1. */
  readonly groups?: number;
  /** The weight of another layer, as in `net.tied('conv1.weight')`. Default: the layer's own weight. */
  readonly weight?: Tensor;
}

/**
 * PyTorch's `ConvTranspose2d` (deconvolution): f32[N, C, H, W] to f32[N, channels, H', W'], where H' is
 * (H - 1) * stride - top - bottom + dilation * (kernel - 1) + 1 + outputPadding and W' likewise. The weight is f32[C,
 * channels / groups, KH, KW].
 */
export function convTranspose2d(layer: NamedLayer, x: Tensor, options: ConvTranspose2dOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, {
    ...windowOptions,
    padding: optional(explicitPadding, [0, 0, 0, 0]),
    outputPadding: optional(pairFromZero, [0, 0]),
    groups: optional(count, 1),
    weight: absent(tensor),
  });
  const { kernel, stride, dilation, groups, outputPadding } = o;
  checkGroups(layer, x, groups);
  if (o.channels % groups !== 0) {
    layer.reject('CNNC1204', `${o.channels} output channels cannot be split into ${groups} groups`);
  }
  // The stride spreads the kernel, so an output element sums only this share of the kernel's taps.
  const fanIn = ((x.channels / groups) * sizeOf(kernel)) / sizeOf(stride);
  const shape = [x.channels, o.channels / groups, ...kernel];
  const weight = o.weight ?? layer.parameter('weight', shape, heNormal(fanIn));
  if (!sameShape(weight.shape, shape)) {
    layer.reject('CNNC1204', `the option weight is ${describe(weight)}, expected [${shape.join(',')}]`);
  }
  const bias = o.bias ? layer.parameter('bias', [o.channels], zeros) : undefined;
  const attrs = { stride, padding: o.padding, dilation, groups, outputPadding };
  return layer.node('convTranspose2d', [x, weight, bias], attrs);
}

/** Options of `locallyConnected2d`. */
export interface LocallyConnected2dOptions extends WindowOptions {
  /** Zeros around the image; default 0. See `PaddingOption`. */
  readonly padding?: PaddingOption;
}

/**
 * A convolution without shared weights: every place has its own filters and bias (Taigman et al. 2014,
 * DeepFace). f32[N, C, H, W] to f32[N, channels, H', W']. The weight is f32[channels, H', W', C, KH, KW], the
 * bias f32[channels, H', W'].
 */
export function locallyConnected2d(layer: NamedLayer, x: Tensor, options: LocallyConnected2dOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, {
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
