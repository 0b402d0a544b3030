/**
 * Training of real size against PyTorch, in packages of every target: one batch and five steps of the trained
 * ResNet-20s, and a hundred steps of a small network on MNIST.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toFloat32 } from '../../compiler/frontend/safetensors.ts';
import { zooModel } from '../support/models.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { describeWithTestdata, testdata } from '../support/testdata.ts';
import type { KnownTarget } from '../../compiler/targets/index.ts';
import { lossGradient } from './lossGradient.ts';
import type { Variant } from './packages.ts';
import {
  accuracyOf,
  batchOf,
  decays,
  largestDifference,
  lossTolerance,
  MNIST_RUNS,
  mnistCnn,
  readDigits,
  readJson,
  readTensors,
  TRAINED_TOLERANCE,
  trajectoryOf,
} from './references.ts';
import { createWorkplace, weightsOf, type TrainingPackage } from './trainer.ts';
import { WASM_VARIANTS } from './wasmVariants.ts';

interface TargetCase {
  readonly target: KnownTarget;
  readonly variants: readonly Variant[];
  /** What weights after a hundred steps may be off by. */
  readonly trained: Readonly<Record<'sgd' | 'adam', number>>;
}

const TARGETS: readonly TargetCase[] = [
  { target: 'typescript', variants: [{ name: 'doubles', settings: {} }], trained: { sgd: 1e-4, adam: 1e-4 } },
  { target: 'wasm', variants: WASM_VARIANTS, trained: TRAINED_TOLERANCE },
];

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
      const model = await zooModel(name);
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

describeTargets('a hundred steps on MNIST', ({ target, variants, trained }) => {
  const workplace = createWorkplace();
  afterAll(() => workplace.remove());

  describe.each(MNIST_RUNS)('%s', (optimizer, hyperparameters) => {
    const { folder, trajectory } = trajectoryOf(optimizer);
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
        expect(maxRelativeError(weights[name]!, toFloat32(tensor)), name).toBeLessThan(trained[optimizer]);
      }
      const test = readDigits('t10k', 2000);
      const accuracy = await accuracyOf((image) => trainer.predict({ image })['logits']!, test, batch);
      expect(accuracy).toBeCloseTo(trajectory.test_accuracy, 6);
    });
  });
});
