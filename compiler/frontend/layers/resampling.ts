/** Layers that change the number of pixels: interpolation, and exchange of channels for space. */
import type { Pair } from '../../ops/shared/window.ts';
import { absent, count, flag, oneOf, optional, pair, positivePair, readOptions } from '../options.ts';
import type { PairOption } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Options of `resize`. Give either `size` or `scale`. */
export interface ResizeOptions {
  /** Size of the result: [height, width], or one number for both. */
  readonly size?: PairOption;
  /**
   * Output pixels for each input pixel: [height, width], or one number for both. The resulting extents are
   * rounded down.
   */
  readonly scale?: PairOption;
  /**
   * `nearest` (default) takes the pixel at floor(o * in / out). `nearest-exact` takes the pixel under the
   * centre of the output pixel. `bilinear` interpolates.
   */
  readonly mode?: 'nearest' | 'nearest-exact' | 'bilinear';
  /**
   * True aligns the centres of the corner pixels, false the corners of the images. Only for `bilinear`; default
   * false.
   */
  readonly alignCorners?: boolean;
}

/** PyTorch's `interpolate` (and `Upsample`): f32[N, C, H, W] to f32[N, C, ...size]. */
export function resize(layer: Layer, x: Tensor, options: ResizeOptions): Tensor {
  const o = readOptions(layer.wrongOption, options, {
    size: absent(pair),
    scale: absent(positivePair),
    mode: optional(oneOf('nearest', 'nearest-exact', 'bilinear'), 'nearest'),
    alignCorners: optional(flag, false),
  });
  if (o.alignCorners && o.mode !== 'bilinear')
    layer.reject('CNNC1104', `alignCorners has no meaning for ${o.mode}`);
  const extents = extentsOf(layer, x, o.size, o.scale);
  switch (o.mode) {
    case 'nearest':
      return layer.node('resizeNearest', [x], { ...extents, coordinates: 'asymmetric', rounding: 'floor' });
    case 'nearest-exact':
      return layer.node('resizeNearest', [x], {
        ...extents,
        coordinates: 'halfPixel',
        rounding: 'roundPreferCeil',
      });
    case 'bilinear':
      // With aligned corners the distance between samples depends only on the extents, not on the scale.
      return o.alignCorners
        ? layer.node('resizeBilinear', [x], { size: extents.size, coordinates: 'alignCorners' })
        : layer.node('resizeBilinear', [x], { ...extents, coordinates: 'halfPixel' });
  }
}

interface Extents {
  readonly size: Pair;
  /** Only if it is not the ratio of the extents. */
  readonly scale?: Pair;
}

function extentsOf(layer: Layer, x: Tensor, size: Pair | undefined, scale: Pair | undefined): Extents {
  if (size && scale) layer.reject('CNNC1104', 'size and scale are both given, expected one of them');
  if (size) return { size };
  if (!scale) return layer.reject('CNNC1104', 'size and scale are both missing, expected one of them');
  const scaled: Pair = [x.height * scale[0], x.width * scale[1]];
  const floored: Pair = [Math.floor(scaled[0]), Math.floor(scaled[1])];
  if (floored.some((extent) => extent < 1)) {
    layer.reject('CNNC1204', `a scale of ${scale.join(' by ')} leaves nothing of ${x.height}x${x.width}`);
  }
  return scaled.every(Number.isInteger) ? { size: floored } : { size: floored, scale };
}

/** Options of `pixelShuffle` and `pixelUnshuffle`. */
export interface ShuffleFactorOptions {
  /** Factor r by which height and width grow or shrink. */
  readonly factor: number;
}

/** PyTorch's `PixelShuffle` (Shi et al. 2016): f32[N, C * r^2, H, W] to f32[N, C, H * r, W * r]. */
export function pixelShuffle(layer: Layer, x: Tensor, options: ShuffleFactorOptions): Tensor {
  const { factor } = readOptions(layer.wrongOption, options, { factor: count });
  return layer.node('pixelShuffle', [x], { factor, order: 'crd' });
}

/** PyTorch's `PixelUnshuffle`: f32[N, C, H * r, W * r] to f32[N, C * r^2, H, W]. */
export function pixelUnshuffle(layer: Layer, x: Tensor, options: ShuffleFactorOptions): Tensor {
  const { factor } = readOptions(layer.wrongOption, options, { factor: count });
  return layer.node('pixelUnshuffle', [x], { factor, order: 'crd' });
}

/** Options of `channelShuffle`. */
export interface ChannelShuffleOptions {
  /** Number of groups of neighbouring channels. */
  readonly groups: number;
}

/**
 * PyTorch's `ChannelShuffle` (Zhang et al. 2018): interleaves the channels of the groups. f32[N, C, H, W] to
 * the same shape.
 */
export function channelShuffle(layer: Layer, x: Tensor, options: ChannelShuffleOptions): Tensor {
  return layer.node('channelShuffle', [x], readOptions(layer.wrongOption, options, { groups: count }));
}
