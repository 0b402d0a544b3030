/**
 * The scalars of a training step: the optimizer's hyperparameters, and the seed of random numbers. Hyperparameters are
 * checked at load and again before every step, because the caller may change them between steps.
 */
import { checkLoadOptions } from '../check.ts';

export interface Hyperparameters {
  learningRate: number;
  weightDecay: number;
  /** SGD, Nesterov, RMSProp: the share of the old velocity. */
  momentum: number;
  /** Adam, AdamW: shares of the old averages of gradients and of their squares. */
  beta1: number;
  beta2: number;
  /** RMSProp: the share of the old average of squares. */
  alpha: number;
  /** Adam, AdamW, RMSProp: added to the root of the average of squares. */
  epsilon: number;
  /** The largest norm of all gradients together, in a package that was compiled with clipping. */
  maximumNorm: number;
}

/** The defaults. Betas, alpha, epsilon and momentum are those of PyTorch. */
export const defaultHyperparameters: Readonly<Hyperparameters> = {
  learningRate: 0.01,
  weightDecay: 0,
  momentum: 0,
  beta1: 0.9,
  beta2: 0.999,
  alpha: 0.99,
  epsilon: 1e-8,
  maximumNorm: 1,
};

/** The arrays of one memory that hold the scalars. */
export interface Scalars {
  /** The scalars that the update reads, by name. */
  readonly hyper: Readonly<Record<string, Float32Array>>;
  /** [seed, step], if the network draws random numbers. */
  readonly seed?: Uint32Array;
}

/** Refuses options that `load` of a package that trains does not have. `known` are those of inference. */
export function checkTrainingOptions(model: string, options: object, known: readonly string[]): void {
  const own = ['seed', ...Object.keys(defaultHyperparameters)];
  checkLoadOptions(model, options, [...known, 'training', ...own]);
  const { training } = options as { readonly training?: unknown };
  if ('training' in options && training !== true)
    throw new Error(`${model}.load: \`training\` is ${String(training)}; it is true or left out`);
  const lone = own.find((name) => !('training' in options) && name in options);
  if (lone) throw new Error(`${model}.load: the option \`${lone}\` is for load({ training: true })`);
}

/** The caller's values, completed by the defaults. Throws unless each is a finite number of at least 0. */
export function readHyperparameters(model: string, given: Partial<Hyperparameters>): Hyperparameters {
  const values = { ...defaultHyperparameters };
  for (const name of Object.keys(values) as (keyof Hyperparameters)[]) {
    values[name] = given[name] ?? values[name];
    if (!isScalar(values[name])) refuseHyperparameter(model, name, values);
  }
  return values;
}

/** Checks the hyperparameters and stores those that the update of step `t` reads. Steps are counted from 1. */
export function setHyperparameters(
  model: string,
  { hyper }: Scalars,
  values: Hyperparameters,
  t: number,
): void {
  for (const name in hyper) {
    if (!SCALARS[name]!(hyper[name]!, values, t)) refuseHyperparameter(model, name, values);
  }
}

/** Stores one scalar of step `t`. Returns false unless the value is a finite number of at least 0. */
type StoreScalar = (out: Float32Array, values: Hyperparameters, t: number) => boolean;

/**
 * One function for each scalar. JavaScript allocates an object for a number that is looked up by a variable name or
 * passed between functions, and a step must not allocate.
 */
const SCALARS: Readonly<Record<string, StoreScalar>> = {
  learningRate: (out, values) => isScalar((out[0] = values.learningRate)),
  weightDecay: (out, values) => isScalar((out[0] = values.weightDecay)),
  momentum: (out, values) => isScalar((out[0] = values.momentum)),
  beta1: (out, values) => isScalar((out[0] = values.beta1)),
  beta2: (out, values) => isScalar((out[0] = values.beta2)),
  alpha: (out, values) => isScalar((out[0] = values.alpha)),
  epsilon: (out, values) => isScalar((out[0] = values.epsilon)),
  maximumNorm: (out, values) => isScalar((out[0] = values.maximumNorm)),
  // Computed from the f32 that the update reads: the rounding of 0.999 is not small compared with 1 - 0.999.
  biasCorrection1: (out, values, t) => isScalar((out[0] = 1 - Math.fround(values.beta1) ** t)),
  biasCorrection2: (out, values, t) => isScalar((out[0] = 1 - Math.fround(values.beta2) ** t)),
};

/** Takes any value, because the caller may have set anything. */
const isScalar = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;

function refuseHyperparameter(model: string, name: string, values: Hyperparameters): never {
  const value = String(values[name as keyof Hyperparameters]);
  throw new Error(`${model}: the hyperparameter ${name} must be a finite number of at least 0, got ${value}`);
}

export function setSeed({ seed: words }: Scalars, seed: number, step: number): void {
  if (!words) return;
  words[0] = seed;
  words[1] = step;
}
