/**
 * Turns pixels into a network's input. Self-contained; works in Node and in browsers. Resizing gives the same
 * bits as PIL's antialiased bilinear filter, which torchvision's `Resize` uses on images: a triangle filter
 * that widens when it shrinks the image, first horizontal, then vertical, with 8-bit values between the two.
 */
export interface Preprocess {
  /** Extents of the network's input. */
  readonly width: number;
  readonly height: number;
  /**
   * `shortSide` (default): keeps the proportions, then crops the centre. `stretch`: resizes to exactly
   * `width` x `height`. `none`: only crops the centre.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /** The length of the shorter side after `shortSide`; default: the larger of `width` and `height`. */
  readonly shortSide?: number;
  /** The planes of the output, in order. `gray` is the luma of ITU-R 601, like PIL's `L`. */
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

/**
 * Turns an image into planes, f32[channels,height,width], and returns them, in `out` if it is given. `pixels`
 * are 8-bit and interleaved, row after row: gray, RGB or RGBA, recognized by their number. Alpha is blended
 * over white. A wrong number of pixels or a wrong option throws an `Error`.
 */
export function preprocess(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  options: Preprocess,
  out?: Float32Array,
): Float32Array {
  const planes = options.channels === 'gray' ? 1 : 3;
  checkOptions(options, planes);
  const size = options.width * options.height * planes;
  if (out && out.length !== size) {
    throw new Error(`preprocess: \`out\` needs ${size} numbers, got ${out.length}`);
  }
  const image = toLevels(pixels, width, height, planes);
  const cut = resample(image, placeCrop(width, height, options));
  return normalize(cut, options, planes, out ?? new Float32Array(size));
}

/** 8-bit levels, interleaved; one channel for gray, three for colour. */
interface Levels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
}

function checkOptions(options: Preprocess, planes: number): void {
  const extents = [options.width, options.height, options.shortSide ?? 1];
  if (!extents.every((extent) => Number.isSafeInteger(extent) && extent > 0)) {
    throw new Error('preprocess: width, height and shortSide must be whole numbers above 0');
  }
  for (const name of ['mean', 'std'] as const) {
    const list = options[name];
    if (!list) continue;
    if (list.length !== planes || !list.every(Number.isFinite)) {
      throw new Error(
        `preprocess: ${name} needs ${planes} numbers for ${options.channels}, got [${list.join(', ')}]`,
      );
    }
  }
  if (options.std?.includes(0)) throw new Error('preprocess: std must not be 0');
}

function toLevels(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  planes: number,
): Levels {
  const count = width * height;
  const perPixel = pixels.length / count;
  if (!(count > 0) || (perPixel !== 1 && perPixel !== 3 && perPixel !== 4)) {
    const sizes = [1, 3, 4].map((channels) => count * channels).join(', ');
    throw new Error(
      `preprocess: an image of ${width}x${height} has ${sizes} bytes (gray, RGB, RGBA), got ${pixels.length}`,
    );
  }
  if (perPixel === 1) return { data: pixels, width, height, channels: 1 };
  const rgb = perPixel === 4 ? flattenAlpha(pixels, count) : pixels;
  if (planes === 3) return { data: rgb, width, height, channels: 3 };
  return { data: toGray(rgb, count), width, height, channels: 1 };
}

function flattenAlpha(rgba: Uint8Array | Uint8ClampedArray, count: number): Uint8Array {
  const rgb = new Uint8Array(count * 3);
  for (let i = 0; i < count; i++) {
    const alpha = rgba[i * 4 + 3]!;
    const white = 255 * (255 - alpha) + 127;
    rgb[i * 3] = ((rgba[i * 4]! * alpha + white) / 255) | 0;
    rgb[i * 3 + 1] = ((rgba[i * 4 + 1]! * alpha + white) / 255) | 0;
    rgb[i * 3 + 2] = ((rgba[i * 4 + 2]! * alpha + white) / 255) | 0;
  }
  return rgb;
}

