import { describe, expect, it } from 'vitest';
import { checkWarmup, scheduleOf, usualWarmup } from '../../compiler/training/rate.ts';
import {
  augmentationOf,
  completeSettings,
  resumeSettings,
  type Flags,
} from '../../compiler/training/settings.ts';
import { classifierOf } from '../../compiler/training/trainer.ts';
import { schedules } from './softmaxTrainer.ts';

const data = 'mnist';

describe('settings', () => {
  it('fill in what an optimizer needs, and only that', () => {
    expect(completeSettings({ data })).toMatchObject({ optimizer: 'sgd', learningRate: 0.03, momentum: 0.9 });
    const adam = completeSettings({ data, optimizer: 'adam', beta2: 0.99 });
    expect(adam).toMatchObject({ learningRate: 0.001, beta1: 0.9, beta2: 0.99, epsilon: 1e-8 });
    expect(adam).not.toHaveProperty('momentum');
    expect(completeSettings({ data, epochs: undefined, batch: 8 })).toMatchObject({ epochs: 4, batch: 8 });
    expect(completeSettings({ data: 'cifar10:data' }).epochs).toBe(10);
  });

  it.each<[Flags, string]>([
    [{}, 'cnnc train: --data is missing'],
    [
      { data, optimizer: 'adam', momentum: 0.9 },
      '--momentum: adam does not use this option; it is for sgd, nesterov, rmsprop',
    ],
    [{ data, beta1: 0.9 }, '--beta1: sgd does not use this option; it is for adam, adamw'],
    [{ data, factor: 0.5 }, '--factor: this option is for --schedule step, the schedule is cosine'],
    [
      { data, schedule: 'constant', every: 2 },
      '--every: this option is for --schedule step, the schedule is constant',
    ],
    [{ data, schedule: 'step' }, '--schedule: step needs either --every or --milestones'],
    [{ data, schedule: 'step', every: 1, milestones: [2] }, 'step needs either --every or --milestones'],
  ])('refuse %j', (flags, message) => {
    expect(() => completeSettings(flags)).toThrow(message);
  });

  it("take the data set's augmentation where no flag says otherwise", () => {
    const usual = { flip: true, shift: 4 };
    expect(augmentationOf(completeSettings({ data }), usual)).toEqual(usual);
    expect(augmentationOf(completeSettings({ data, flip: false, shift: 0 }), usual)).toEqual({
      flip: false,
      shift: 0,
    });
  });
});

describe('settings of a resumed run', () => {
  const stored = completeSettings({ data, schedule: 'step', milestones: [2, 4], batch: 32 });
  it('are the stored ones; equal flags do no harm', () => {
    expect(resumeSettings(stored, {}, 'x')).toEqual(stored);
    expect(resumeSettings(stored, { batch: 32, milestones: [2, 4], data }, 'x')).toEqual(stored);
  });

  it('refuse flags that say otherwise, all at once', () => {
    expect(() =>
      resumeSettings(stored, { batch: 64, learningRate: 0.1, seed: 1, flip: true }, 'run/checkpoint'),
    ).toThrow(
      [
        'checkpoint (run/checkpoint): the run has other settings',
        '  --batch         32, not 64',
        '  --learning-rate 0.03, not 0.1',
        '  --flip          none, not true',
        '  leave these options out to continue the run, or begin a new run with another --out',
      ].join('\n'),
    );
  });

  it('may grow by epochs where no cosine depends on their number', () => {
    expect(resumeSettings(stored, { epochs: 20 }, 'x').epochs).toBe(20);
    expect(() => resumeSettings(stored, { epochs: 3 }, 'x')).toThrow('--epochs 4, not 3');
    expect(() => resumeSettings(completeSettings({ data }), { epochs: 20 }, 'x')).toThrow(
      '--epochs 4, not 20',
    );
  });
});

describe('the learning rate of a run', () => {
  const rateOf = (flags: Flags) =>
    scheduleOf(completeSettings({ data, learningRate: 0.9, ...flags }), 10, schedules);
  it('falls along a cosine to the end of the run', () => {
    const rate = rateOf({ epochs: 2, warmup: 4 });
    expect([rate(0), rate(4), rate(12), rate(20)]).toEqual([0.3, 0.9, expect.closeTo(0.45, 12), 0]);
  });

  it('falls after the epochs that are named, whatever the warm-up', () => {
    const rate = rateOf({ schedule: 'step', milestones: [1, 2], epochs: 3, warmup: 4, factor: 0.5 });
    expect([3, 4, 9, 10, 19, 20].map(rate)).toEqual([expect.closeTo(0.75, 12), 0.9, 0.9, 0.45, 0.45, 0.225]);
    expect([9, 10, 20].map(rateOf({ schedule: 'step', every: 1, factor: 0.5, warmup: 0 }))).toEqual([
      0.9, 0.45, 0.225,
    ]);
    expect([0, 99].map(rateOf({ schedule: 'constant', warmup: 0 }))).toEqual([0.9, 0.9]);
  });

  it('warms up in a third of the first epoch, in at most 300 steps', () => {
    expect([0, 2, 3].map(rateOf({ schedule: 'constant' }))).toEqual([0.3, expect.closeTo(0.7, 12), 0.9]);
    expect([0, 9, 99, 938, 10_000].map(usualWarmup)).toEqual([0, 3, 33, 300, 300]);
  });

  it('refuses a warm-up that never ends', () => {
    const check = (flags: Flags) => () => checkWarmup(completeSettings({ data, ...flags }), 10);
    expect(check({ epochs: 2, warmup: 19 })).not.toThrow();
    expect(check({ epochs: 2, warmup: 20 })).toThrow(
      '--warmup: a warm-up of 20 steps must end before the end of the run, step 20',
    );
    expect(check({ schedule: 'step', milestones: [1, 3], warmup: 11 })).toThrow(
      'a warm-up of 11 steps must end before the first of the milestones, step 10',
    );
  });
});

describe('a model as a classifier', () => {
  const f32 = (...shape: number[]) => ({ dtype: 'f32', shape });
  it('is that of a classifier', () => {
    const inputs = { picture: f32(8, 3, 32, 32) };
    expect(
      classifierOf({ name: 'net', inputs, outputs: { features: f32(8, 4, 2, 2), scores: f32(8, 7) } }),
    ).toEqual({
      ...{ name: 'net', image: 'picture', label: 'label', scores: 'scores' },
      ...{ batch: 8, extents: [3, 32, 32], classes: 7 },
    });
  });

  it('is refused otherwise', () => {
    const image = { image: f32(1, 1, 4, 4) };
    const scores = { logits: f32(1, 2) };
    expect(() =>
      classifierOf({ name: 'net', inputs: { ...image, other: f32(1, 2) }, outputs: scores }),
    ).toThrow('cnnc train at net: the inputs are image f32[1,1,4,4], other f32[1,2]');
    expect(() => classifierOf({ name: 'net', inputs: { x: f32(1, 2) }, outputs: scores })).toThrow(
      'the inputs are x f32[1,2]',
    );
    expect(() => classifierOf({ name: 'net', inputs: image, outputs: { mask: f32(1, 2, 4, 4) } })).toThrow(
      'the outputs are mask f32[1,2,4,4]',
    );
  });
});
