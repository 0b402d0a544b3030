/**
 * Every trained net of the test data, from its model in models/ and the file's own names: the compiled program has
 * the results of PyTorch and onnxruntime. The application is tested as well: photos get their classes, and faces in
 * photos their boxes.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { anchorBoxes, detect, overlap } from '../../runtime/detection.ts';
import type { Outputs } from '../support/runProgram.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import {
  compileTrained,
  expectedNumbers,
  partOf,
  planesOf,
  worstError,
  type NetWay,
} from '../support/trainedNets.ts';

interface Way extends NetWay {
  readonly name: string;
  /** Tolerance relative to the largest expected number; one wrong pixel exceeds it. */
  readonly tolerance: number;
}

/** Sums in another order and folded norms make 2e-6 here (measured). */
const TYPESCRIPT: Way = { name: 'typescript', machine: { target: 'typescript' }, tolerance: 1e-5 };

/** Sums of thousands of products in f32, and Winograd's F(4x4): as test/models/wasmWays.ts says. */
const WAYS: readonly Way[] = [
  TYPESCRIPT,
  { name: 'wasm', machine: { target: 'wasm' }, tolerance: 2e-4 },
  { name: 'wasm, relaxed SIMD', machine: { target: 'wasm', relaxed: true }, tolerance: 2e-4 },
  { name: 'wasm, exact', machine: { target: 'wasm' }, exact: true, tolerance: 1e-4 },
];

interface Case {
  readonly net: string;
  readonly model: string;
  /** The model's output, and the file's tensors for it and for the images. */
  readonly output: string;
  readonly expected: string;
  readonly images: 'input' | 'image_u8';
}

const CASES: readonly Case[] = [
  { net: 'cifar10-resnet20-optA', model: 'resnet20', output: 'logits', expected: 'output', images: 'input' },
  { net: 'cifar10-resnet20-optB', model: 'resnet20b', output: 'logits', expected: 'output', images: 'input' },
  { net: 'mnist-lenet5', model: 'lenet5', output: 'logits', expected: 'output', images: 'input' },
  {
    net: 'imagenet-darknet-tiny',
    model: 'darknet_tiny',
    output: 'logits',
    expected: 'output',
    images: 'image_u8',
  },
  { net: 'vww-mobilenet0.25-96', model: 'vww', output: 'logits', expected: 'output', images: 'image_u8' },
  { net: 'superres-espcn-x3', model: 'espcn', output: 'picture', expected: 'output', images: 'input' },
  { net: 'ultraface-slim-320', model: 'ultraface', output: 'scores', expected: 'scores', images: 'input' },
  { net: 'ultraface-slim-320', model: 'ultraface', output: 'boxes', expected: 'boxes', images: 'input' },
];

function imagesOf({ net, images }: Case): Float32Array[] {
  const numbers = expectedNumbers(net, images);
  return Array.from({ length: numbers.shape[0]! }, (_, i) => {
    const part = partOf(numbers, i);
    return images === 'image_u8' ? planesOf(part) : part;
  });
}

interface Photo {
  readonly file: string;
  readonly top3: readonly (readonly [index: number, label: string, probability: number])[];
}

const photosOf = (net: string): readonly Photo[] =>
  (JSON.parse(readFileSync(testdata(`nets/${net}/meta.json`), 'utf8')) as { photos: Photo[] }).photos;

/** Indices of the three largest, with their shares in softmax. */
function topThree(logits: ArrayLike<number>): { readonly index: number; readonly probability: number }[] {
  const powers = Array.from(logits, Math.exp);
  const sum = powers.reduce((total, power) => total + power, 0);
  const ranked = powers.map((power, index) => ({ index, probability: power / sum }));
  return ranked.sort((a, b) => b.probability - a.probability).slice(0, 3);
}

const answers = new Map<string, Promise<readonly Outputs[]>>();

