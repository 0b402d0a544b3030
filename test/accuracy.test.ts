/**
 * Compiles the trained networks of the test data to packages and imports these as a user's program does. The pixels
 * of the data sets go through the package's `preprocess`, and the answers must be PyTorch's.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, toFloat32 } from '../compiler/frontend/safetensors.ts';
import type { TargetName } from '../compiler/targets/index.ts';
import { cnnc } from './cli/support.ts';
import { cifarImages, digitImages, type Image } from './support/dataSets.ts';
import { modelFile } from './support/models.ts';
import { describeWithTestdata, testdata } from './support/testdata.ts';

interface Classifier {
  forward(inputs: { image: Float32Array }): { logits: Float32Array };
}

interface ClassifierPackage {
  load(options?: { relaxedSimd: boolean }): Promise<Classifier>;
  preprocess(pixels: Uint8Array, width: number, height: number): Float32Array;
  readonly labels: readonly string[];
}

// Node 20 has relaxed SIMD behind a flag, to be set before anything is compiled.
setFlagsFromString('--experimental-wasm-relaxed-simd');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cnnc-accuracy-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

async function compileTrained(
  model: string,
  net: string,
  target: TargetName = 'typescript',
): Promise<ClassifierPackage> {
  const weights = testdata(`nets/${net}/weights.safetensors`);
  const out = join(folder, target, model);
  const flags = ['--target', target, '--weights', weights, '--out', out];
  const { code, err } = await cnnc(['compile', modelFile(model), ...flags]);
  expect(code, err).toBe(0);
  return (await import(pathToFileURL(join(out, 'index.js')).href)) as ClassifierPackage;
}

interface Answers {
  /** [images, classes], by PyTorch. */
  readonly logits: Float32Array;
  readonly labels: Int32Array;
}

function answersOf(net: string): Answers {
  const file = testdata(`nets/${net}/expected.safetensors`);
  const { tensors } = readSafetensors(readFileSync(file), file);
  const labels = toFloat32(tensors.get('labels')!);
  return { logits: toFloat32(tensors.get('output_all')!), labels: Int32Array.from(labels) };
}

const largest = (numbers: Float32Array): number => numbers.indexOf(Math.max(...numbers));

/** How many images get their label as the first class, and how far the worst logit is from PyTorch's. */
async function examine(
  generated: ClassifierPackage,
  images: readonly Image[],
  answers: Answers,
  options?: { relaxedSimd: boolean },
) {
  const model = await generated.load(options);
  const classes = answers.logits.length / images.length;
  let [right, worst] = [0, 0];
  images.forEach(({ pixels, size, label }, i) => {
    const { logits } = model.forward({ image: generated.preprocess(pixels, size, size) });
    expect(logits).toHaveLength(classes);
    if (largest(logits) === label) right++;
    const expected = answers.logits.subarray(i * classes, (i + 1) * classes);
    logits.forEach((logit, c) => (worst = Math.max(worst, Math.abs(logit - expected[c]!))));
  });
  return { images: images.length, right, worst };
}

// Logits reach 40, where one f32 rounding is of 2e-6; 1e-4 allows for PyTorch's order of summation over
// twenty layers (measured: 1.5e-5) and none for a wrong pixel or weight.
const TOLERANCE = 1e-4;
const MINUTES = 60_000;

/** wasm sums in f32 and takes Winograd's algorithm in the ResNets (measured: 4.7e-5). */
const WASM_TOLERANCE = 2e-4;

const NETS = [
  { model: 'resnet20', net: 'cifar10-resnet20-optA', count: 500, right: 455, imagesOf: cifarImages },
  { model: 'resnet20b', net: 'cifar10-resnet20-optB', count: 500, right: 461, imagesOf: cifarImages },
  { model: 'lenet5', net: 'mnist-lenet5', count: 256, right: 256, imagesOf: () => digitImages(256) },
];

describeWithTestdata('accuracy', () => {
  it.each([
    { model: 'resnet20', net: 'cifar10-resnet20-optA', right: 455 },
    { model: 'resnet20b', net: 'cifar10-resnet20-optB', right: 461 },
  ])(
    '$model gets $right of 500 CIFAR-10 images right',
    async ({ model, net, right }) => {
      const images = cifarImages();
      const answers = answersOf(net);
      expect(images.map(({ label }) => label)).toEqual([...answers.labels]);
      const found = await examine(await compileTrained(model, net), images, answers);
      expect(found).toEqual({ images: 500, right, worst: expect.any(Number) as number });
      expect(found.worst).toBeLessThan(TOLERANCE);
    },
    5 * MINUTES,
  );

  it(
    'lenet5 reads 256 of 256 digits',
    async () => {
      const answers = answersOf('mnist-lenet5');
      const images = digitImages(256);
      expect(images.map(({ label }) => label)).toEqual([...answers.labels]);
      const found = await examine(await compileTrained('lenet5', 'mnist-lenet5'), images, answers);
      expect(found).toEqual({ images: 256, right: 256, worst: expect.any(Number) as number });
      expect(found.worst).toBeLessThan(TOLERANCE);
    },
    2 * MINUTES,
  );

  describe.each(NETS)(
    '$model in WebAssembly gets $right of $count right',
    ({ model, net, right, imagesOf }) => {
      const compiled = new Map<string, Promise<ClassifierPackage>>();

      it.each([{ relaxedSimd: false }, { relaxedSimd: true }])(
        '%o',
        async (options) => {
          const generated = compiled.get(model) ?? compileTrained(model, net, 'wasm');
          compiled.set(model, generated);
          const images = imagesOf();
          const found = await examine(await generated, images, answersOf(net), options);
          expect(found).toEqual({ images: images.length, right, worst: expect.any(Number) as number });
          expect(found.worst).toBeLessThan(WASM_TOLERANCE);
        },
        2 * MINUTES,
      );
    },
  );

  it(
    'cnnc run names the class of a CIFAR image, with the five most probable',
    async () => {
      const [image] = cifarImages();
      const raw = { width: 32, height: 32, channels: 3 as const };
      const file = join(folder, 'cifar0.png');
      await sharp(image!.pixels, { raw }).png().toFile(file);
      const { labels } = await compileTrained('resnet20b', 'cifar10-resnet20-optB');
      const { code, out } = await cnnc(['run', join(folder, 'typescript', 'resnet20b'), file]);
      expect(code).toBe(0);
      expect(out).toBe(`${[file, ...expectedRanking(labels, image!.label)].join('\n')}\n`);
    },
    2 * MINUTES,
  );
});

/** The lines of `cnnc run` for the first image, by PyTorch's logits. */
function expectedRanking(labels: readonly string[], label: number): string[] {
  const logits = answersOf('cifar10-resnet20-optB').logits.subarray(0, labels.length);
  const powers = [...logits].map(Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  const ranked = powers.map((power, i) => ({ label: labels[i]!, percent: (100 * power) / sum }));
  ranked.sort((a, b) => b.percent - a.percent);
  expect(ranked[0]!.label).toBe(labels[label]);
  return ranked.slice(0, 5).map((entry) => `  ${entry.percent.toFixed(2).padStart(6)} %  ${entry.label}`);
}
