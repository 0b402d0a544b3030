/**
 * Training of real size against PyTorch, in packages of every target: one batch and five steps of the trained
 * ResNet-20s, and a hundred steps of a small network on MNIST.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineModel } from 'cnnc';
import { loadModel } from '../../compiler/frontend/loadModel.ts';
import { readSafetensors, toFloat32, type SafetensorsFile } from '../../compiler/frontend/safetensors.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import type { KnownTarget } from '../../compiler/targets/index.ts';
import { lossGradient } from './lossGradient.ts';
import type { Variant } from './packages.ts';
import { createWorkplace, weightsOf, type TrainingPackage } from './trainer.ts';
import { WASM_VARIANTS } from './wasmVariants.ts';

interface TargetCase {
  readonly target: KnownTarget;
  readonly variants: readonly Variant[];
  /** Of weights after a hundred steps. Sums in f32 make it 1.2e-4 with Adam (measured). */
  readonly trainedTolerance: number;
}

const TARGETS: readonly TargetCase[] = [
  { target: 'typescript', variants: [{ name: 'doubles', settings: {} }], trainedTolerance: 1e-4 },
  { target: 'wasm', variants: WASM_VARIANTS, trainedTolerance: 3e-4 },
];

const readTensors = (path: string): SafetensorsFile => {
  const file = testdata(path);
  return readSafetensors(readFileSync(file), file);
};

const readJson = (path: string): unknown => JSON.parse(readFileSync(testdata(path), 'utf8'));

/** PyTorch's optimizers decay every parameter. */
const decays = (): boolean => true;

const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

/**
 * What losses may differ by: tens of what PyTorch's own f32 run differs from its f64 run by, and half of
 * the last digit that was stored.
 */
const lossTolerance = (f64: readonly number[], f32: readonly number[]): number =>
  30 * largestDifference(f64, f32) + 1e-6;

const describeTargets = (name: string, body: (one: TargetCase) => void): void => {
  for (const one of TARGETS) describeWithTestdata(`${name} on ${one.target}`, () => body(one));
};

describeTargets('a training step of ResNet-20', ({ target, variants }) => {
  const workplace = createWorkplace();
  afterAll(() => workplace.remove());

  describe.each([
    ['resnet20', 'cifar10-resnet20-optA'],
    ['resnet20b', 'cifar10-resnet20-optB'],
  ])('%s', (name, net) => {
    const step = readTensors(`nets/${net}/train_step.safetensors`).tensors;
    const given = (key: string): Float32Array => toFloat32(step.get(key)!);
    const named = (prefix: string) =>
      [...step.keys()].filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    const weights = readFileSync(testdata(`nets/${net}/weights.safetensors`));
    const [image, label] = [given('input'), Int32Array.from(given('labels'))];
    let compiled: TrainingPackage;

    beforeAll(async () => {
      const model = await loadModel(fileURLToPath(new URL(`../../models/${name}.ts`, import.meta.url)));
      const training = { optimizer: 'sgd', decays } as const;
      compiled = await workplace.compile(model, { training, target, batch: label.length });
    }, 120_000);

    it.each(variants)('has its gradients and running statistics, $name', async ({ settings }) => {
      const trainer = await compiled.load(weights, settings);
      const { logits } = trainer.forward({ image });
      const after = weightsOf(trainer);
      expect(named('after:')).toHaveLength(2 * 19 + (name === 'resnet20b' ? 4 : 0));
      for (const key of named('after:')) {
        expect(maxRelativeError(after[key]!, given(`after:${key}`)), key).toBeLessThan(1e-5);
      }
      const { parameters } = trainer.backward({
        logits: lossGradient('cross_entropy', logits!.slice(), label),
      });
      expect(Object.keys(parameters)).toEqual(named('grad:'));
      for (const key of named('grad:')) {
        // Ten times what meta.json says of PyTorch's own f32 run.
        expect(maxRelativeError(parameters[key]!, given(`grad:${key}`)), key).toBeLessThan(5e-5);
      }
    });

    it.each(variants)('has its losses over five steps, $name', async ({ settings }) => {
      const { train_step: reported } = readJson(`nets/${net}/meta.json`) as {
        train_step: { loss: number; losses_5_sgd_steps: number[]; f32_losses: number[] };
      };
      const hyperparameters = { learningRate: 0.01, momentum: 0.9, weightDecay: 1e-4 };
      const trainer = await compiled.load(weights, { ...hyperparameters, ...settings });
      const losses = reported.losses_5_sgd_steps.map(() => trainer.trainStep({ image, label }).loss);
      expect(Math.abs(losses[0]! / reported.loss - 1)).toBeLessThan(1e-5);
      const tolerance = lossTolerance(reported.losses_5_sgd_steps, reported.f32_losses);
      expect(largestDifference(losses, reported.losses_5_sgd_steps)).toBeLessThan(tolerance);
    });
  });
});

