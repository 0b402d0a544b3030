/**
 * Decodes an image file into 8-bit sRGB. Whatever the file holds (gray, 16 bits, CMYK, a palette) comes
 * out as three channels; alpha is laid over white, as `runtime/image.ts` does with RGBA pixels; the EXIF
 * orientation is applied, as browsers do; of an animation the first frame is taken. A file that is
 * missing, not an image or broken is a `Diagnostic`.
 */
import { readFile } from 'node:fs/promises';
import { fail } from '../diagnostics/diagnostic.ts';

export interface DecodedImage {
  /** Interleaved R, G, B; row after row from the top; `height * width * 3` bytes. */
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly channels: 3;
}

export async function decodeImage(file: string): Promise<DecodedImage> {
  const bytes = await readImageFile(file);
  if (bytes.length === 0) fail('CNNC5020', 'image', { file }, 'the file is empty');
  if (bytes[0] === 0x42 && bytes[1] === 0x4d) {
    fail('CNNC5020', 'image', { file }, 'BMP is not supported; convert the image to PNG, JPEG or WebP');
  }
  const sharp = await loadSharp(file);
  try {
    const { data, info } = await sharp(bytes)
      .autoOrient()
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { pixels, width: info.width, height: info.height, channels: 3 };
  } catch (error) {
    return fail('CNNC5020', 'image', { file }, `cannot decode the image: ${reasonOf(error)}`);
  }
}

/** libvips is loaded with the first image, so that no other command waits for it. Users install it if they need it. */
async function loadSharp(file: string): Promise<(typeof import('sharp'))['default']> {
  try {
    return (await import('sharp')).default;
  } catch (error) {
    return fail(
      'CNNC5021',
      'image',
      { file },
      `cannot decode it without the package sharp: ${reasonOf(error)}`,
      ['install it beside cnnc: npm install sharp'],
    );
  }
}

async function readImageFile(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    return fail('CNNC5001', 'image', { file }, `cannot read the file: ${reasonOf(error)}`);
  }
}

/** The first line: libvips lists one complaint a line, the later ones follow from the first. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0] ?? message;
}
