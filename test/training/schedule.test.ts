/** Every expected rate is worked out by hand from the formulas of torch.optim.lr_scheduler. */
import { describe, expect, it } from 'vitest';
import {
  constantSchedule,
  cosineSchedule,
  linearWarmup,
  multiStepSchedule,
  stepSchedule,
  type Schedule,
} from '../../runtime/training/schedule.ts';

const ratesOf = (schedule: Schedule, steps: number): number[] =>
  Array.from({ length: steps }, (_, step) => schedule(step));

/** A few roundings of doubles apart from the decimal numbers. */
function expectRates(schedule: Schedule, expected: readonly number[]): void {
  ratesOf(schedule, expected.length).forEach((rate, step) => {
    expect(Math.abs(rate - expected[step]!), `step ${step}: ${rate}`).toBeLessThan(1e-15);
  });
}

describe('schedules', () => {
  it('keeps a constant rate', () => {
    expect(ratesOf(constantSchedule(0.05), 3)).toEqual([0.05, 0.05, 0.05]);
  });

  it('reduces every n steps as StepLR', () => {
    expectRates(stepSchedule(0.4, { every: 2 }), [0.4, 0.4, 0.04, 0.04, 0.004, 0.004]);
    expectRates(stepSchedule(0.8, { every: 1, factor: 0.5 }), [0.8, 0.4, 0.2, 0.1, 0.05]);
  });

  it('reduces at milestones as MultiStepLR', () => {
    expectRates(multiStepSchedule(1, { milestones: [1, 4] }), [1, 0.1, 0.1, 0.1, 0.01, 0.01]);
    expectRates(multiStepSchedule(0.3, { milestones: [] }), [0.3, 0.3]);
  });

  it('follows half a cosine as CosineAnnealingLR, then stays', () => {
    // cos(pi / 4) = 0.7071...; (1 + 0.7071...) / 2 * 0.45 + 0.05
    const rates = [0.5, 0.4340990257669732, 0.275, 0.11590097423302682, 0.05, 0.05, 0.05];
    expectRates(cosineSchedule(0.5, { steps: 4, minimum: 0.05 }), rates);
    expectRates(cosineSchedule(1, { steps: 3 }), [1, 0.75, 0.25, 0]);
  });

  it('warms up as LinearLR before any of them, as SequentialLR joins them', () => {
    const third = linearWarmup(constantSchedule(0.9), { steps: 4 });
    expectRates(third, [0.3, 0.45, 0.6, 0.75, 0.9, 0.9]);
    const cosine = linearWarmup(cosineSchedule(1, { steps: 3 }), { steps: 2, start: 0.5 });
    expectRates(cosine, [0.5, 0.75, 1, 0.75, 0.25, 0, 0]);
    expectRates(linearWarmup(stepSchedule(1, { every: 1, factor: 0.5 }), { steps: 0 }), [1, 0.5, 0.25]);
  });

  it('never divides its way to a negative or undefined rate', () => {
    const rate = stepSchedule(0.1, { every: 1, factor: 0.1 });
    expect([rate(400), rate(Number.MAX_SAFE_INTEGER)]).toEqual([0, 0]);
  });

  it.each([
    [
      () => constantSchedule(NaN),
      'constantSchedule: the learning rate needs a finite number of at least 0, got NaN',
    ],
    [() => stepSchedule(-1, { every: 1 }), 'stepSchedule: the learning rate needs'],
    [() => stepSchedule(1, { every: 0 }), 'stepSchedule: `every` needs a whole number of at least 1, got 0'],
    [() => stepSchedule(1, { every: 2, factor: 0 }), 'stepSchedule: `factor` needs a finite number above 0'],
    [() => multiStepSchedule(1, { milestones: [3, 3] }), '`milestones` must be in rising order, got 3, 3'],
    [
      () => multiStepSchedule(1, { milestones: [1.5] }),
      '`milestones` needs a whole number of at least 0, got 1.5',
    ],
    [
      () => cosineSchedule(1, { steps: 0 }),
      'cosineSchedule: `steps` needs a whole number of at least 1, got 0',
    ],
    [
      () => cosineSchedule(1, { steps: 5, minimum: 2 }),
      '`minimum` needs a number from 0 to the rate 1, got 2',
    ],
    [
      () => linearWarmup(constantSchedule(1), { steps: -1 }),
      '`steps` needs a whole number of at least 0, got -1',
    ],
    [
      () => linearWarmup(constantSchedule(1), { steps: 1, start: 0 }),
      '`start` needs a number above 0 and at most 1',
    ],
    [() => constantSchedule(1)(0.5), 'constantSchedule: `step` needs a whole number of at least 0, got 0.5'],
    [
      () => cosineSchedule(1, { steps: 2 })(-1),
      'cosineSchedule: `step` needs a whole number of at least 0, got -1',
    ],
  ])('refuses %s', (call, message) => {
    expect(call).toThrow(message);
  });
});
