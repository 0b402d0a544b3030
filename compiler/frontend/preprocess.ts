/**
 * How a model wants its images: what the generated module's `preprocess` does. The type is declared again
 * in `runtime/image.ts`, because compiler and runtime do not know each other.
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
import type { Refuse } from './refuse.ts';

export interface Preprocess {
  /** Extents of the network's input. */
  readonly width: number;
  readonly height: number;
  /**
   * `shortSide` (default): keeps the proportions, then cuts the centre out. `stretch`: to exactly
   * `width` x `height`. `none`: only cuts the centre out.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /** What `shortSide` makes of the shorter side; default: the larger of `width` and `height`. */
  readonly shortSide?: number;
  /** The planes of the input, in order. `gray` is the luma of ITU-R 601. */
  readonly channels: 'rgb' | 'bgr' | 'gray';
  /** `value = (level * scale - mean) / std`, level 0 to 255; default 1/255. */
  readonly scale?: number;
  /** One per plane, in the order of `channels`; default 0. */
  readonly mean?: readonly number[];
  /** One per plane, in the order of `channels`; default 1. */
  readonly std?: readonly number[];
  /** Levels become `255 - level`: for networks that learned white on black. */
  readonly invert?: boolean;
}

const planesOf = (channels: Preprocess['channels']): number => (channels === 'gray' ? 1 : 3);

const perPlane: Reader<readonly number[]> = { ...numbers, expected: 'a list with one number per plane' };

/** Refuses what the generated module could not carry out on an input of this shape. */
export function checkPreprocess(preprocess: Preprocess, input: readonly number[], refuse: Refuse): void {
  const within: Refuse = (found) => refuse(`preprocess: ${found}`);
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

/** For an input of other extents: the crop follows, the shorter side keeps its proportion to it. */
export function fitPreprocess(preprocess: Preprocess, height: number, width: number): Preprocess {
  const { shortSide } = preprocess;
  if (height === preprocess.height && width === preprocess.width) return preprocess;
  const growth = Math.max(height, width) / Math.max(preprocess.height, preprocess.width);
  return { ...preprocess, height, width, ...(shortSide && { shortSide: Math.round(shortSide * growth) }) };
}
