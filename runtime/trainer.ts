/**
 * The trainer behind a generated training module: calls the generated phases in order, keeps the step count
 * and the hyperparameters, and reads and writes weights and checkpoints. It knows nothing of the network but
 * names and arrays.
 */
import { parseSafetensors, readMetadata, serializeSafetensors, type WeightTensor } from './weights.ts';

/** A parameter, running statistic (`buffer`) or optimizer state. */
export interface NamedParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: 'weight' | 'buffer' | 'state';
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

export interface TrainingParts {
  readonly name: string;
  readonly parameters: readonly NamedParameter[];
  /** The scalars that the update reads, by name. */
  readonly hyper: Readonly<Record<string, Float32Array>>;
  /** [seed, step], where the network draws random numbers. */
  readonly seed?: Uint32Array;
  readonly loss: Float32Array;
  readonly forward: () => void;
  readonly computeLoss: () => void;
  readonly backward: () => void;
  readonly update: () => void;
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
  /** Forward, loss, backward, update; returns the loss. */
  trainStep(): number;
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
  let isForwardDone = false;
  parts.prepare();
  const forward = (): void => {
    parts.seed?.set([counters.seed, counters.step]);
    parts.forward();
    isForwardDone = true;
  };
  const backward = (): void => {
    if (!isForwardDone)
      throw new Error(`${parts.name}.backward: call forward first, it keeps what backward needs`);
    parts.backward();
    isForwardDone = false;
  };
  const applyGradients = (): void => {
    setHyperparameters(parts, hyperparameters, counters.step + 1);
    parts.update();
    counters.step++;
  };
  return {
    hyperparameters,
    get step() {
      return counters.step;
    },
    forward,
    backward,
    applyGradients,
    trainStep() {
      setHyperparameters(parts, hyperparameters, counters.step + 1);
      forward();
      parts.computeLoss();
      backward();
      parts.update();
      counters.step++;
      return parts.loss[0]!;
    },
    exportWeights: () => serializeSafetensors(exported(parts), { format: 'pt' }),
    loadWeights(bytes, options = {}) {
      const left = loadWeights(parts, parseSafetensors(bytesOf(bytes)), options);
      parts.prepare();
      return left;
    },
    saveState: () => serializeSafetensors(parts.parameters, stateMetadata(parts, counters, hyperparameters)),
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
  parts.parameters.filter(({ role }) => role !== 'state');

/** Checks and hands over the scalars of step `t`, counted from 1. */
function setHyperparameters(parts: TrainingParts, values: Hyperparameters, t: number): void {
  for (const name in parts.hyper) parts.hyper[name]![0] = hyperparameter(parts.name, name, values, t);
}

function hyperparameter(model: string, name: string, values: Hyperparameters, t: number): number {
  // Of the f32 that the update reads: against 1 - 0.999 the rounding of 0.999 is not small.
  if (name === 'biasCorrection1') return 1 - Math.fround(values.beta1) ** t;
  if (name === 'biasCorrection2') return 1 - Math.fround(values.beta2) ** t;
  const value = values[name as keyof Hyperparameters];
  if (!(typeof value === 'number' && Number.isFinite(value) && value >= 0)) {
    throw new Error(
      `${model}: the hyperparameter ${name} must be a finite number from 0, got ${String(value)}`,
    );
  }
  return value;
}

/** Fills parameters from a weight file, all of them or none; throws with every problem listed. */
export function readWeights(model: string, parameters: readonly NamedParameter[], bytes: Uint8Array): void {
  loadWeights({ name: model, parameters }, parseSafetensors(bytes), {});
}

/** The defaults with what the caller gave; a value that is no finite number from 0 is an error. */
export function readHyperparameters(model: string, given: Partial<Hyperparameters>): Hyperparameters {
  const values = { ...defaultHyperparameters };
  for (const name of Object.keys(values) as (keyof Hyperparameters)[]) {
    values[name] = given[name] ?? values[name];
    hyperparameter(model, name, values, 1);
  }
  return values;
}

/** Names may carry the prefix `module.` (PyTorch's DataParallel); counters of batches are not needed. */
function loadWeights(
  parts: Pick<TrainingParts, 'name' | 'parameters'>,
  file: ReadonlyMap<string, WeightTensor>,
  { partial = false }: LoadWeightsOptions,
): LeftOut[] {
  const tensors = new Map([...file].map(([name, tensor]) => [name.replace(/^module\./, ''), tensor]));
  const wanted = exported(parts);
  const names = new Set(wanted.map(({ name }) => name));
  const left: LeftOut[] = wanted.flatMap(({ name, shape }) => {
    const tensor = tensors.get(name);
    if (!tensor) return [{ name, reason: 'missing in the file' }];
    const fits = tensor.shape.join() === shape.join();
    return fits
      ? []
      : [{ name, reason: `the file has [${tensor.shape.join(',')}], the model [${shape.join(',')}]` }];
  });
  for (const name of tensors.keys()) {
    if (!names.has(name) && !name.endsWith('num_batches_tracked'))
      left.push({ name, reason: 'not in the model' });
  }
  const problems = left.map(({ name, reason }) => `  ${name}: ${reason}`).join('\n');
  if (left.length > 0 && !partial)
    throw new Error(`${parts.name}.loadWeights: the file does not fit\n${problems}`);
  const skipped = new Set(left.map(({ name }) => name));
  const taken = wanted.filter(({ name }) => !skipped.has(name));
  if (taken.length === 0) throw new Error(`${parts.name}.loadWeights: nothing in the file fits\n${problems}`);
  for (const { name, data } of taken) data.set(tensors.get(name)!.data);
  return left;
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
  for (const { name, data } of parts.parameters) {
    const found = tensors.get(name)?.data.length;
    if (found !== data.length) refuse(`${name} has ${found ?? 'no'} numbers, expected ${data.length}`);
  }
  const [seed, step] = [Number(metadata['seed']), Number(metadata['step'])];
  if (!Number.isSafeInteger(seed) || !Number.isSafeInteger(step) || step < 0)
    refuse('its seed or step is damaged');
  const stored =
    parseHyperparameters(metadata['hyperparameters']) ?? refuse('its hyperparameters are damaged');
  for (const { name, data } of parts.parameters) data.set(tensors.get(name)!.data);
  Object.assign(counters, { seed, step });
  Object.assign(hyperparameters, stored);
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
