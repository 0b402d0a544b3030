/**
 * The settings that decide the numbers of a run: the flags with their defaults. Checkpoints store them. A resumed run
 * reads them from there, and a flag that contradicts them is refused.
 */
import type { TargetName } from '../targets/index.ts';
import { fail, table } from '../diagnostics/diagnostic.ts';
import type { Augmentation } from './dataset.ts';

export const OPTIMIZERS = ['sgd', 'nesterov', 'rmsprop', 'adam', 'adamw'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

export const SCHEDULES = ['constant', 'step', 'cosine'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

export const FITS = ['pad', 'resize'] as const;

export interface Settings {
  readonly data: string;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly optimizer: OptimizerName;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly momentum?: number;
  readonly alpha?: number;
  readonly beta1?: number;
  readonly beta2?: number;
  readonly epsilon?: number;
  /** The largest norm of all gradients together. Larger gradients are scaled down. */
  readonly clip?: number;
  readonly schedule: ScheduleName;
  /** Number of steps. Default: `usualWarmup`. */
  readonly warmup?: number;
  /** Epochs between two reductions of the rate, or in `milestones` the epochs after which it is reduced. For `step`. */
  readonly every?: number;
  readonly milestones?: readonly number[];
  readonly factor?: number;
  /** Which weights are learned. Default: all. */
  readonly train?: string;
  /** The file of initial weights. */
  readonly weights?: string;
  readonly flip?: boolean;
  readonly shift?: number;
  /** How images of another size become the model's input. Default: by the model's `preprocess`, if it has one. */
  readonly fit?: (typeof FITS)[number];
  /** The target that runs the training. Default: plain TypeScript, whose results are the same on every machine. */
  readonly target?: TargetName;
}

/** The flags as given on the command line. */
export type Flags = Partial<Settings>;

/** Options of an optimizer besides learning rate and weight decay, by PyTorch's names, with their defaults. */
const OWN: { readonly [O in OptimizerName]: Partial<Settings> & { readonly learningRate: number } } = {
  sgd: { learningRate: 0.03, momentum: 0.9 },
  nesterov: { learningRate: 0.03, momentum: 0.9 },
  rmsprop: { learningRate: 0.001, momentum: 0, alpha: 0.99, epsilon: 1e-8 },
  adam: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
  adamw: { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 },
};

const ONLY_STEP = ['every', 'milestones', 'factor'] as const;

/** The default number of epochs. Digits are learned faster than other data sets. */
const usualEpochs = (data: string): number => (data.split(':')[0] === 'mnist' ? 4 : 10);

export function completeSettings(flags: Flags): Settings {
  const { data, optimizer = 'sgd', schedule = 'cosine' } = flags;
  if (data === undefined)
    return fail('CNNC4003', 'cnnc train', {}, '--data is missing', ['for example --data mnist']);
  checkOptimizerFlags(flags, optimizer);
  checkScheduleFlags(flags, schedule);
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined));
  return {
    data,
    epochs: usualEpochs(data),
    batch: 64,
    seed: 1,
    weightDecay: 1e-4,
    ...OWN[optimizer],
    ...(schedule === 'step' && { factor: 0.1 }),
    ...given,
    optimizer,
    schedule,
  };
}

function checkOptimizerFlags(flags: Flags, optimizer: OptimizerName): void {
  for (const name of ['momentum', 'alpha', 'beta1', 'beta2', 'epsilon'] as const) {
    if (flags[name] === undefined || name in OWN[optimizer]) continue;
    const others = OPTIMIZERS.filter((other) => name in OWN[other]);
    fail(
      'CNNC4008',
      flagOf(name),
      {},
      `${optimizer} does not use this option; it is for ${others.join(', ')}`,
    );
  }
}

function checkScheduleFlags(flags: Flags, schedule: ScheduleName): void {
  const wrong = ONLY_STEP.find((name) => flags[name] !== undefined);
  if (schedule !== 'step' && wrong)
    fail('CNNC4008', flagOf(wrong), {}, `this option is for --schedule step, the schedule is ${schedule}`);
  if (schedule === 'step' && (flags.every === undefined) === (flags.milestones === undefined)) {
    fail('CNNC4008', '--schedule', {}, 'step needs either --every or --milestones');
  }
}

/** `--learning-rate` for `learningRate`. */
const flagOf = (name: string): string =>
  `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The settings of a resumed run. The number of epochs may grow if the schedule does not depend on it. */
export function resumeSettings(stored: Settings, flags: Flags, file: string): Settings {
  const grows = stored.schedule !== 'cosine' && (flags.epochs ?? 0) > stored.epochs;
  const settings = grows ? { ...stored, epochs: flags.epochs! } : stored;
  const differing = (Object.keys(flags) as (keyof Settings)[]).filter(
    (name) => flags[name] !== undefined && show(flags[name]) !== show(settings[name]),
  );
  if (differing.length > 0) {
    const rows = differing.map(
      (name) => [flagOf(name), `${show(stored[name])}, not ${show(flags[name])}`] as const,
    );
    fail('CNNC6034', 'checkpoint', { file }, 'the run has other settings', [
      ...table(rows),
      'leave these options out to continue the run, or begin a new run with another --out',
    ]);
  }
  return settings;
}

const show = (value: unknown): string => (value === undefined ? 'none' : JSON.stringify(value));

/** The data set's augmentation, changed by the flags. */
export const augmentationOf = ({ flip, shift }: Settings, usual: Augmentation): Augmentation => ({
  flip: flip ?? usual.flip,
  shift: shift ?? usual.shift,
});
