/**
 * The scalars of a training step: the optimizer's hyperparameters, and the seed of what is drawn at random. Checked at
 * load and again before every step, because users may change them in between. Self-contained.
 */
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
  /** The largest norm of all gradients together, where the package was compiled with clipping. */
  maximumNorm: number;
}

/** PyTorch's defaults, but for the learning rate, for which it has none with SGD. */
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

/** The arrays that take them in one memory. */
export interface Scalars {
  /** What the update reads, by name. */
  readonly hyper: Readonly<Record<string, Float32Array>>;
  /** [seed, step], where the network draws random numbers. */
  readonly seed?: Uint32Array;
}

/** The defaults with what the caller gave; a value that is no finite number from 0 is an error. */
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

/** Stores one scalar of step `t`. False if the value is no finite number from 0. */
type StoreScalar = (out: Float32Array, values: Hyperparameters, t: number) => boolean;

/**
 * By name, each a function of its own. JavaScript makes an object of a number that is looked up by a variable name or
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
  // Of the f32 that the update reads: against 1 - 0.999 the rounding of 0.999 is not small.
  biasCorrection1: (out, values, t) => isScalar((out[0] = 1 - Math.fround(values.beta1) ** t)),
  biasCorrection2: (out, values, t) => isScalar((out[0] = 1 - Math.fround(values.beta2) ** t)),
};

/** The user may have set anything. */
const isScalar = (value: unknown): boolean => typeof value === 'number' && value >= 0 && value < Infinity;

function refuseHyperparameter(model: string, name: string, values: Hyperparameters): never {
  const value = String(values[name as keyof Hyperparameters]);
  throw new Error(`${model}: the hyperparameter ${name} must be a finite number from 0, got ${value}`);
}

export function setSeed({ seed: words }: Scalars, seed: number, step: number): void {
  if (!words) return;
  words[0] = seed;
  words[1] = step;
}
