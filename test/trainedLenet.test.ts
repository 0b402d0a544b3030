/**
 * The weights that `cnnc train` made of LeNet-5 (models/weights/lenet5.safetensors), in the committed package:
 * at least 99.0 % of MNIST's 10,000 test digits, and the digit of the README's quick start.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { cnnc } from './cli/support.ts';
import { describeWithTestdata, testdata } from './support/testdata.ts';

interface LenetModule {
  preprocess(pixels: Uint8Array, width: number, height: number, out: Float32Array): Float32Array;
  load(): Promise<{ forward(inputs: { image: Float32Array }): { logits: Float32Array } }>;
}

const idx = (file: string, header: number): Uint8Array =>
  gunzipSync(readFileSync(testdata(`data/mnist/${file}`))).subarray(header);

describeWithTestdata('the committed LeNet-5', () => {
  it('reads at least 99.0 % of the test digits', async () => {
    const { load, preprocess } = (await import(
      new URL('../generated/lenet5/index.js', import.meta.url).href
    )) as LenetModule;
    const model = await load();
    const images = idx('t10k-images-idx3-ubyte.gz', 16);
    const labels = idx('t10k-labels-idx1-ubyte.gz', 8);
    const image = new Float32Array(1024);
    const right = Array.from(labels).filter((label, i) => {
      preprocess(images.subarray(i * 784, (i + 1) * 784), 28, 28, image);
      const { logits } = model.forward({ image });
      return logits.indexOf(Math.max(...logits)) === label;
    }).length;
    expect(labels).toHaveLength(10_000);
    expect(right).toBeGreaterThanOrEqual(9_900);
  });
});

it('the digit of the quick start is a three', async () => {
  const { code, out } = await cnnc(['run', 'generated/lenet5', 'models/images/three.png', '--json']);
  expect(code).toBe(0);
  expect(out).toMatch(/"label": "3"/);
  expect(out.indexOf('"label": "3"')).toBe(out.indexOf('"label"'));
});
