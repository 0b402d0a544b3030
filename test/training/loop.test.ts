/**
 * The training loop on a softmax regression: what it learns, where it stops, and that a resumed run equals one that
 * was not stopped.
 */
import { describe, expect, it } from 'vitest';
import { createBatches } from '../../compiler/training/batches.ts';
import { initialState, judge, runLoop, type LoopSite, type LoopState } from '../../compiler/training/loop.ts';
import { levelTables } from '../../compiler/training/normalize.ts';
import type { LoadedTrainer, Trainer } from '../../compiler/training/trainer.ts';
import { createSoftmaxTrainer, schedules, type SoftmaxOptions } from './softmaxTrainer.ts';
import { stripeData } from './support.ts';

const EPOCHS = 3;
const size = { batch: 8, extents: [1, 4, 4], classes: 3 } as const;

interface Trial {
  readonly site: LoopSite;
  readonly loaded: LoadedTrainer;
  /** The states and the trainer's, as they were saved. */
  readonly saved: { state: string; trainer: Uint8Array }[];
  readonly log: string[];
}

/** 90 examples: eleven steps an epoch, two examples left over; validation in two batches, the second half full. */
function createTrial(options: Partial<SoftmaxOptions> = {}, stopAfter = Infinity): Trial {
  const loaded = createSoftmaxTrainer({ ...size, ...options });
  const data = stripeData(90, 12);
  const tables = levelTables(undefined, data.normalization, 1);
  const batches = createBatches({ ...size, data, seed: 5, augmentation: { flip: true, shift: 0 }, tables });
  const [saved, log]: [Trial['saved'], string[]] = [[], []];
  let asked = 0;
  const site: LoopSite = {
    ...{ loaded, batches, epochs: EPOCHS },
    learningRate: schedules.cosineSchedule(0.02, { steps: EPOCHS * batches.trainSteps }),
    async save(state) {
      saved.push({ state: JSON.stringify(state), trainer: await loaded.trainer.saveState() });
    },
    describeSaved: () => `saved ${saved.length} times`,
    onEpoch: ({ epoch }) => void log.push(`epoch ${epoch}`),
    onProgress: ({ phase, epoch, step, steps }) => void log.push(`${phase} ${epoch} ${step}/${steps}`),
    shouldStop: () => ++asked > stopAfter,
    pause: () => Promise.resolve(),
    now: () => 0,
  };
  return { site, loaded, saved, log };
}

