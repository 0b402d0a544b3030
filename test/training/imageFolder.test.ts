import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { Diagnostic } from '../../compiler/diagnostics/diagnostic.ts';
import { loadImageFolder, type FolderSite } from '../../compiler/training/data/imageFolder.ts';
import { temporaryFolder } from './support.ts';

const root = temporaryFolder();

/** PNGs of 2x1 by their paths; the left pixel has the red level given. */
async function writeImages(name: string, images: Readonly<Record<string, number>>): Promise<string> {
  const folder = join(root, name);
  for (const [path, level] of Object.entries(images)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const raw = { width: 2, height: 1, channels: 3 as const };
    await sharp(Uint8Array.of(level, 1, 2, 3, 4, 5), { raw })
      .png()
      .toFile(join(folder, path));
  }
  return folder;
}

const seen: string[] = [];
const site: FolderSite = {
  extents: [3, 1, 2],
  toLevels(file, pixels) {
    seen.push(basename(file));
    return Uint8Array.from([0, 3, 1, 4, 2, 5], (i) => pixels[i]!);
  },
};

describe('an image folder', () => {
  it('takes train/ and val/ where they are, and ignores what is no image', async () => {
    const folder = await writeImages('split', {
      'train/cat/a.png': 10,
      'train/dog/b.png': 20,
      'train/dog/c.png': 30,
      'val/dog/d.png': 40,
    });
    writeFileSync(join(folder, 'train/dog/.DS_Store'), '');
    writeFileSync(join(folder, 'train/dog/notes.txt'), '');
    const data = loadImageFolder('folder:DIR', folder, site);
    expect([data.classes, [...data.train.labels], [...data.validation.labels]]).toEqual([
      ['cat', 'dog'],
      [0, 1, 1],
      [1],
    ]);
    expect(await data.train.read(2)).toEqual(Uint8Array.of(30, 3, 1, 4, 2, 5));
    expect(await data.validation.read(0)).toEqual(Uint8Array.of(40, 3, 1, 4, 2, 5));
  });

  it('decodes an image once', async () => {
    const folder = await writeImages('once', { 'x/a.png': 1, 'x/b.png': 2 });
    const { train } = loadImageFolder('folder:DIR', folder, site);
    seen.length = 0;
    expect(await train.read(0)).toBe(await train.read(0));
    expect(seen).toHaveLength(1);
  });

  it('holds a fifth of every class back, the same on every machine', async () => {
    const images = Object.fromEntries(
      ['ant', 'bee'].flatMap((name) =>
        Array.from({ length: name === 'ant' ? 10 : 3 }, (_, i) => [`${name}/${i}.png`, i]),
      ),
    );
    const read = async (folder: string) => {
      const { train, validation } = loadImageFolder('folder:DIR', folder, site);
      const levels = await Promise.all(
        Array.from({ length: validation.count }, async (_, i) => validation.read(i)),
      );
      return {
        counts: [train, validation].map(({ labels }) => [...labels].join('')),
        held: levels.map(([red]) => red),
      };
    };
    const first = await read(await writeImages('fifth', images));
    expect(first.counts).toEqual(['0000000011', '001']);
    expect(first.held).toMatchInlineSnapshot(`
      [
        6,
        7,
        2,
      ]
    `);
    expect(await read(await writeImages('elsewhere', images))).toEqual(first);
  });

  it("takes the model's labels in the model's order, and folders for some of them", async () => {
    const folder = await writeImages('labels', {
      'dog/a.png': 1,
      'dog/b.png': 2,
      'ant/a.png': 3,
      'ant/b.png': 4,
    });
    const labels = ['bee', 'dog', 'cat', 'ant'];
    const { train, classes } = loadImageFolder('folder:DIR', folder, { ...site, labels });
    expect([[...train.labels], classes]).toEqual([[3, 1], labels]);
    expect(() => loadImageFolder('folder:DIR', folder, { ...site, labels: ['dogs', 'ant'] })).toThrow(
      /folder \(.*dog\): the model has no class dog, did you mean dogs\?/,
    );
  });

  it('takes folders with WordNet ids in the order of the classes', async () => {
    const folder = await writeImages('wordnet', {
      'n02084071/a.png': 1,
      'n02084071/b.png': 2,
      'n01440764/a.png': 3,
      'n01440764/b.png': 4,
    });
    const load = (labels: readonly string[]) => loadImageFolder('folder:DIR', folder, { ...site, labels });
    expect(load(['tench', 'dog']).classes).toEqual(['n01440764', 'n02084071']);
    expect(() => load(['tench', 'dog', 'cat'])).toThrow(/the model has no class n01440764/);
  });

  it('refuses what it cannot learn from', async () => {
    const load = (folder: string) => () => loadImageFolder('folder:DIR', folder, site);
    expect(load(join(root, 'nowhere'))).toThrow(/cannot read the folder: ENOENT/);
    expect(load(await writeImages('flat', { 'a.png': 1 }))).toThrow(
      /it has no subfolders, expected one for each class/,
    );
    expect(load(await writeImages('alone', { 'x/a.png': 1, 'x/b.png': 1, 'y/a.png': 1 }))).toThrow(
      /y.a\.png\): it is the only image of its class/,
    );
    const strange = await writeImages('strange', { 'train/x/a.png': 1, 'val/y/a.png': 1 });
    expect(load(strange)).toThrow(/val.y\): the class y has no training images/);
    const empty = await writeImages('empty', { 'x/a.png': 1 });
    mkdirSync(join(empty, 'y'));
    expect(load(empty)).toThrow(/empty.y\): it has no images/);
  });

  it('names the image that cannot be decoded', async () => {
    const folder = await writeImages('broken', { 'x/a.png': 1, 'x/b.png': 2 });
    for (const name of ['a', 'b']) writeFileSync(join(folder, `x/${name}.png`), 'no image');
    const { train } = loadImageFolder('folder:DIR', folder, site);
    const error: unknown = await Promise.resolve(train.read(0)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Diagnostic);
    expect((error as Error).message).toMatch(/image \(.*x.[ab]\.png\): cannot decode the image/);
  });
});