/** Gray by PIL's integer weights for `L`: 0.299, 0.587 and 0.114 in 16 bits. */
function toGray(rgb: Uint8Array | Uint8ClampedArray, count: number): Uint8Array {
  const gray = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    gray[i] = (rgb[i * 3]! * 19595 + rgb[i * 3 + 1]! * 38470 + rgb[i * 3 + 2]! * 7471 + 0x8000) >> 16;
  }
  return gray;
}

/** The part `[first, first + count)` of an axis that is resized to `size`. */
export interface AxisCrop {
  readonly size: number;
  readonly first: number;
  readonly count: number;
}

export function placeCrop(width: number, height: number, options: Preprocess): { x: AxisCrop; y: AxisCrop } {
  const [w, h] = resizedExtents(width, height, options);
  if (w < options.width || h < options.height) {
    throw new Error(
      `preprocess: an image of ${width}x${height} becomes ${w}x${h}, too small to cut ` +
        `${options.width}x${options.height} out of it`,
    );
  }
  const crop = (size: number, count: number): AxisCrop => ({ size, first: halfToEven(size - count), count });
  return { x: crop(w, options.width), y: crop(h, options.height) };
}

function resizedExtents(width: number, height: number, options: Preprocess): [number, number] {
  const mode = options.resize ?? 'shortSide';
  switch (mode) {
    case 'none':
      return [width, height];
    case 'stretch':
      return [options.width, options.height];
    case 'shortSide': {
      const short = options.shortSide ?? Math.max(options.width, options.height);
      // torchvision truncates the longer side.
      return width < height
        ? [short, Math.trunc((short * height) / width)]
        : [Math.trunc((short * width) / height), short];
    }
    default:
      throw new Error(
        `preprocess: resize must be shortSide, stretch or none, got ${String(mode satisfies never)}`,
      );
  }
}

/** Python's `round(margin / 2)`, which torchvision's centre crop uses. */
function halfToEven(margin: number): number {
  const down = Math.floor(margin / 2);
  return margin % 2 === 1 && down % 2 === 1 ? down + 1 : down;
}

/** The taps of each kept position of an axis: the first source index, the number of taps, and their weights. */
export interface Taps {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** Fixed point with `PRECISION` bits; each position has `stride` entries. */
  readonly weights: Int32Array;
  readonly stride: number;
}

/** PIL's precision: 32 bits minus 8 for the level and 2 for the sign and the overshoot of other filters. */
export const PRECISION = 22;
const HALF = 1 << (PRECISION - 1);

export function triangleTaps(source: number, axis: AxisCrop): Taps {
  const scale = source / axis.size;
  const support = Math.max(scale, 1);
  const narrowing = 1 / support;
  const stride = Math.ceil(support) * 2 + 1;
  const taps: Taps = {
    first: new Int32Array(axis.count),
    counts: new Int32Array(axis.count),
    weights: new Int32Array(axis.count * stride),
    stride,
  };
  for (let i = 0; i < axis.count; i++) {
    const centre = (axis.first + i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - support + 0.5));
    const count = Math.min(source, Math.trunc(centre + support + 0.5)) - first;
    const values = Array.from({ length: count }, (_, tap) =>
      Math.max(0, 1 - Math.abs((first + tap - centre + 0.5) * narrowing)),
    );
    const sum = values.reduce((total, value) => total + value, 0);
    taps.first[i] = first;
    taps.counts[i] = count;
    taps.weights.set(
      values.map((value) => Math.trunc(0.5 + (value / sum) * (1 << PRECISION))),
      i * stride,
    );
  }
  return taps;
}

