/**
 * The weights that `cnnc train` made of ResNet-20 (models/weights/resnet20.safetensors, stored as F16): 500 images that it
 * has not seen, and the picture of the quick start.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { cnnc } from './cli/support.ts';
import { createFolders } from './support/folders.ts';
import { describeWithTestdata, testdata } from './support/testdata.ts';

interface ResnetModule {
  load(): Promise<{ forward(inputs: { image: Float32Array }): { logits: Float32Array } }>;
  preprocess(pixels: Uint8Array, width: number, height: number, out: Float32Array): Float32Array;
}

/** Records of a class and three planes of 32x32. */
const RECORD = 3073;
const PLANE = 1024;

let folder: string;
const newFolder = createFolders();

beforeAll(async () => {
  folder = join(newFolder(), 'resnet20');
  const weights = ['--weights', 'models/weights/resnet20.safetensors'];
  const { code, err } = await cnnc(['compile', 'resnet20', ...weights, '--target', 'wasm', '--out', folder]);
  expect(code, err).toBe(0);
}, 60_000);

describeWithTestdata('the committed weights of ResNet-20', () => {
  it('recognize at least 80 % of the test images', async () => {
    const { load, preprocess } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as ResnetModule;
    const model = await load();
    const records = gunzipSync(readFileSync(testdata('data/cifar10/test_0_499.bin.gz')));
    const pixels = new Uint8Array(3 * PLANE);
    const image = new Float32Array(3 * PLANE);
    let right = 0;
    for (let start = 0; start < records.length; start += RECORD) {
      for (let i = 0; i < pixels.length; i++)
        pixels[i] = records[start + 1 + (i % 3) * PLANE + Math.floor(i / 3)]!;
      preprocess(pixels, 32, 32, image);
      const { logits } = model.forward({ image });
      if (logits.indexOf(Math.max(...logits)) === records[start]) right++;
    }
    expect(records.length / RECORD).toBe(500);
    expect(right).toBeGreaterThanOrEqual(400);
  });
});

it('the picture of the quick start is a ship', async () => {
  const { code, out } = await cnnc(['run', folder, 'models/images/ship.png', '--json', '--top', '1']);
  expect(code).toBe(0);
  expect(out).toMatch(/"label": "ship"/);
  expect(Number(/"probability": ([\d.]+)/.exec(out)![1])).toBeGreaterThan(0.9);
});