/** The model's outputs for every image; compiled and run once. */
function answersOf(net: Case, way: Way): Promise<readonly Outputs[]> {
  const key = `${net.net} ${way.name}`;
  const known = answers.get(key);
  if (known) return known;
  const runAll = async (): Promise<readonly Outputs[]> => {
    const run = await compileTrained(net.model, net.net, way);
    return imagesOf(net).map((image) => run(image));
  };
  const found = runAll();
  answers.set(key, found);
  return found;
}

const caseOf = (model: string): Case => CASES.find((net) => net.model === model)!;

describeWithTestdata('trained nets cover', () => {
  it('every folder of the test data', () => {
    const folders = readdirSync(testdata('nets'));
    const trained = folders.filter((net) => existsSync(testdata(`nets/${net}/weights.safetensors`)));
    expect(trained.sort()).toEqual([...new Set(CASES.map(({ net }) => net))].sort());
  });
});

for (const way of WAYS) {
  describeWithTestdata(`trained nets on ${way.name}`, () => {
    it.each(CASES)('$model gives the $expected of $net', async (net) => {
      const expected = expectedNumbers(net.net, net.expected);
      const found = await answersOf(net, way);
      const errors = found.map((outputs, i) => worstError(outputs[net.output]!, partOf(expected, i)));
      expect(errors).toHaveLength(expected.shape[0]!);
      expect(Math.max(...errors)).toBeLessThan(way.tolerance);
    });

    it.each(['darknet_tiny', 'vww'])('%s gives photos their classes and probabilities', async (model) => {
      const found = await answersOf(caseOf(model), way);
      const photos = photosOf(caseOf(model).net);
      expect(found).toHaveLength(photos.length);
      for (const [i, { file, top3 }] of photos.entries()) {
        const ranked = topThree(found[i]!['logits']!).slice(0, top3.length);
        expect(ranked.map(({ index }) => index)).toEqual(top3.map(([index]) => index));
        // The file rounds to four decimals.
        const distances = top3.map(([, , probability], k) => Math.abs(ranked[k]!.probability - probability));
        expect(Math.max(...distances), file).toBeLessThan(1e-4);
      }
    });

    it('darknet_tiny names 5 of 5 photos', async () => {
      const { net } = caseOf('darknet_tiny');
      const lines = readFileSync(testdata(`nets/${net}/labels.txt`), 'utf8')
        .trim()
        .split('\n');
      const labels = lines.map((line) => line.split('\t')[1]);
      const found = await answersOf(caseOf('darknet_tiny'), way);
      const names = found.map(({ logits }) => labels[topThree(logits!)[0]!.index]);
      expect(names).toEqual(['Egyptian cat', 'espresso', 'chickadee', 'macaw', 'dragonfly']);
    });

    it('ultraface finds the astronaut with one box', async () => {
      const [{ scores, boxes } = {}] = await answersOf(caseOf('ultraface'), way);
      const faces = scores!.filter((_, i) => i % 2 === 1);
      // meta.json: measured_priors_over_threshold_5_7_9.
      expect([0.5, 0.7, 0.9].map((least) => faces.filter((score) => score > least).length)).toEqual([
        9, 8, 7,
      ]);
      const found = detect(scores!, boxes!, { anchors, score: 0.7, overlap: 0.3 });
      expect(found).toHaveLength(1);
      // By eye, of 512x512 pixels: from the hairline to the chin.
      const seen = { left: 177 / 512, top: 60 / 512, right: 272 / 512, bottom: 188 / 512 };
      expect(overlap(found[0]!, seen)).toBeGreaterThan(0.6);
    });
  });
}

/** UltraFace's at 320x240. */
const anchors = anchorBoxes(
  [
    { map: [30, 40], sizes: [10, 16, 24] },
    { map: [15, 20], sizes: [32, 48] },
    { map: [8, 10], sizes: [64, 96] },
    { map: [4, 5], sizes: [128, 192, 256] },
  ],
  { width: 320, height: 240 },
);
