/**
 * The images that `preprocess` takes on WebGPU: their types, if TypeScript knows the host's classes, and their checks.
 */
import { placeCrop, type Preprocess } from '../image.ts';

/** The host's class of this name, if TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: { readonly prototype: infer Known };
}
  ? Known
  : never;

/** RGBA with 8 bits per channel, row after row: an ImageData, or bytes from a decoder. */
export interface GpuPixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

export type GpuImage =
  | GpuPixels
  | HostImage<'HTMLCanvasElement'>
  | HostImage<'HTMLImageElement'>
  | HostImage<'HTMLVideoElement'>
  | HostImage<'ImageBitmap'>
  | HostImage<'OffscreenCanvas'>
  | HostImage<'VideoFrame'>;

export type Extents = readonly [width: number, height: number];

export interface CheckedImage {
  readonly source: unknown;
  readonly extents: Extents;
}

/** The conditions that images are checked against. */
export interface ImageRules {
  /** `resnet18.preprocess`, for errors. */
  readonly call: string;
  readonly options: Preprocess;
  /** The number of images in a call. */
  readonly batch: number;
  /** The largest extent of the GPU's textures. */
  readonly most: number;
}

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

export const isPixels = (value: unknown): value is GpuPixels =>
  Object(value) === value && 'data' in (value as object);

/** Checks all images before anything runs. */
export function checkImages(rules: ImageRules, given: unknown): CheckedImage[] {
  const { call, batch } = rules;
  const images: readonly unknown[] = Array.isArray(given) ? given : [given];
  if (images.length !== batch || (batch > 1 && !Array.isArray(given))) {
    const wanted = batch === 1 ? 'one image' : `an array of ${batch} images`;
    throw new Error(`${call} takes ${wanted}, got ${Array.isArray(given) ? images.length : 'one'}`);
  }
  return images.map((source) => ({ source, extents: checkImage(rules, source) }));
}

function checkImage({ call, options, most }: ImageRules, source: unknown): Extents {
  const names =
    IMAGE_SOURCES[tagOf(source)] ?? (isPixels(source) ? (['width', 'height'] as const) : undefined);
  if (!names) {
    const kinds = Object.keys(IMAGE_SOURCES).join(', ');
    throw new Error(
      `${call} takes an image (${kinds}, or RGBA bytes as { data, width, height }), got ${tagOf(source)}`,
    );
  }
  const [width, height] = names.map((name) => (source as Record<string, number>)[name]) as [number, number];
  const size = `${width}x${height}`;
  if (![width, height].every((extent) => Number.isSafeInteger(extent) && extent > 0))
    throw new Error(
      `${call}: an image of ${size} has no pixels: load it before the call, and do not close it`,
    );
  if (isPixels(source)) checkPixels(call, source, size);
  if (Math.max(width, height) > most)
    throw new Error(`${call}: an image of ${size} is too large, this GPU takes up to ${most}x${most}`);
  // Throws if the image is too small.
  placeCrop(width, height, options);
  return [width, height];
}

function checkPixels(call: string, { data, width, height }: GpuPixels, size: string): void {
  const bytes = width * height * 4;
  const tag = tagOf(data);
  if (tag !== 'Uint8Array' && tag !== 'Uint8ClampedArray')
    throw new Error(`${call}: \`data\` needs a Uint8Array or Uint8ClampedArray, got ${tag}`);
  if (data.length !== bytes)
    throw new Error(`${call}: an image of ${size} has ${bytes} bytes (RGBA), got ${data.length}`);
}
