/**
 * `fit` on a softmax regression: what it learns, where it stops, and that a resumed run equals one that was not stopped.
 */
import { describe, expect, it } from 'vitest';
import { createBatches } from '../../runtime/training/fit/batches.ts';
import { fitClassifier } from '../../runtime/training/fit/fit.ts';
import { bestOf, judge } from '../../runtime/training/fit/measure.ts';
import type { FitEpoch, FitOptions } from '../../runtime/training/fit/types.ts';
import { fitExamples } from '../../compiler/training/fit.ts';
import { createSoftmaxTrainer, schedules, type SoftmaxTrainer } from './softmaxTrainer.ts';
import { createTrial, data, EPOCHS, lastState, size } from './trial.ts';

/** A trainer whose results come later, as on WebGPU. `log` has every call, and which was made before another was done. */
function promising(trainer: SoftmaxTrainer): { readonly trainer: SoftmaxTrainer; readonly log: string[] } {
  const log: string[] = [];
  let running: string | undefined;
  const later =
    <A extends unknown[], R>(name: string, call: (...given: A) => R) =>
    async (...given: A): Promise<Awaited<R>> => {
      log.push(running ? `${name} while ${running} runs` : name);
      running = name;
      await new Promise((resolve) => setImmediate(resolve));
      const result = await call(...given);
      running = undefined;
      return result;
    };
  const { hyperparameters, trainStep, predict, exportWeights, saveState, loadState } = trainer;
  const own: SoftmaxTrainer = {
    ...trainer,
    hyperparameters,
    get step() {
      return trainer.step;
    },
    trainStep: later('trainStep', trainStep),
    predict: later('predict', predict),
    exportWeights: later('exportWeights', exportWeights),
    saveState: later('saveState', saveState),
    loadState: later('loadState', loadState),
  };
  return { trainer: own, log };
}

