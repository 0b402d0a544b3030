/**
 * Learning-rate schedules: the rate of each training step, a pure function of the step's number (from 0).
 * Self-contained; works in Node and in browsers. A wrong argument throws an `Error`.
 *
 *     const rate = linearWarmup(cosineSchedule(0.1, { steps: 900 }), { steps: 100 });
 *     for (let step = 0; step < 1000; step++) {
 *       trainer.hyperparameters.learningRate = rate(step);
 *       trainer.trainStep(batch);
 *     }
 */
export type Schedule = (step: number) => number;

export interface StepOptions {
  /** Steps between two reductions. */
  readonly every: number;
  /** The factor of each reduction; default 0.1. */
  readonly factor?: number;
}

export interface MultiStepOptions {
  /** The steps at which the rate is reduced, in rising order. */
  readonly milestones: readonly number[];
  /** The factor of each reduction; default 0.1. */
  readonly factor?: number;
}

export interface CosineOptions {
  /** The number of steps after which the rate stays at `minimum`. */
  readonly steps: number;
  /** The last rate; default 0. */
  readonly minimum?: number;
}

export interface WarmupOptions {
  /** The number of warm-up steps; 0 leaves the schedule unchanged. */
  readonly steps: number;
  /** The share of the rate that the first step gets; default 1/3, PyTorch's. */
  readonly start?: number;
}

/** The same rate at every step. */
export function constantSchedule(rate: number): Schedule {
  checkRate('constantSchedule', rate);
  return checkedSchedule('constantSchedule', () => rate);
}

/** torch.optim.lr_scheduler.StepLR: rate * factor^floor(step / every) */
export function stepSchedule(rate: number, { every, factor = 0.1 }: StepOptions): Schedule {
  checkRate('stepSchedule', rate);
  checkSteps('stepSchedule', 'every', every, 1);
  checkFactor('stepSchedule', 'factor', factor);
  return checkedSchedule('stepSchedule', (step) => reduced(rate, factor, Math.floor(step / every)));
}

/** torch.optim.lr_scheduler.MultiStepLR: rate * factor^(number of milestones <= step) */
export function multiStepSchedule(rate: number, { milestones, factor = 0.1 }: MultiStepOptions): Schedule {
  checkRate('multiStepSchedule', rate);
  checkFactor('multiStepSchedule', 'factor', factor);
  milestones.forEach((milestone, i) => {
    checkSteps('multiStepSchedule', 'milestones', milestone, 0);
    if (i > 0 && milestone <= milestones[i - 1]!) {
      throw new Error(
        `multiStepSchedule: \`milestones\` must be in rising order, got ${milestones.join(', ')}`,
      );
    }
  });
  return checkedSchedule('multiStepSchedule', (step) =>
    reduced(rate, factor, milestones.filter((milestone) => milestone <= step).length),
  );
}

/**
 * torch.optim.lr_scheduler.CosineAnnealingLR, without restarts (Loshchilov and Hutter 2017, "SGDR"):
 * minimum + (rate - minimum) * (1 + cos(pi * step / steps)) / 2, and minimum from `steps` on.
 */
export function cosineSchedule(rate: number, { steps, minimum = 0 }: CosineOptions): Schedule {
  checkRate('cosineSchedule', rate);
  checkSteps('cosineSchedule', 'steps', steps, 1);
  if (!(minimum >= 0 && minimum <= rate)) {
    throw new Error(`cosineSchedule: \`minimum\` needs a number from 0 to the rate ${rate}, got ${minimum}`);
  }
  return checkedSchedule('cosineSchedule', (step) =>
    step >= steps ? minimum : minimum + ((rate - minimum) * (1 + Math.cos((Math.PI * step) / steps))) / 2,
  );
}

/**
 * torch.optim.lr_scheduler.LinearLR before another schedule, as SequentialLR joins them. The rate begins at
 * `start` times the schedule's first rate and grows by equal amounts for `steps` steps. Then the schedule
 * begins at its step 0.
 */
export function linearWarmup(schedule: Schedule, { steps, start = 1 / 3 }: WarmupOptions): Schedule {
  checkSteps('linearWarmup', 'steps', steps, 0);
  if (!(start > 0 && start <= 1)) {
    throw new Error(`linearWarmup: \`start\` needs a number above 0 and at most 1, got ${start}`);
  }
  const rate = schedule(0);
  return checkedSchedule('linearWarmup', (step) =>
    step < steps ? rate * (start + ((1 - start) * step) / steps) : schedule(step - steps),
  );
}

/** Multiplies step by step: engines may round `**` differently, and training must give the same numbers everywhere. */
function reduced(rate: number, factor: number, times: number): number {
  let result = rate;
  for (let i = 0; i < times && result > 0; i++) result *= factor;
  return result;
}

function checkedSchedule(name: string, schedule: Schedule): Schedule {
  return (step) => {
    checkSteps(name, 'step', step, 0);
    return schedule(step);
  };
}

function checkRate(name: string, rate: number): void {
  if (!(Number.isFinite(rate) && rate >= 0)) {
    throw new Error(`${name}: the learning rate needs a finite number of at least 0, got ${rate}`);
  }
}

function checkFactor(name: string, option: string, value: number): void {
  if (!(Number.isFinite(value) && value > 0)) {
    throw new Error(`${name}: \`${option}\` needs a finite number above 0, got ${value}`);
  }
}

function checkSteps(name: string, option: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) {
    throw new Error(`${name}: \`${option}\` needs a whole number of at least ${least}, got ${value}`);
  }
}