const mnistCnn = defineModel({
  name: 'mnist-cnn',
  inputs: { image: [32, 1, 28, 28] },
  build(net, { image }) {
    let x = net.relu(net.conv2d('conv1', image, { channels: 8, kernel: 5, padding: 2 }));
    x = net.maxPool(x, { kernel: 2 });
    x = net.relu(net.conv2d('conv2', x, { channels: 16, kernel: 5 }));
    x = net.flatten(net.maxPool(x, { kernel: 2 }));
    x = net.relu(net.linear('fc1', x, { features: 64 }));
    return { logits: net.linear('fc2', x, { features: 10 }) };
  },
});

interface Trajectory {
  readonly batch: number;
  readonly loss_every_step: readonly number[];
  readonly loss_every_step_f32: readonly number[];
  readonly test_accuracy: number;
}

interface Digits {
  /** Levels from 0 to 1. */
  readonly images: Float32Array;
  readonly labels: Int32Array;
}

const PIXELS = 28 * 28;

/** The first `count` digits of a part of MNIST. */
function readDigits(part: 'train' | 't10k', count: number): Digits {
  const bytes = (name: string) => gunzipSync(readFileSync(testdata(`data/mnist/${part}-${name}-ubyte.gz`)));
  const images = bytes('images-idx3').subarray(16, 16 + count * PIXELS);
  const labels = bytes('labels-idx1').subarray(8, 8 + count);
  return { images: Float32Array.from(images, (level) => level / 255), labels: Int32Array.from(labels) };
}

const batchOf = ({ images, labels }: Digits, from: number, size: number) => ({
  image: images.subarray(from * PIXELS, (from + size) * PIXELS),
  label: labels.subarray(from, from + size),
});

describeTargets('a hundred steps on MNIST', ({ target, variants, trainedTolerance }) => {
  const workplace = createWorkplace();
  afterAll(() => workplace.remove());

  describe.each([
    ['sgd', { learningRate: 0.05, momentum: 0.9, weightDecay: 1e-4 }],
    ['adam', { learningRate: 0.002, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 }],
  ] as const)('%s', (optimizer, hyperparameters) => {
    const folder = `training/mnist-cnn-${optimizer}`;
    const trajectory = readJson(`${folder}/trajectory.json`) as Trajectory;
    const { batch, loss_every_step: expected } = trajectory;
    let compiled: TrainingPackage;

    beforeAll(async () => {
      compiled = await workplace.compile(mnistCnn, { training: { optimizer, decays }, target, batch });
    });

    it.each(variants)('takes the way of PyTorch, $name', async ({ settings }) => {
      const init = readFileSync(testdata(`${folder}/init.safetensors`));
      const trainer = await compiled.load(init, { ...hyperparameters, ...settings });
      const train = readDigits('train', batch * expected.length);
      const losses = expected.map((_, i) => trainer.trainStep(batchOf(train, i * batch, batch)).loss);
      const tolerance = lossTolerance(expected, trajectory.loss_every_step_f32);
      expect(losses).toHaveLength(100);
      expect(largestDifference(losses, expected)).toBeLessThan(tolerance);

      const final = readTensors(`${folder}/final_f64run.safetensors`).tensors;
      const weights = weightsOf(trainer);
      expect(Object.keys(weights)).toEqual([...final.keys()]);
      for (const [name, tensor] of final) {
        // Adam divides by the root of its averages: where gradients are tiny, so is what noise is compared with.
        expect(maxRelativeError(weights[name]!, toFloat32(tensor)), name).toBeLessThan(trainedTolerance);
      }
      const test = readDigits('t10k', 2000);
      const accuracy = accuracyOf((image) => trainer.predict({ image })['logits']!, test, batch);
      expect(accuracy).toBeCloseTo(trajectory.test_accuracy, 6);
    });
  });
});

/** The last batch overlaps the one before it where the digits do not fill it. */
function accuracyOf(logitsOf: (image: Float32Array) => Float32Array, digits: Digits, batch: number): number {
  const count = digits.labels.length;
  const right = new Uint8Array(count);
  for (let begin = 0; begin < count; begin += batch) {
    const from = Math.min(begin, count - batch);
    const { image, label } = batchOf(digits, from, batch);
    const logits = logitsOf(image);
    label.forEach((wanted, n) => {
      const scores = Array.from(logits.subarray(n * 10, (n + 1) * 10));
      right[from + n] = scores.indexOf(Math.max(...scores)) === wanted ? 1 : 0;
    });
  }
  return right.reduce((sum, one) => sum + one, 0) / count;
}