describe('fit', () => {
  it('learns, validates after every epoch, and saves', async () => {
    const trial = createTrial();
    const { ending, epochs, points } = await trial.run();
    const { loaded, saved, log } = trial;
    const [first, , last] = epochs;
    expect(ending).toBe('finished');
    expect(last!.validation!.accuracy).toBe(1);
    expect(last!.validation!.loss).toBeLessThan(first!.validation!.loss);
    expect(last!.training.loss).toBeLessThan(first!.training.loss);
    const { epoch: done, step: left } = lastState(trial);
    expect([loaded.trainer.step, done, left, saved.length]).toEqual([33, 3, 0, 3]);
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 11],
      [2, 22],
      [3, 33],
    ]);
    expect(points.map(({ step }) => step)).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
    expect(log.slice(0, 3)).toEqual(['train 1 1/11', 'train 1 2/11', 'train 1 3/11']);
    expect(log.slice(10, 15)).toEqual([
      'train 1 11/11',
      'validate 1 1/2',
      'validate 1 2/2',
      'epoch 1',
      'train 2 1/11',
    ]);
  });

  it('gives the same bytes for the same seed, and others for another one', async () => {
    const [first, second, other] = [createTrial(), createTrial(), createTrial()];
    const { weights } = await first.run();
    expect((await second.run()).weights).toEqual(weights);
    expect((await other.run({ seed: 6 })).weights).not.toEqual(weights);
  });

  it('gives every step the rate of the schedule', async () => {
    const { loaded, run } = createTrial();
    const rates: number[] = [];
    const { trainStep } = loaded.trainer;
    loaded.trainer.trainStep = (inputs) => {
      rates.push(loaded.trainer.hyperparameters.learningRate);
      return trainStep(inputs);
    };
    const { epochs } = await run();
    const schedule = schedules.cosineSchedule(0.02, { steps: EPOCHS * 11 });
    expect(rates).toEqual(Array.from({ length: 33 }, (_, step) => schedule(step)));
    expect(epochs.map(({ learningRate }) => learningRate)).toEqual([rates[10], rates[21], rates[32]]);
  });

  it('leaves the rate alone without a schedule', async () => {
    const { loaded, run } = createTrial();
    loaded.trainer.hyperparameters.learningRate = 0.0625;
    const { epochs } = await run({
      schedule: undefined,
      onEpoch: () => void (loaded.trainer.hyperparameters.learningRate /= 2),
    });
    expect(epochs.map(({ learningRate }) => learningRate)).toEqual([0.0625, 0.03125, 0.015625]);
  });

  it('takes the steps of a plain loop, the last one with the examples that are left', async () => {
    const { loaded, run } = createTrial();
    const { epochs, weights } = await run({ lastBatch: 'use', schedule: undefined });
    const plain = createSoftmaxTrainer(size);
    const settings = {
      ...fitExamples(data),
      seed: 5,
      augment: { flip: true },
      normalization: data.normalization,
    };
    const batches = createBatches(loaded.plan, settings);
    expect(batches.trainSteps).toBe(12);
    for (let epoch = 0; epoch < EPOCHS; epoch++) {
      let [loss, correct, count] = [0, 0, 0];
      for (let step = 0; step < 12; step++) {
        const batch = await batches.train(epoch, step);
        const result = await plain.trainer.trainStep(
          { image: batch.image, label: batch.label },
          { count: batch.count },
        );
        loss += (result['loss'] as number) * batch.count;
        count += batch.count;
        for (let i = 0; i < batch.count; i++) {
          const scores = (result['logits'] as Float32Array).subarray(i * 3, i * 3 + 3);
          correct += judge(scores, batch.label[i]!).isCorrect ? 1 : 0;
        }
      }
      expect(count).toBe(90);
      expect(epochs[epoch]!.training.loss).toBeCloseTo(loss / 90, 12);
      expect(epochs[epoch]!.training.accuracy).toBeCloseTo(correct / 90, 12);
      if (epochs[epoch] === bestOf(epochs)) expect(await plain.trainer.exportWeights()).toEqual(weights);
    }
    expect(await plain.trainer.saveState()).toEqual(await loaded.trainer.saveState());
  });

  it('measures what validation means: the mean over the examples, the filling left out', async () => {
    const { loaded, run } = createTrial();
    const { epochs } = await run({ epochs: 1 });
    let [loss, correct] = [0, 0];
    for (let i = 0; i < 12; i++) {
      const image = new Float32Array(8 * 16);
      image.set(
        Float32Array.from(
          data.validation.read(i) as Uint8Array,
          (level) => Math.fround(Math.fround(level / 255) - Math.fround(0.3)) / Math.fround(0.3),
        ),
      );
      const { logits } = await loaded.trainer.predict({ image });
      const judged = judge(logits!.subarray(0, 3), i % 3);
      loss += judged.loss / 12;
      correct += judged.isCorrect ? 1 : 0;
    }
    expect(epochs[0]!.validation!.accuracy).toBe(correct / 12);
    expect(epochs[0]!.validation!.loss).toBeCloseTo(loss, 12);
  });

  it('goes on bit for bit, wherever it was stopped', async () => {
    const whole = createTrial();
    const expected = await whole.run();
    // 13 questions an epoch: after each of 11 steps and 2 validation batches.
    for (let stopAfter = 1; stopAfter <= 39; stopAfter++) {
      const before = createTrial({ stopAfter });
      expect((await before.run()).ending).toBe('stopped');
      const after = createTrial({ saved: [before.saved.at(-1)!] });
      expect(await after.run()).toEqual(expected);
      expect(lastState(after)).toEqual(lastState(whole));
      expect(after.loaded.trainer.saveState()).toEqual(whole.loaded.trainer.saveState());
    }
  });

  it('takes no step if it is stopped before', async () => {
    const { run, loaded, saved } = createTrial();
    const result = await run({ signal: AbortSignal.abort() });
    expect(result).toEqual({
      ending: 'stopped',
      weights: await loaded.trainer.exportWeights(),
      epochs: [],
      points: [],
    });
    expect([loaded.trainer.step, saved.length]).toEqual([0, 0]);
  });

  it('returns what there is when it is stopped', async () => {
    const { run, loaded } = createTrial({ stopAfter: 4 });
    const result = await run();
    expect([result.ending, loaded.trainer.step, result.best]).toEqual(['stopped', 4, undefined]);
    expect(result.weights).toEqual(await loaded.trainer.exportWeights());
  });

  it('takes the same steps where calls return promises, one call at a time', async () => {
    const whole = createTrial();
    let log: readonly string[] = [];
    const later = createTrial({
      other(trainer) {
        const promised = promising(trainer);
        log = promised.log;
        return promised.trainer;
      },
    });
    const expected = await whole.run();
    expect(await later.run()).toEqual(expected);
    expect(log.filter((line) => line === 'trainStep')).toHaveLength(33);
    expect(log.filter((line) => line.includes('while'))).toEqual([]);
    expect(later.saved).toEqual(whole.saved);
  });

  it('saves a long epoch from time to time', async () => {
    let clock = 0;
    const { run, saved } = createTrial({ now: () => (clock += 60) });
    await run({ epochs: 1, saveSeconds: 300 });
    const steps = saved.map(({ state }) => state.step);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toBe(0);
    expect(steps.slice(0, -1)).toEqual([...steps.slice(0, -1)].sort((a, b) => a - b));
  });

  it('gives messages their turn between steps', async () => {
    const { loaded } = createTrial();
    let isStopped = false;
    setTimeout(() => (isStopped = true), 0);
    const signal = {
      get aborted() {
        return isStopped;
      },
    };
    const options = { ...fitExamples(data), epochs: 1_000_000, signal };
    expect((await fitClassifier(loaded.trainer, loaded.plan, options)).ending).toBe('stopped');
  });

  it.each([NaN, Infinity])('stops at a loss of %d, says where, and saves nothing of it', async (loss) => {
    const { run, saved } = createTrial({ broken: { step: 17, loss } });
    await expect(run()).rejects.toThrow(
      `softmax.fit: training has diverged: the loss is ${loss} at step 17 (epoch 2 of 3, batch 6 of 11)`,
    );
    expect(saved).toHaveLength(1);
  });

  it('stops at a validation that is not a number', async () => {
    const { run, loaded, saved } = createTrial();
    loaded.trainer.predict = () => ({ logits: new Float32Array(24).fill(NaN) });
    await expect(run()).rejects.toThrow('the loss is NaN at step 11 (epoch 1 of 3, batch 11 of 11)');
    expect(saved).toHaveLength(0);
  });

  it.each<[string, Partial<FitOptions>, string]>([
    ['epochs', { epochs: 0 }, '`epochs` needs a whole number of at least 1, got 0'],
    ['patience', { patience: 1.5 }, '`patience` needs a whole number of at least 1, got 1.5'],
    ['shift', { augment: { shift: -1 } }, '`augment.shift` needs a whole number of at least 0, got -1'],
    ['seed', { seed: NaN }, '`seed` needs a whole number of at least 0, got NaN'],
    ['saveSeconds', { saveSeconds: NaN }, '`saveSeconds` needs a number of at least 0, got NaN'],
  ])('refuses a wrong %s', async (_, options, message) => {
    const { run, loaded } = createTrial();
    await expect(run(options)).rejects.toThrow(`softmax.fit: ${message}`);
    expect(loaded.trainer.step).toBe(0);
  });
});

