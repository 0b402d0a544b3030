/**
 * The trainer behind a generated training module: calls the generated phases in order, keeps the step count
 * and the hyperparameters, and reads and writes weights and checkpoints. It knows nothing of the network but
 * names and arrays.
 */
import { parseSafetensors, readMetadata, serializeSafetensors, type WeightTensor } from '../weights.ts';

/** A parameter, running statistic (`buffer`), optimizer state, or sum of the gradients of micro-batches. */
export interface NamedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: 'weight' | 'buffer' | 'state' | 'accumulator';
  readonly data: Float32Array;
}

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

interface Scalars {
  /** What the update reads, by name. */
  readonly hyper: Readonly<Record<string, Float32Array>>;
  /** [seed, step], where the network draws random numbers. */
  readonly seed?: Uint32Array;
}

/** A whole training step in one memory. */
export interface StepPart extends Scalars {
  readonly loss: Float32Array;
  /** Forward, loss, backward and update; of one of several micro-batches, up to the sums of gradients. */
  readonly run: (part: number) => void;
  readonly microBatches?: { readonly count: number; readonly update: () => void };
}

/** Its halves, to be called by themselves, in a memory of their own. */
export interface HalvesPart extends Scalars {
  readonly forward: () => void;
  readonly backward: () => void;
  readonly update: () => void;
}

export interface TrainingParts {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
  readonly step: StepPart;
  /** Called once, when a half is first wanted. */
  readonly halves: () => HalvesPart;
  /** Again after parameters have changed from outside. */
  readonly prepare: () => void;
}

export interface LoadWeightsOptions {
  /** Keep what does not fit as it is, instead of refusing the file: for a net with another head. */
  readonly partial?: boolean;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface TrainerCore {
  readonly hyperparameters: Hyperparameters;
  readonly step: number;
  forward(): void;
  /** Forward, loss, backward, update. The loss goes into the result: a number that is returned is an object. */
  trainStep(result: { loss: number }): void;
  backward(): void;
  applyGradients(): void;
  exportWeights(): Uint8Array;
  loadWeights(bytes: Uint8Array | ArrayBuffer, options?: LoadWeightsOptions): LeftOut[];
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array | ArrayBuffer): void;
}

export function createTrainerCore(
  parts: TrainingParts,
  seed: number,
  hyperparameters: Hyperparameters,
): TrainerCore {
  const counters = { seed: seed >>> 0, step: 0 };
  let opened: HalvesPart | undefined;
  let isForwardDone = false;
  parts.prepare();
  const halves = (): HalvesPart => (opened ??= parts.halves());
  return {
    hyperparameters,
    get step() {
      return counters.step;
    },
    forward() {
      const part = halves();
      setSeed(part, counters.seed, counters.step);
      part.forward();
      isForwardDone = true;
    },
    backward() {
      if (!isForwardDone)
        throw new Error(`${parts.name}.backward: call forward first, it keeps what backward needs`);
      halves().backward();
      isForwardDone = false;
    },
    applyGradients() {
      const part = halves();
      setHyperparameters(parts.name, part, hyperparameters, counters.step + 1);
      part.update();
      counters.step++;
    },
    trainStep(result) {
      setHyperparameters(parts.name, parts.step, hyperparameters, counters.step + 1);
      runStep(parts, counters, result);
      counters.step++;
    },
    exportWeights: () => serializeSafetensors(exported(parts), { format: 'pt' }),
    loadWeights(bytes, options = {}) {
      const left = loadWeights(parts, parseSafetensors(bytesOf(bytes)), options);
      parts.prepare();
      return left;
    },
    saveState: () => serializeSafetensors(stored(parts), stateMetadata(parts, counters, hyperparameters)),
    loadState(bytes) {
      loadState(parts, bytesOf(bytes), counters, hyperparameters);
      parts.prepare();
    },
  };
}

const bytesOf = (bytes: Uint8Array | ArrayBuffer): Uint8Array =>
  bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);

/** Optimizer state is not part of the weights. */
const exported = (parts: Pick<TrainingParts, 'parameters'>): NamedParameter[] =>
  parts.parameters.filter(({ role }) => role === 'weight' || role === 'buffer');

/** Sums are made anew by every step. */
const stored = (parts: Pick<TrainingParts, 'parameters'>): NamedParameter[] =>
  parts.parameters.filter(({ role }) => role !== 'accumulator');

/** The loss of micro-batches is their mean. */
function runStep(
  { step, parameters }: TrainingParts,
  { seed, step: done }: Counters,
  result: { loss: number },
): void {
  if (!step.microBatches) {
    setSeed(step, seed, done);
    step.run(0);
    result.loss = step.loss[0]!;
    return;
  }
  const { count, update } = step.microBatches;
  for (let i = 0; i < parameters.length; i++) {
    if (parameters[i]!.role === 'accumulator') parameters[i]!.data.fill(0);
  }
  let loss = 0;
  for (let part = 0; part < count; part++) {
    setSeed(step, seed, done * count + part);
    step.run(part);
    loss += step.loss[0]! / count;
  }
  update();
  result.loss = loss;
}

/** Micro-batch `part` of the examples of a step. */
export function takePart<A extends Float32Array | Int32Array | Uint32Array>(
  examples: A,
  part: number,
  out: A,
): void {
  const first = part * out.length;
  for (let i = 0; i < out.length; i++) out[i] = examples[first + i]!;
}

