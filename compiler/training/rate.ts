/** The learning rate of every step, from the schedules of the package's runtime and the settings. */
import { fail } from '../diagnostics/diagnostic.ts';
import type { Settings } from './settings.ts';

type Rate = (step: number) => number;

/** The API of `runtime/training/schedule.ts`. */
export interface Schedules {
  constantSchedule(rate: number): Rate;
  stepSchedule(rate: number, options: { every: number; factor?: number }): Rate;
  multiStepSchedule(rate: number, options: { milestones: readonly number[]; factor?: number }): Rate;
  cosineSchedule(rate: number, options: { steps: number }): Rate;
  linearWarmup(schedule: Rate, options: { steps: number }): Rate;
}

/**
 * The default number of warm-up steps. Without a warm-up, single large steps at the start permanently disable units
 * of deep or narrow networks.
 */
export const usualWarmup = (stepsPerEpoch: number): number => Math.min(300, Math.floor(stepsPerEpoch / 3));

/** Refuses a warm-up that overlaps the next part of the schedule. */
export function checkWarmup(
  { warmup = 0, epochs, milestones = [epochs] }: Settings,
  stepsPerEpoch: number,
): void {
  const first = Math.min(epochs, ...milestones);
  if (warmup < first * stepsPerEpoch) return;
  const end = first === epochs ? 'the end of the run' : 'the first of the milestones';
  fail(
    'CNNC4005',
    '--warmup',
    {},
    `a warm-up of ${warmup} steps must end before ${end}, step ${first * stepsPerEpoch}`,
  );
}

/**
 * Returns the schedule in steps. The warm-up replaces the first steps, so a cosine still ends with the run and
 * milestones stay in place.
 */
export function scheduleOf(settings: Settings, stepsPerEpoch: number, schedules: Schedules): Rate {
  const warmup = settings.warmup ?? usualWarmup(stepsPerEpoch);
  const main = mainSchedule({ ...settings, warmup }, stepsPerEpoch, schedules);
  return schedules.linearWarmup(main, { steps: warmup });
}

function mainSchedule(
  settings: Settings & { readonly warmup: number },
  stepsPerEpoch: number,
  schedules: Schedules,
): Rate {
  const { schedule, learningRate, every, milestones = [], factor, epochs, warmup } = settings;
  const afterWarmup = (epoch: number): number => epoch * stepsPerEpoch - warmup;
  switch (schedule) {
    case 'constant':
      return schedules.constantSchedule(learningRate);
    case 'cosine':
      return schedules.cosineSchedule(learningRate, { steps: afterWarmup(epochs) });
    case 'step':
      if (every !== undefined)
        return schedules.stepSchedule(learningRate, { every: every * stepsPerEpoch, factor });
      return schedules.multiStepSchedule(learningRate, { milestones: milestones.map(afterWarmup), factor });
  }
}