/** A trainer whose results come later, as on WebGPU. `log` has every call, and which was made before another was done. */
function promising(trainer: Trainer): { readonly trainer: Trainer; readonly log: string[] } {
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
  const own: Trainer = {
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

describe('the training loop', () => {
  it('learns, validates after every epoch, and saves', async () => {
    const { site, loaded, saved, log } = createTrial();
    const state = initialState();
    expect(await runLoop(site, state)).toBe('finished');
    const [first, , last] = state.epochs;
    expect(last!.validation.accuracy).toBe(1);
    expect(last!.validation.loss).toBeLessThan(first!.validation.loss);
    expect(last!.training.loss).toBeLessThan(first!.training.loss);
    expect([loaded.trainer.step, state.epoch, state.step, saved.length]).toEqual([33, 3, 0, 3]);
    expect(state.epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 11],
      [2, 22],
      [3, 33],
    ]);
    expect(state.points.map(({ step }) => step)).toEqual(Array.from({ length: 33 }, (_, i) => i + 1));
    expect(log.slice(0, 3)).toEqual(['train 1 1/11', 'train 1 2/11', 'train 1 3/11']);
    expect(log.slice(10, 15)).toEqual([
      'train 1 11/11',
      'validate 1 1/2',
      'validate 1 2/2',
      'epoch 1',
      'train 2 1/11',
    ]);
  });

  it('gives every step the rate of the schedule', async () => {
    const { site, loaded } = createTrial();
    const rates: number[] = [];
    const { trainStep } = loaded.trainer;
    loaded.trainer.trainStep = (inputs) => {
      rates.push(loaded.trainer.hyperparameters['learningRate']!);
      return trainStep(inputs);
    };
    const state = initialState();
    await runLoop(site, state);
    expect(rates).toEqual(Array.from({ length: 33 }, (_, step) => site.learningRate(step)));
    expect(state.epochs.map(({ learningRate }) => learningRate)).toEqual([rates[10], rates[21], rates[32]]);
  });

  it('measures what validation means: the mean over the examples, the filling left out', async () => {
    const { site, loaded } = createTrial();
    const state = initialState();
    await runLoop({ ...site, epochs: 1 }, state);
    const data = stripeData(90, 12);
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
    expect(state.epochs[0]!.validation.accuracy).toBe(correct / 12);
    expect(state.epochs[0]!.validation.loss).toBeCloseTo(loss, 12);
  });

  it('goes on bit for bit, wherever it was stopped', async () => {
    const whole = createTrial();
    const wholeState = initialState();
    await runLoop(whole.site, wholeState);
    // 13 questions an epoch: after each of 11 steps and 2 validation batches.
    for (let stopAfter = 0; stopAfter < 39; stopAfter++) {
      const before = createTrial({}, stopAfter);
      expect(await runLoop(before.site, initialState())).toBe('stopped');
      const { state, trainer } = before.saved.at(-1)!;
      const after = createTrial();
      await after.loaded.trainer.loadState(trainer);
      const resumed = JSON.parse(state) as LoopState;
      expect(await runLoop(after.site, resumed)).toBe('finished');
      expect(resumed).toEqual(wholeState);
      expect(after.loaded.trainer.saveState()).toEqual(whole.loaded.trainer.saveState());
    }
  });

  it('takes the same steps where calls return promises, one call at a time', async () => {
    const [whole, later] = [createTrial(), createTrial()];
    const [wholeState, laterState] = [initialState(), initialState()];
    await runLoop(whole.site, wholeState);
    const { trainer, log } = promising(later.loaded.trainer);
    const site = { ...later.site, loaded: { ...later.loaded, trainer } };
    expect(await runLoop(site, laterState)).toBe('finished');
    expect(laterState).toEqual(wholeState);
    expect(log.filter((line) => line === 'trainStep')).toHaveLength(33);
    expect(log.filter((line) => line.includes('while'))).toEqual([]);
    expect(later.saved).toEqual(whole.saved);
  });

  it('saves a long epoch from time to time', async () => {
    const { site, saved } = createTrial();
    let clock = 0;
    const state = initialState();
    await runLoop({ ...site, epochs: 1, now: () => (clock += 60) }, state);
    const steps = saved.map((one) => (JSON.parse(one.state) as LoopState).step);
    expect(steps.length).toBeGreaterThan(1);
    expect(steps.at(-1)).toBe(0);
    expect(steps.slice(0, -1)).toEqual([...steps.slice(0, -1)].sort((a, b) => a - b));
  });

  it.each([NaN, Infinity])('stops at a loss of %d, says where, and saves nothing of it', async (loss) => {
    const { site, saved } = createTrial({ broken: { step: 17, loss } });
    await expect(runLoop(site, initialState())).rejects.toThrow(
      [
        `train: training has diverged: the loss is ${loss} at step 17 (epoch 2 of 3, batch 6 of 11)`,
        '  saved 1 times',
        '  try a lower --learning-rate, a --warmup, or --clip 1',
      ].join('\n'),
    );
    expect(saved).toHaveLength(1);
  });

  it('stops at a validation that is not a number', async () => {
    const { site, loaded, saved } = createTrial();
    loaded.trainer.predict = () => ({ logits: new Float32Array(24).fill(NaN) });
    await expect(runLoop(site, initialState())).rejects.toThrow(
      'the loss is NaN at step 11 (epoch 1 of 3, batch 11 of 11)',
    );
    expect(saved).toHaveLength(0);
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