/** Checks and hands over the scalars of step `t`, counted from 1. */
function setHyperparameters(model: string, { hyper }: Scalars, values: Hyperparameters, t: number): void {
  for (const name in hyper) {
    if (!SCALARS[name]!(hyper[name]!, values, t)) refuseHyperparameter(model, name, values);
  }
}

/** Stores the scalar of step `t`; false where it is none. */
type StoreScalar = (out: Float32Array, values: Hyperparameters, t: number) => boolean;

/**
 * By name, each a function of its own: a number that is looked up by a variable name, or handed on between functions,
 * is an object to JavaScript, and a step must not make any.
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

function setSeed({ seed: words }: Scalars, seed: number, step: number): void {
  if (!words) return;
  words[0] = seed;
  words[1] = step;
}

/** Fills parameters from a weight file, all of them or none; throws with every problem listed. */
export function readWeights(model: string, parameters: readonly NamedParameter[], bytes: Uint8Array): void {
  loadWeights({ name: model, parameters }, parseSafetensors(bytes), {});
}

/** The same before anything is read: where each tensor of the file belongs, by the names in the file. */
export function placeWeights(
  model: string,
  parameters: readonly NamedParameter[],
  file: ReadonlyMap<string, Shaped>,
): ReadonlyMap<string, Float32Array> {
  const { taken } = fitWeights({ name: model, parameters }, file, {});
  return new Map(taken.map(({ parameter, stored }) => [stored, parameter.data]));
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

function loadWeights(
  parts: Pick<TrainingParts, 'name' | 'parameters'>,
  file: ReadonlyMap<string, WeightTensor>,
  options: LoadWeightsOptions,
): LeftOut[] {
  const { taken, left } = fitWeights(parts, file, options);
  for (const { parameter, stored } of taken) parameter.data.set(file.get(stored)!.data);
  return left;
}

interface Shaped {
  readonly shape: readonly number[];
}

interface FittedWeights {
  /** Parameters with the names that the file has for them. */
  readonly taken: readonly { readonly parameter: NamedParameter; readonly stored: string }[];
  readonly left: LeftOut[];
}

/** Names may carry the prefix `module.` (PyTorch's DataParallel); counters of batches are not needed. */
function fitWeights(
  parts: Pick<TrainingParts, 'name' | 'parameters'>,
  file: ReadonlyMap<string, Shaped>,
  { partial = false }: LoadWeightsOptions,
): FittedWeights {
  const storedNames = new Map([...file.keys()].map((name) => [name.replace(/^module\./, ''), name]));
  const wanted = exported(parts);
  const names = new Set(wanted.map(({ name }) => name));
  const left: LeftOut[] = wanted.flatMap(({ name, shape }) => {
    const tensor = file.get(storedNames.get(name) ?? '');
    if (!tensor) return [{ name, reason: 'missing in the file' }];
    const fits = tensor.shape.join() === shape.join();
    return fits
      ? []
      : [{ name, reason: `the file has [${tensor.shape.join(',')}], the model [${shape.join(',')}]` }];
  });
  for (const name of storedNames.keys()) {
    if (!names.has(name) && !name.endsWith('num_batches_tracked'))
      left.push({ name, reason: 'not in the model' });
  }
  const problems = left.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n');
  if (left.length > 0 && !partial)
    throw new Error(`${parts.name}.loadWeights: the file does not fit\n${problems}`);
  const skipped = new Set(left.map(({ name }) => name));
  const taken = wanted
    .filter(({ name }) => !skipped.has(name))
    .map((parameter) => ({ parameter, stored: storedNames.get(parameter.name)! }));
  if (taken.length === 0) throw new Error(`${parts.name}.loadWeights: nothing in the file fits\n${problems}`);
  return { taken, left };
}

interface Counters {
  seed: number;
  step: number;
}

function stateMetadata(
  parts: TrainingParts,
  counters: Counters,
  hyperparameters: Hyperparameters,
): Record<string, string> {
  return {
    format: 'cnnc state',
    model: parts.name,
    seed: String(counters.seed),
    step: String(counters.step),
    hyperparameters: JSON.stringify(hyperparameters),
  };
}

/** All or nothing: every check comes before the first write. */
function loadState(
  parts: TrainingParts,
  bytes: Uint8Array,
  counters: Counters,
  hyperparameters: Hyperparameters,
): void {
  const refuse = (found: string): never => {
    throw new Error(`${parts.name}.loadState: ${found}`);
  };
  const metadata = readMetadata(bytes);
  if (metadata['format'] !== 'cnnc state') refuse('this is no state that saveState has written');
  if (metadata['model'] !== parts.name) refuse(`this is the state of ${metadata['model']}`);
  const tensors = parseSafetensors(bytes);
  for (const { name, data } of stored(parts)) {
    const found = tensors.get(name)?.data.length;
    if (found !== data.length) refuse(`${name} has ${found ?? 'no'} numbers, expected ${data.length}`);
  }
  const [seed, step] = [Number(metadata['seed']), Number(metadata['step'])];
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(step) || step < 0)
    refuse('its seed or step is damaged');
  const kept = parseHyperparameters(metadata['hyperparameters']) ?? refuse('its hyperparameters are damaged');
  for (const { name, data } of stored(parts)) data.set(tensors.get(name)!.data);
  Object.assign(counters, { seed, step });
  Object.assign(hyperparameters, kept);
}

function parseHyperparameters(text: string | undefined): Partial<Hyperparameters> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    const known = Object.entries(value as object).filter(
      ([name, number]) => name in defaultHyperparameters && Number.isFinite(number),
    );
    return Object.fromEntries(known) as Partial<Hyperparameters>;
  } catch {
    return undefined;
  }
}
