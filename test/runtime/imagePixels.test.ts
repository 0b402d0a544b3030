/** The images that a package's `preprocess` takes on the CPU, on a canvas of this file, and how others are refused. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { preprocess, type Preprocess } from '../../runtime/image.ts';
import { preprocessImage, type ImageSource, type Pixels } from '../../runtime/imagePixels.ts';

afterEach(() => vi.unstubAllGlobals());

const OPTIONS: Preprocess = { width: 2, height: 2, resize: 'stretch', channels: 'rgb' };
const CALL = 'pets.preprocess';

const picture = (width: number, height: number, channels = 4): Pixels => ({
  data: Uint8ClampedArray.from({ length: width * height * channels }, (_, i) =>
    channels === 4 && i % 4 === 3 ? 255 : i * 37,
  ),
  width,
  height,
});

const numbersOf = ({ data, width, height }: Pixels): Float32Array => preprocess(data, width, height, OPTIONS);

const run = (image: unknown, ...more: [out?: Float32Array]): Float32Array =>
  preprocessImage(CALL, OPTIONS, image as ImageSource, ...more);

/** An image of a class of the web: its tag, its fields, and what a canvas sees of it. */
const webImage = (tag: string, fields: object, pixels?: Pixels): object => ({
  ...fields,
  pixels,
  [Symbol.toStringTag]: tag,
});

/** A canvas that holds what was drawn last, and reads it in whole. */
class Canvas {
  width = 0;
  height = 0;
  private shown: Pixels | undefined;
  static failure: Error | undefined;
  constructor(width = 0, height = 0) {
    Object.assign(this, { width, height });
  }
  getContext(kind: string): object | null {
    expect(kind).toBe('2d');
    if (this.width > 9000) return null;
    return {
      drawImage: (image: { pixels: Pixels }, ...place: number[]) => {
        expect(place).toEqual([0, 0, this.width, this.height]);
        this.shown = image.pixels;
      },
      getImageData: (...place: number[]) => {
        if (Canvas.failure) throw Canvas.failure;
        expect(place).toEqual([0, 0, this.width, this.height]);
        return this.shown;
      },
    };
  }
}

describe('preprocess of a package', () => {
  it.each([1, 3, 4])('takes pixels with their size: %i bytes each', (channels) => {
    const image = picture(5, 3, channels);
    const expected = numbersOf(image);
    expect(run(image)).toEqual(expected);
    expect(preprocessImage(CALL, OPTIONS, image.data, image.width, image.height)).toEqual(expected);
    const out = new Float32Array(12);
    expect(run(image, out)).toBe(out);
    expect(out).toEqual(expected);
    const other = new Float32Array(12);
    expect(preprocessImage(CALL, OPTIONS, image.data, 5, 3, other)).toBe(other);
    expect(other).toEqual(expected);
  });

  const shown = picture(5, 3);
  const sources: readonly (readonly [string, object])[] = [
    ['HTMLCanvasElement', { width: 5, height: 3 }],
    // The element is shown smaller than the image is.
    ['HTMLImageElement', { width: 2, height: 1, naturalWidth: 5, naturalHeight: 3 }],
    ['HTMLVideoElement', { width: 2, height: 1, videoWidth: 5, videoHeight: 3 }],
    ['ImageBitmap', { width: 5, height: 3 }],
    ['OffscreenCanvas', { width: 5, height: 3 }],
    ['VideoFrame', { codedWidth: 16, codedHeight: 16, displayWidth: 5, displayHeight: 3 }],
  ];

  it.each(sources)('draws %s in its natural size', (tag, fields) => {
    vi.stubGlobal('OffscreenCanvas', Canvas);
    expect(run(webImage(tag, fields, shown))).toEqual(numbersOf(shown));
  });

  it('draws to an element where there is no OffscreenCanvas', () => {
    const made: string[] = [];
    const createElement = (name: string): Canvas => (made.push(name), new Canvas());
    vi.stubGlobal('document', { createElement });
    expect(run(webImage('ImageBitmap', { width: 5, height: 3 }, shown))).toEqual(numbersOf(shown));
    expect(made).toEqual(['canvas']);
  });

  const refusal = (image: unknown): string => {
    try {
      run(image);
    } catch (error) {
      return (error as Error).message;
    }
    return 'nothing was refused';
  };

  it.each([
    [undefined, 'Undefined'],
    ['photo.png', 'String'],
    [new Uint8Array(8), 'Uint8Array'],
    [{ width: 2, height: 1 }, 'Object'],
    [new Blob([]), 'Blob'],
  ])('refuses what is no image: %s', (image, tag) => {
    const kinds =
      'HTMLCanvasElement, HTMLImageElement, HTMLVideoElement, ImageBitmap, OffscreenCanvas, VideoFrame';
    expect(refusal(image)).toBe(
      `${CALL} takes an image (${kinds}, or 8-bit pixels as { data, width, height }), got ${tag}`,
    );
  });

  it('refuses images without pixels, and data of another type or length', () => {
    const empty = 'has no pixels: load it before the call, and do not close it';
    const image = webImage('HTMLImageElement', { naturalWidth: 0, naturalHeight: 0 });
    expect(refusal(image)).toBe(`${CALL}: an image of 0x0 ${empty}`);
    expect(refusal({ data: new Uint8Array(4) })).toBe(`${CALL}: an image of undefinedxundefined ${empty}`);
    expect(refusal({ ...picture(2, 1), data: new Float32Array(8) })).toBe(
      `${CALL}: \`data\` needs a Uint8Array or Uint8ClampedArray, got Float32Array`,
    );
    expect(refusal({ ...picture(2, 1), data: new Uint8Array(7) })).toBe(
      `${CALL}: an image of 2x1 has 2, 6, 8 bytes (gray, RGB, RGBA), got 7`,
    );
  });

  it('says where there is no canvas, as in Node', () => {
    expect(refusal(webImage('ImageBitmap', { width: 5, height: 3 }))).toBe(
      `${CALL}: there is no canvas here to read the pixels of ImageBitmap with: pass { data, width, height }`,
    );
  });

  it('says why a canvas gives no pixels', () => {
    vi.stubGlobal('OffscreenCanvas', Canvas);
    const cause = Object.assign(new Error('tainted by cross-origin data'), { name: 'SecurityError' });
    Canvas.failure = cause;
    const image = webImage('HTMLImageElement', { naturalWidth: 5, naturalHeight: 3 }, shown);
    const reason =
      'it comes from another origin; load it with `crossOrigin` from a server that allows this (CORS)';
    expect(refusal(image)).toBe(`${CALL}: the image cannot be read: ${reason}`);
    Canvas.failure = new Error('out of memory');
    expect(refusal(image)).toBe(`${CALL}: the image cannot be read: out of memory`);
    Canvas.failure = undefined;
    const huge = webImage('ImageBitmap', { width: 70000, height: 3 }, shown);
    expect(refusal(huge)).toBe(`${CALL}: an image of 70000x3 is too large for a canvas`);
  });
});
