/** Training in less memory: values computed twice (`maxMemory`), and steps of several micro-batches. */
import { afterAll, describe, expect, it } from 'vitest';
import { defineModel } from 'cnnc';
import type { Model } from '../../compiler/index.ts';
import { runCalls } from '../../compiler/program/liveness.ts';
import { TRAIN_STEP, type Program } from '../../compiler/program/types.ts';
import type { TrainingSettings } from '../../compiler/driver/options.ts';
import { parseSafetensors } from '../../runtime/weights.ts';
import resnet20 from '../../models/resnet20.ts';
import { createWorkplace, type TrainingPackage } from '../oracle/trainer.ts';
import { compiledModel } from '../support/compiled.ts';
import { firstWeights } from '../support/weights.ts';

const workplace = createWorkplace();
afterAll(() => workplace.remove());

const TIMEOUT = 120_000;
const BATCH = 8;

const small = (norm: boolean) =>
  defineModel({
    name: 'small',
    inputs: { image: [BATCH, 3, 12, 12] },
    build(net, { image }) {
      let x = image;
      for (let i = 1; i <= 6; i++) {
        const conv = net.conv2d(`conv${i}`, x, { channels: 8, kernel: 3, padding: 1 });
        x = net.relu(norm ? net.batchNorm(`norm${i}`, conv) : conv);
      }
      return { logits: net.linear('head', net.flatten(net.globalAveragePool(x)), { features: 4 }) };
    },
  });

const image = Float32Array.from({ length: BATCH * 3 * 144 }, (_, i) => Math.sin(i * i * 0.013));
const label = Int32Array.from({ length: BATCH }, (_, i) => i % 4);

/** Losses and last weights of some steps. */
async function trained(trainer: TrainingPackage, weights: Uint8Array, steps = 5) {
  const { trainStep, exportWeights } = await trainer.load(weights, { learningRate: 0.05, momentum: 0.9 });
  const losses = Array.from({ length: steps }, () => trainStep({ image, label }).loss);
  return { losses, weights: parseSafetensors(exportWeights()) };
}

type Trained = Awaited<ReturnType<typeof trained>>;

function expectAlike(a: Trained, b: Trained, tolerance: number): void {
  a.losses.forEach((loss, i) => expect(Math.abs(loss - b.losses[i]!)).toBeLessThan(tolerance));
  for (const [name, { data }] of a.weights) {
    const other = b.weights.get(name)!.data;
    data.forEach((value, i) => expect(Math.abs(Number(value) - Number(other[i]))).toBeLessThan(tolerance));
  }
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

const cost = (program: Program): number =>
  runCalls(program, TRAIN_STEP).reduce((sum, call) => sum + call.multiplyAdds, 0);

const step = (model: Model, batch: number, training: TrainingSettings) => {
  const { training: made } = compiledModel(model, {
    source: 'the test',
    batch,
    training: { optimizer: 'sgd', ...training },
  });
  return { program: made!.program, arena: made!.plan.arenaBytes };
};

describe('recomputation', () => {
  it('halves the arena of ResNet-20 for a fifth more multiply-adds at most', () => {
    const whole = step(resnet20, 32, {});
    const half = step(resnet20, 32, { maxMemory: whole.arena / 2 });
    expect(half.arena).toBeLessThanOrEqual(whole.arena / 2);
    expect(cost(half.program)).toBeLessThan(1.2 * cost(whole.program));
    // A fusion may be split where the value inside of it is kept, but the forward pass computes nothing twice.
    const [forward, forwardOfHalf] = [whole, half].map(({ program }) =>
      program.phases.find(({ name }) => name === 'forward')!.calls.map((call) => call.multiplyAdds),
    ) as [number[], number[]];
    const large = (counts: readonly number[]): number[] => counts.filter((count) => count > 10e6);
    expect(large(forwardOfHalf)).toEqual(large(forward));
    expect(sum(forwardOfHalf)).toBeLessThan(1.001 * sum(forward));
  }, 120_000);

  it('leaves a step alone that fits', () => {
    const whole = step(resnet20, 2, {});
    const same = step(resnet20, 2, { maxMemory: whole.arena });
    expect(cost(same.program)).toBe(cost(whole.program));
  });

  it('says what the least possible is', () => {
    expect(() => step(resnet20, 2, { maxMemory: 100_000 })).toThrow(
      /^--max-memory at resnet20: a training step does not fit into 100 kB; the minimum is [\d.]+ MB\n {2}without recomputation it needs 3\.\d+ MB\n/,
    );
  }, 60_000);

  it.each([
    [false, 0.85],
    [true, 0.6],
  ])(
    'changes no number, batch norms: %s, in %s of the memory',
    async (norm, share) => {
      const model = small(norm);
      const { arena } = step(model, BATCH, {});
      const [whole, less] = [
        await workplace.compile(model, { training: { optimizer: 'sgd' } }),
        await workplace.compile(model, { training: { optimizer: 'sgd', maxMemory: share * arena } }),
      ];
      const weights = firstWeights(model);
      // The same kernels on the same numbers: not even the last bit differs.
      expect(await trained(less, weights)).toEqual(await trained(whole, weights));
    },
    TIMEOUT,
  );
});

describe('micro-batches', () => {
  it(
    'take the step of the whole batch',
    async () => {
      const model = small(false);
      const [whole, split] = [
        await workplace.compile(model, { training: { optimizer: 'sgd' } }),
        await workplace.compile(model, { training: { optimizer: 'sgd', microBatches: 4 } }),
      ];
      const weights = firstWeights(model);
      // Sums of 4 parts, rounded to f32 each: errors of 4 * 2^-24 of gradients below 1, five steps.
      expectAlike(await trained(split, weights), await trained(whole, weights), 5e-6);
    },
    TIMEOUT,
  );

  it(
    'give the outputs of the whole batch, and halves of one part',
    async () => {
      const model = small(false);
      const split = await workplace.compile(model, { training: { optimizer: 'sgd', microBatches: 4 } });
      const trainer = await split.load(firstWeights(model), { learningRate: 0.05 });
      const predicted = trainer.predict({ image }).logits!.slice();
      const { logits } = trainer.trainStep({ image, label }) as unknown as { logits: Float32Array };
      expect(logits).toHaveLength(BATCH * 4);
      logits.forEach((value, i) => expect(value).toBeCloseTo(predicted[i]!, 5));
      expect(trainer.forward({ image: image.subarray(0, image.length / 4) }).logits).toHaveLength(8);
      expect(() => trainer.forward({ image })).toThrow('needs 864 numbers (2x3x12x12), got 3456');
    },
    TIMEOUT,
  );

  it('need less memory, and a batch that can be split', () => {
    const [whole, split] = [step(resnet20, 32, {}), step(resnet20, 32, { microBatches: 4 })];
    expect(split.arena).toBeLessThan(whole.arena / 3);
    expect(() => step(resnet20, 6, { microBatches: 4 })).toThrow(
      '--micro-batches at resnet20: the batch of 6 cannot be divided into 4 equal micro-batches',
    );
  });
});
