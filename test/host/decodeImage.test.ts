import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { decodeImage } from '../../compiler/host/decodeImage.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';

const folder = mkdtempSync(join(tmpdir(), 'cnnc-image-'));
afterAll(() => rmSync(folder, { recursive: true }));

const save = (name: string, bytes: Uint8Array): string => {
  const file = join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

// Two pixels: red and blue.
const pixels = Buffer.from([255, 0, 0, 0, 0, 255]);
const redBlue = (): Sharp => sharp(pixels, { raw: { width: 2, height: 1, channels: 3 } });
const decode = async (name: string, image: Sharp) => decodeImage(save(name, await image.toBuffer()));

describe('decodeImage', () => {
  it('gives the pixels of PNG and lossless WebP as they are', async () => {
    const expected = { pixels: new Uint8Array(pixels), width: 2, height: 1, channels: 3 };
    expect(await decode('a.png', redBlue().png())).toEqual(expected);
    expect(await decode('a.webp', redBlue().webp({ lossless: true }))).toEqual(expected);
    expect(await decode('palette.png', redBlue().png({ palette: true }))).toEqual(expected);
    expect(await decode('deep.png', redBlue().toColourspace('rgb16').png())).toEqual(expected);
  });

  it('expands gray to three channels', async () => {
    const gray = sharp(Buffer.from([10, 200]), { raw: { width: 2, height: 1, channels: 1 } });
    const image = await decode('gray.png', gray.toColourspace('b-w').png());
    expect([...image.pixels]).toEqual([10, 10, 10, 200, 200, 200]);
  });

  it('lays alpha over white', async () => {
    const rgba = sharp(Buffer.from([255, 0, 0, 255, 255, 0, 0, 0]), {
      raw: { width: 2, height: 1, channels: 4 },
    });
    const image = await decode('alpha.png', rgba.png());
    expect([...image.pixels]).toEqual([255, 0, 0, 255, 255, 255]);
  });

  it('applies the EXIF orientation', async () => {
    const turned = redBlue().withMetadata({ orientation: 6 });
    const image = await decode('turned.png', turned.png());
    expect([image.width, image.height]).toEqual([1, 2]);
    expect([...image.pixels]).toEqual([...pixels]);
  });

  const refusal = async (file: string): Promise<string> => {
    const error: unknown = await decodeImage(file).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Diagnostic);
    return (error as Diagnostic).message.replace(folder, 'DIR');
  };

  it('diagnoses what it cannot read', async () => {
    expect(await refusal(join(folder, 'none.png'))).toMatch(
      /^image \(DIR\/none\.png\): cannot read the file: ENOENT: no such file/,
    );
    expect(await refusal(folder)).toMatch(/cannot read the file: EISDIR/);
    expect(await refusal(save('empty.png', new Uint8Array()))).toBe(
      'image (DIR/empty.png): the file is empty',
    );
    expect(await refusal(save('text.png', Buffer.from('hello, this is no image')))).toMatch(
      /^image \(DIR\/text\.png\): cannot decode the image: .*unsupported image format$/,
    );
    expect(await refusal(save('x.bmp', Buffer.from('BM0123456789')))).toBe(
      'image (DIR/x.bmp): BMP is not supported; convert the image to PNG, JPEG or WebP',
    );
  });
});

describeWithTestdata('decodeImage on photos', () => {
  it.each([
    ['chelsea.png', 451, 300],
    ['parrot.jpg', 512, 929],
  ])('knows the size of %s', async (photo, width, height) => {
    const image = await decodeImage(testdata(`data/photos/${photo}`));
    expect([image.width, image.height, image.pixels.length]).toEqual([width, height, width * height * 3]);
  });

  it.each(['chelsea.png', 'parrot.jpg'])('diagnoses %s cut off in the middle', async (photo) => {
    const bytes = readFileSync(testdata(`data/photos/${photo}`));
    const file = save(`cut-${photo}`, bytes.subarray(0, bytes.length / 2));
    await expect(decodeImage(file)).rejects.toThrow(/^image \(.*\): cannot decode the image: /);
    await expect(decodeImage(file)).rejects.toBeInstanceOf(Diagnostic);
  });
});
