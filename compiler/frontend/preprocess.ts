/**
 * How an image becomes the model's input. The generated module's `preprocess` does this. The type is declared again
 * in `runtime/image.ts`, because compiler and runtime do not import each other.
 */
import {
  absent,
  count,
  flag,
  numbers,
  oneOf,
  optional,
  positive,
  readOptions,
  type Reader,
} from './options.ts';
import type { Refuse, RefuseFound } from './refuse.ts';

/** How an image becomes the model's input f32[N, C, H, W]. `preprocess` of the generated module does this. */
export interface Preprocess {
  /** Width of the model's input in pixels. */
  readonly width: number;
  /** Height of the model's input in pixels. */
  readonly height: number;
  /**
   * `shortSide` (default) scales the shorter side to `shortSide`, keeps the proportions and crops the centre.
   * `stretch` scales to exactly `width` x `height`. `none` only crops the centre.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /**
   * Length of the shorter side after scaling, in pixels, for `shortSide`. Default: the larger of `width` and
   * `height`.
   */
  readonly shortSide?: number;
  /** Planes of the input, in order. `gray` is the luma of ITU-R BT.601. */
  readonly channels: 'rgb' | 'bgr' | 'gray';
  /** The factor in value = (level * scale - mean) / std, where a level is 0 to 255. Default 1/255. */
  readonly scale?: number;
  /** One number for each plane, in the order of `channels`; default 0. */
  readonly mean?: readonly number[];
  /** One number for each plane, in the order of `channels`; default 1. Must not be 0. */
  readonly std?: readonly number[];
  /**
   * Replaces every level by `255 - level`, for networks that were trained on white shapes on black; default false.
   */
  readonly invert?: boolean;
}

const planesOf = (channels: Preprocess['channels']): number => (channels === 'gray' ? 1 : 3);

const perPlane: Reader<readonly number[]> = { ...numbers, expected: 'a list with one number per plane' };

/** Refuses options that the generated module could not apply to an input of this shape. */
export function checkPreprocess(preprocess: Preprocess, input: readonly number[], refuse: Refuse): void {
  const within: RefuseFound = (found) => refuse('CNNC1012', `preprocess: ${found}`);
  const { width, height, channels, shortSide, mean, std } = readOptions(within, preprocess, {
    width: count,
    height: count,
    resize: optional(oneOf('shortSide', 'stretch', 'none'), 'shortSide'),
    shortSide: absent(count),
    channels: oneOf('rgb', 'bgr', 'gray'),
    scale: optional(positive, 1 / 255),
    mean: absent(perPlane),
    std: absent(perPlane),
    invert: optional(flag, false),
  });
  const planes = planesOf(channels);
  for (const [name, list] of Object.entries({ mean, std })) {
    if (list && list.length !== planes)
      within(`${name} has ${list.length} numbers, ${channels} has ${planes}`);
  }
  if (std?.includes(0)) within('std must not be 0');
  if (shortSide !== undefined && shortSide < Math.max(width, height)) {
    within(`a shorter side of ${shortSide} leaves no ${width}x${height} to cut out`);
  }
  const [, c, h, w] = input;
  if (c !== planes || h !== height || w !== width) {
    within(`it makes [N,${planes},${height},${width}], the input is [${input.join(',')}]`);
  }
}

/**
 * Adapts the options to an input of other extents. The crop gets these extents, and the shorter side grows or shrinks
 * in proportion.
 */
export function fitPreprocess(preprocess: Preprocess, height: number, width: number): Preprocess {
  const { shortSide } = preprocess;
  if (height === preprocess.height && width === preprocess.width) return preprocess;
  const growth = Math.max(height, width) / Math.max(preprocess.height, preprocess.width);
  return { ...preprocess, height, width, ...(shortSide && { shortSide: Math.round(shortSide * growth) }) };
}
