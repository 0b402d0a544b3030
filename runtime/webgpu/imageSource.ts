/** The checks of images that `preprocess` takes on WebGPU, and pixels as its textures need them. */
import { placeCrop, type Preprocess } from '../image.ts';
import { imageExtents, type Extents, type Pixels } from '../imagePixels.ts';

export interface CheckedImage {
  readonly source: unknown;
  readonly extents: Extents;
}

/** The conditions that images are checked against. */
export interface ImageRules {
  /** `resnet18.preprocess`, for errors. */
  readonly call: string;
  readonly options: Preprocess;
  /** The number of images in a batch. */
  readonly batch: number;
  /** The largest extent of the GPU's textures. */
  readonly most: number;
}

/** Checks all images before anything runs. If `mayBeFewer`, part of a batch is enough. */
export function checkImages(rules: ImageRules, given: unknown, mayBeFewer: boolean): CheckedImage[] {
  const { call, batch } = rules;
  const images: readonly unknown[] = Array.isArray(given) ? given : [given];
  const fits = images.length === batch || (mayBeFewer && images.length > 0 && images.length < batch);
  if (!fits || (batch > 1 && !Array.isArray(given))) {
    const wanted = batch === 1 ? 'one image' : `an array of ${batch} images`;
    throw new Error(`${call} takes ${wanted}, got ${Array.isArray(given) ? images.length : 'one'}`);
  }
  return images.map((source) => ({ source, extents: checkImage(rules, source) }));
}

function checkImage({ call, options, most }: ImageRules, source: unknown): Extents {
  const [width, height] = imageExtents(call, source);
  if (Math.max(width, height) > most)
    throw new Error(
      `${call}: an image of ${width}x${height} is too large, this GPU takes up to ${most}x${most}`,
    );
  // Throws if the image is too small.
  placeCrop(width, height, options);
  return [width, height];
}

/** The bytes of the pixels as RGBA, which is what textures hold. */
export function rgbaOf({ data, width, height }: Pixels): Uint8Array | Uint8ClampedArray {
  const count = width * height;
  if (data.length === count * 4) return data;
  const channels = data.length / count;
  const rgba = new Uint8Array(count * 4).fill(255);
  for (let i = 0; i < count; i++)
    for (let c = 0; c < 3; c++) rgba[i * 4 + c] = data[i * channels + (channels === 1 ? 0 : c)]!;
  return rgba;
}