function resample(image: Levels, crop: { x: AxisCrop; y: AxisCrop }): Levels {
  const x = triangleTaps(image.width, crop.x);
  const y = triangleTaps(image.height, crop.y);
  const { channels } = image;
  const rowLength = crop.x.count * channels;
  const [firstRow, lastRow] = rowsRead(y);
  const rows = new Uint8Array((lastRow - firstRow) * rowLength);
  for (let row = firstRow; row < lastRow; row++) {
    const source = image.data.subarray(row * image.width * channels, (row + 1) * image.width * channels);
    const start = (row - firstRow) * rowLength;
    resampleRow(source, x, channels, rows.subarray(start, start + rowLength));
  }
  const data = new Uint8Array(crop.y.count * rowLength);
  for (let i = 0; i < crop.y.count; i++)
    blendRows(rows, y, i, firstRow, data.subarray(i * rowLength, (i + 1) * rowLength));
  return { data, width: crop.x.count, height: crop.y.count, channels };
}

/** The rows `[first, last)` that the vertical pass reads. */
export function rowsRead({ first, counts }: Taps): [number, number] {
  return [first[0]!, Math.max(...first.map((row, i) => row + counts[i]!))];
}

/** Sums stay below 2^31. With `| 0` and `imul` engines compute them as integers. */
function resampleRow(
  source: Uint8Array | Uint8ClampedArray,
  { first, counts, weights, stride }: Taps,
  channels: 1 | 3,
  out: Uint8Array,
): void {
  for (let i = 0; i < first.length; i++) {
    let [r, g, b] = [HALF, HALF, HALF];
    let from = first[i]! * channels;
    for (let tap = i * stride; tap < i * stride + counts[i]!; tap++, from += channels) {
      const weight = weights[tap]!;
      r = (r + Math.imul(source[from]!, weight)) | 0;
      if (channels === 1) continue;
      g = (g + Math.imul(source[from + 1]!, weight)) | 0;
      b = (b + Math.imul(source[from + 2]!, weight)) | 0;
    }
    out[i * channels] = toLevel(r);
    if (channels === 1) continue;
    out[i * channels + 1] = toLevel(g);
    out[i * channels + 2] = toLevel(b);
  }
}

/** Writes row `i` of the vertical pass to `out`; `rows` begin with source row `firstRow`. */
function blendRows(rows: Uint8Array, taps: Taps, i: number, firstRow: number, out: Uint8Array): void {
  const sums = new Int32Array(out.length).fill(HALF);
  let from = (taps.first[i]! - firstRow) * out.length;
  for (let tap = 0; tap < taps.counts[i]!; tap++, from += out.length) {
    const weight = taps.weights[i * taps.stride + tap]!;
    for (let x = 0; x < sums.length; x++) sums[x] = (sums[x]! + Math.imul(rows[from + x]!, weight)) | 0;
  }
  for (let x = 0; x < sums.length; x++) out[x] = toLevel(sums[x]!);
}

const toLevel = (sum: number): number => Math.min(sum >> PRECISION, 255);

/** A level has only 256 values, so every plane is a table look-up. */
function normalize(image: Levels, options: Preprocess, planes: number, out: Float32Array): Float32Array {
  const area = image.width * image.height;
  for (let plane = 0; plane < planes; plane++) {
    const table = levelTable(options, plane);
    const channel = options.channels === 'bgr' ? 2 - plane : plane;
    const offset = image.channels === 1 ? 0 : channel;
    for (let i = 0; i < area; i++) out[plane * area + i] = table[image.data[i * image.channels + offset]!]!;
  }
  return out;
}

/** The value of each level in a plane, rounded to f32 after every step like torchvision's tensors. */
export function levelTable(options: Preprocess, plane: number): Float32Array {
  const scale = options.scale ?? 1 / 255;
  const mean = Math.fround(options.mean?.[plane] ?? 0);
  const std = Math.fround(options.std?.[plane] ?? 1);
  return Float32Array.from({ length: 256 }, (_, level) => {
    const scaled = Math.fround((options.invert ? 255 - level : level) * scale);
    return Math.fround(scaled - mean) / std;
  });
}
