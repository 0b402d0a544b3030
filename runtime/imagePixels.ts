/**
 * The images that a package takes: their types, if TypeScript knows the host's classes, their checks, and their pixels.
 * An image that is not pixels already is drawn to a canvas in its natural size. Every error is an `Error` that begins
 * with the name of the called function. Needs a canvas for images other than pixels, and nothing else of the host.
 */
import { preprocess, type Preprocess } from './image.ts';
import { messageOf } from './weights.ts';

/** The host's class of this name, if TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: { readonly prototype: infer Known };
}
  ? Known
  : never;

/**
 * 8-bit pixels, row after row: an ImageData, or bytes from a decoder. They are gray, RGB or RGBA, recognized by their
 * number.
 */
export interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** An image: pixels, or an object of the web. */
export type ImageSource =
  | Pixels
  | HostImage<'HTMLCanvasElement'>
  | HostImage<'HTMLImageElement'>
  | HostImage<'HTMLVideoElement'>
  | HostImage<'ImageBitmap'>
  | HostImage<'OffscreenCanvas'>
  | HostImage<'VideoFrame'>;

export type Extents = readonly [width: number, height: number];

/** Classes of images by their tags, which are the same in every frame, and the fields that hold their size. */
const IMAGE_SOURCES: Readonly<Record<string, readonly [string, string]>> = {
  HTMLCanvasElement: ['width', 'height'],
  HTMLImageElement: ['naturalWidth', 'naturalHeight'],
  HTMLVideoElement: ['videoWidth', 'videoHeight'],
  ImageBitmap: ['width', 'height'],
  OffscreenCanvas: ['width', 'height'],
  VideoFrame: ['displayWidth', 'displayHeight'],
};

const tagOf = (value: unknown): string => Object.prototype.toString.call(value).slice(8, -1);

export const isPixels = (value: unknown): value is Pixels =>
  Object(value) === value && 'data' in (value as object);

/** The size of an image. Throws if the value is no image, or an image without pixels. */
export function imageExtents(call: string, image: unknown): Extents {
  const names = IMAGE_SOURCES[tagOf(image)] ?? (isPixels(image) ? (['width', 'height'] as const) : undefined);
  if (!names) {
    const kinds = Object.keys(IMAGE_SOURCES).join(', ');
    throw new Error(
      `${call} takes an image (${kinds}, or 8-bit pixels as { data, width, height }), got ${tagOf(image)}`,
    );
  }
  const [width, height] = names.map((name) => (image as Record<string, number>)[name]) as [number, number];
  const size = `${width}x${height}`;
  if (![width, height].every((extent) => Number.isSafeInteger(extent) && extent > 0))
    throw new Error(
      `${call}: an image of ${size} has no pixels: load it before the call, and do not close it`,
    );
  if (isPixels(image)) checkPixels(call, image, size);
  return [width, height];
}

function checkPixels(call: string, { data, width, height }: Pixels, size: string): void {
  const tag = tagOf(data);
  if (tag !== 'Uint8Array' && tag !== 'Uint8ClampedArray')
    throw new Error(`${call}: \`data\` needs a Uint8Array or Uint8ClampedArray, got ${tag}`);
  const counts = [1, 3, 4].map((channels) => width * height * channels);
  if (!counts.includes(data.length))
    throw new Error(
      `${call}: an image of ${size} has ${counts.join(', ')} bytes (gray, RGB, RGBA), got ${data.length}`,
    );
}

/**
 * The function `preprocess` of a package. It has two forms: `preprocess(image, out?)` and
 * `preprocess(pixels, width, height, out?)`.
 */
export function preprocessImage(
  call: string,
  options: Preprocess,
  image: ImageSource | Uint8Array | Uint8ClampedArray,
  widthOrOut?: number | Float32Array,
  height?: number,
  out?: Float32Array,
): Float32Array {
  if (typeof widthOrOut === 'number')
    return preprocess(image as Uint8Array, widthOrOut, height!, options, out);
  const extents = imageExtents(call, image);
  const { data } = isPixels(image) ? image : draw(call, image, extents);
  return preprocess(data, ...extents, options, widthOrOut);
}

/** The parts of a canvas that are used. */
interface Context {
  drawImage(image: unknown, x: number, y: number, width: number, height: number): unknown;
  getImageData(x: number, y: number, width: number, height: number): Pixels;
}

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d', options: { readonly willReadFrequently: boolean }): Context | null;
}

interface CanvasHost {
  readonly OffscreenCanvas?: new (width: number, height: number) => Canvas;
  readonly document?: { createElement(name: 'canvas'): Canvas };
}

function draw(call: string, image: unknown, [width, height]: Extents): Pixels {
  const canvas = createCanvas(width, height);
  if (!canvas)
    throw new Error(
      `${call}: there is no canvas here to read the pixels of ${tagOf(image)} with: pass { data, width, height }`,
    );
  // The pixels are read once, so they need not be on a GPU.
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error(`${call}: an image of ${width}x${height} is too large for a canvas`);
  try {
    context.drawImage(image, 0, 0, width, height);
    return context.getImageData(0, 0, width, height);
  } catch (error) {
    const isForeign = (error as { readonly name?: unknown } | undefined)?.name === 'SecurityError';
    const reason = isForeign
      ? 'it comes from another origin; load it with `crossOrigin` from a server that allows this (CORS)'
      : messageOf(error);
    throw new Error(`${call}: the image cannot be read: ${reason}`, { cause: error });
  }
}

function createCanvas(width: number, height: number): Canvas | undefined {
  const { OffscreenCanvas, document } = globalThis as unknown as CanvasHost;
  if (OffscreenCanvas) return new OffscreenCanvas(width, height);
  return document && Object.assign(document.createElement('canvas'), { width, height });
}