describe('the best epoch', () => {
  const epochOf = (epoch: number, accuracy: number | undefined, loss = 1): FitEpoch => ({
    ...{ epoch, step: epoch, learningRate: 0.1, seconds: 1 },
    training: { loss, accuracy: 0 },
    ...(accuracy !== undefined && { validation: { loss: 1, accuracy } }),
  });

  it('has the highest accuracy, or without validation the lowest loss; of equal ones it is the first', () => {
    expect(bestOf([])).toBe(undefined);
    expect(bestOf([epochOf(1, 0.5), epochOf(2, 0.75), epochOf(3, 0.75)])!.epoch).toBe(2);
    expect(
      bestOf([epochOf(1, undefined, 3), epochOf(2, undefined, 2), epochOf(3, undefined, 2)])!.epoch,
    ).toBe(2);
  });

  it('is the one whose weights are returned, and patience ends the run after it', async () => {
    const { run, loaded } = createTrial();
    const kept: Uint8Array[] = [];
    const { ending, best, weights, epochs } = await run({
      epochs: 50,
      patience: 2,
      onEpoch: async () => void kept.push(await loaded.trainer.exportWeights()),
    });
    expect([ending, epochs.length]).toEqual(['patience', best!.epoch + 2]);
    expect(best).toEqual(bestOf(epochs));
    expect(weights).toEqual(kept[best!.epoch - 1]);
    expect(weights).not.toEqual(kept.at(-1));
  });

  it('is found without validation too', async () => {
    const { run, log } = createTrial();
    const { best, epochs } = await run({ validation: undefined });
    expect(log.filter((line) => line.startsWith('validate'))).toEqual([]);
    expect(best!.training.loss).toBe(Math.min(...epochs.map(({ training }) => training.loss)));
    expect(best!.validation).toBe(undefined);
  });
});

describe('judging scores', () => {
  it('is cross-entropy, and the first of the highest', () => {
    expect(judge(Float32Array.of(0, 0, 0), 1)).toEqual({ loss: Math.log(3), isCorrect: false });
    expect(judge(Float32Array.of(0, 0, 0), 0).isCorrect).toBe(true);
    expect(judge(Float32Array.of(1000, 0), 0)).toEqual({ loss: 0, isCorrect: true });
    expect(judge(Float32Array.of(1000, 0), 1)).toEqual({ loss: 1000, isCorrect: false });
  });
});
