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
  load(): Promise<{ forward(inputs: { image: Float32Array }): { logits: Float32Array } }>;
}

const idx = (file: string, header: number): Uint8Array =>
  gunzipSync(readFileSync(testdata(`data/mnist/${file}`))).subarray(header);

/** A digit between two zeros on each side, normalized as the network learned it. */
function place(levels: Uint8Array, out: Float32Array): void {
  out.fill(-0.1307 / 0.3081);
  levels.forEach((level, i) => {
    const [y, x] = [Math.floor(i / 28), i % 28];
    out[(y + 2) * 32 + x + 2] = (level / 255 - 0.1307) / 0.3081;
  });
}

describeWithTestdata('the committed LeNet-5', () => {
  it('reads at least 99.0 % of the test digits', async () => {
    const { load } = (await import(
      new URL('../generated/lenet5/index.js', import.meta.url).href
    )) as LenetModule;
    const model = await load();
    const images = idx('t10k-images-idx3-ubyte.gz', 16);
    const labels = idx('t10k-labels-idx1-ubyte.gz', 8);
    const image = new Float32Array(1024);
    const right = Array.from(labels).filter((label, i) => {
      place(images.subarray(i * 784, (i + 1) * 784), image);
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
