/** `cnnc run` on small packages written by hand, with the API of compiled ones. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cnnc } from './support.ts';

let folder: string;

/** One pixel an image; the output is [red, green, blue] / 255, and the classes are ranked as they are. */
const INDEX = (batch: number) => `
export const info = {
  name: 'colours',
  inputs: { image: { dtype: 'f32', shape: [${batch}, 3, 1, 1] } },
  outputs: { logits: { dtype: 'f32', shape: [${batch}, 3] } },
};
export async function load() {
  return { info, forward: ({ image }) => ({ logits: image.slice() }), close() {} };
}
export const preprocess = (pixels, width, height) => {
  if (width !== 1 || height !== 1) throw new Error(\`preprocess: \${width}x\${height} is too large\`);
  return Float32Array.from(pixels, (level) => level / 255);
};
export const topK = (scores, k) =>
  [...scores]
    .map((probability, index) => ({ index, label: ['red', 'green', 'blue'][index], probability }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, k);
`;

function writePackage(
  name: string,
  index: string,
  manifest: object = { type: 'module', cnnc: { format: 1 } },
): string {
  const path = join(folder, name);
  mkdirSync(path);
  writeFileSync(join(path, 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(path, 'index.js'), index);
  return path;
}

async function writeImage(
  name: string,
  [r, g, b]: readonly [number, number, number],
  size = 1,
): Promise<string> {
  const file = join(folder, name);
  const create = { width: size, height: size, channels: 3 as const, background: { r, g, b } };
  writeFileSync(file, await sharp({ create }).png().toBuffer());
  return file;
}

let images: readonly string[];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-run-'));
  images = await Promise.all([
    writeImage('red.png', [255, 51, 0]),
    writeImage('green.png', [0, 204, 51]),
    writeImage('blue.png', [51, 102, 204]),
  ]);
});
afterAll(() => rmSync(folder, { recursive: true }));

const short = (text: string): string => text.replaceAll(folder, 'DIR');

describe('cnnc run', () => {
  it.each([1, 2])('prints the classes of each image, %i in a call', async (batch) => {
    const { code, out, err } = await cnnc([
      'run',
      writePackage(`batch${batch}`, INDEX(batch)),
      ...images,
      '--top',
      '2',
    ]);
    expect(code).toBe(0);
    expect(short(out)).toBe(
      [
        'DIR/red.png\n  100.00 %  red\n   20.00 %  green\n',
        'DIR/green.png\n   80.00 %  green\n   20.00 %  blue\n',
        'DIR/blue.png\n   80.00 %  blue\n   40.00 %  green\n',
      ].join(''),
    );
    expect(short(err)).toContain('reading DIR/green.png\n');
  });

  it('prints one JSON document', async () => {
    const { code, out, err } = await cnnc([
      'run',
      writePackage('json', INDEX(1)),
      images[0]!,
      '--json',
      '--top',
      '1',
    ]);
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toEqual({
      model: 'colours',
      images: [{ image: images[0], classes: [{ index: 0, label: 'red', probability: 1 }] }],
    });
  });

  it('prints the outputs of what is no classifier', async () => {
    const index = INDEX(1).replace('shape: [1, 3] }', 'shape: [1, 3, 1, 1] }');
    const path = writePackage('pixels', index);
    expect(short((await cnnc(['run', path, images[0]!])).out)).toBe(
      'DIR/red.png\n  logits: 1.000 0.2000 0.000\n',
    );
    const { out } = await cnnc(['run', path, images[0]!, '--json']);
    expect(JSON.parse(out)).toEqual({
      model: 'colours',
      images: [{ image: images[0], outputs: { logits: [1, Math.fround(0.2), 0] } }],
    });
  });

  it.each([
    [
      'no folder',
      () => join(folder, 'nowhere'),
      'error CNNC5003: package (DIR/nowhere): the folder does not exist\n  expected a folder that `cnnc compile` wrote',
    ],
    [
      'a file',
      () => images[0]!,
      'error CNNC5004: package (DIR/red.png): this is a file; expected a folder that `cnnc compile` wrote',
    ],
    [
      'a package of another tool',
      () => writePackage('other', INDEX(1), { name: 'other' }),
      'error CNNC5004: package (DIR/other): the folder is not a package of cnnc; expected a folder that `cnnc compile` wrote',
    ],
    [
      'a broken module',
      () => writePackage('broken', "throw new Error('no WebAssembly');"),
      'error CNNC5011: package (DIR/broken): running its index.js failed: no WebAssembly',
    ],
    [
      'no preprocess',
      () => writePackage('vectors', INDEX(1).replace('const preprocess', 'const other')),
      'error CNNC5010: package (DIR/vectors): it has no `preprocess`, so it cannot read image files\n  compile it again with --preprocess unit, signed, imagenet, bytes, or settings such as mean=0.5,std=0.5\n  or give the model file a `preprocess: { ... }`',
    ],
    [
      'two inputs',
      () =>
        writePackage('two', INDEX(1).replace('inputs: {', "inputs: { label: { dtype: 'i32', shape: [1] },")),
      'error CNNC5010: package (DIR/two): it takes 2 inputs (label, image); only a package with one image input can be run on images',
    ],
    [
      'weights that are gone',
      () => writePackage('gone', INDEX(1).replace('return {', "throw new Error('no weights'); return {")),
      'error CNNC5011: package (DIR/gone): loading it failed: no weights',
    ],
  ])('%s', async (_, path, message) => {
    const { code, out, err } = await cnnc(['run', path(), images[0]!]);
    expect([code, out, short(err)]).toEqual([1, '', `${message}\n`]);
  });

  it('an image that cannot be read, or does not fit', async () => {
    const path = writePackage('images', INDEX(1));
    const large = await writeImage('large.png', [1, 2, 3], 2);
    writeFileSync(join(folder, 'text.png'), 'hello');
    const errorOf = async (image: string) =>
      short((await cnnc(['run', path, image], true)).err)
        .split('\x1b[2K')
        .pop();
    expect(await errorOf(join(folder, 'none.png'))).toMatch(
      /^error CNNC5001: image \(DIR\/none.png\): cannot read the file: ENOENT/,
    );
    expect(await errorOf(join(folder, 'text.png'))).toMatch(
      /^error CNNC5020: image \(DIR\/text.png\): cannot decode the image: /,
    );
    expect(await errorOf(large)).toBe(
      'error CNNC5020: image (DIR/large.png): preprocess: 2x2 is too large\n',
    );
  });
});
