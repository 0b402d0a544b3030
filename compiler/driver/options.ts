/**
 * The options of a compile: what a program or the command line may ask for, and the one place where it is read and
 * checked. What is wrong is a `Diagnostic` that names the option.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isOptimizerName, optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { ExpectedWeight } from '../frontend/matchWeights.ts';
import { isModel, type Model } from '../frontend/model.ts';
import { absent, count, flag, isWhole, optional, readOptions, type Reader } from '../frontend/options.ts';
import { describe } from '../frontend/tensor.ts';
import type { ParameterData } from '../program/bake.ts';
import type { TargetOption, TargetRecord } from '../emit/target.ts';
import { selectTargets, TARGETS, type TargetName } from '../targets/index.ts';
import { passTables, selectDisabled } from './disabledPasses.ts';
import type { DumpedFile } from './dump.ts';
import type { Stage } from './recorder.ts';

export interface CompileOptions {
  /** The package's folder, written as a whole or not at all. Without it the files are only returned. */
  readonly out?: string;
  /**
   * What the package runs on, several in one where they are named; default: the first of all, `typescript`. A record
   * stands for a target that is not in the table.
   */
  readonly targets?: readonly (TargetName | TargetRecord)[];
  /** The wasm target's kernels stand inside the JavaScript, in base64, instead of in files of their own. */
  readonly inline?: boolean;
  /** No convolution by Winograd's algorithm, which adds rounding errors: 1e-4 of the largest number (wasm, webgpu). */
  readonly exact?: boolean;
  /**
   * A JSON file with the wasm target's way of each convolution. Shapes that it does not have are measured on this machine
   * and added; a compile that finds them all in it gives the same package anywhere.
   */
  readonly tune?: string;
  /** Replaces the first extent of every input. */
  readonly batch?: number;
  /** Replace whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /**
   * PyTorch's state dict, as safetensors or as torch.save writes it: the file's path, or its bytes. Or a function from
   * the model's parameters to their numbers; the seed draws those that it leaves out.
   */
  readonly weights?: string | Uint8Array | MakeWeights;
  /** Draws the weights where none are given; default 1. */
  readonly seed?: number;
  /** The model file as the headers name it; default: the one that called `defineModel`. */
  readonly source?: string;
  /** The package trains as well; its batch is fixed by `batch`. */
  readonly training?: TrainingSettings;
  /** Passes that do not run, by name; the package computes the same, with more work. */
  readonly disabledPasses?: readonly string[];
  /** Called with the graph as it comes in and after every pass. */
  readonly onStage?: (stage: Stage) => void;
  /** Called with every intermediate form as text: graphs, and the programs and kernels of each target. */
  readonly onDump?: (file: DumpedFile) => void;
}

export type MakeWeights = (parameters: readonly ExpectedWeight[]) => ParameterData;

export interface TrainingSettings {
  /** Default `sgd`. */
  readonly optimizer?: OptimizerName;
  /**
   * Which weights are learned: `all` (default), `head`, `last:N`, `bias`, or names such as `layer4.*`; or a function of
   * the name. With a selection, weights that do not fit the model are left out: a net with another head keeps the rest.
   */
  readonly train?: string | ((name: string) => boolean);
  /** Which of them weight decay shrinks; default: those of rank 2 and more (no biases, no norms). */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
  /** Batch norms, by their layer's path, that keep their running statistics; default: those that learn nothing. */
  readonly frozen?: (path: string) => boolean;
  /** Steps clip the norm of all gradients together, at the hyperparameter `maximumNorm`. */
  readonly clip?: boolean;
  /**
   * Whether `backward` gives the gradients of the inputs too. Default: when all weights are learned; a selection
   * would have to run and remember the whole network for it.
   */
  readonly inputGradients?: boolean;
  /**
   * The most bytes that the arena of a step may take: what does not fit is computed again in the backward pass, where
   * that costs least. Refused when nothing is enough.
   */
  readonly maxMemory?: number;
  /** A step runs its batch in so many parts, one after the other, and averages their gradients; default 1. */
  readonly microBatches?: number;
}

type Training = TrainingSettings & Required<Pick<TrainingSettings, 'optimizer' | 'train' | 'microBatches'>>;

/** Options that were checked, with their defaults: what a compile is made from. */
export interface Settings extends Pick<
  CompileOptions,
  'inline' | 'exact' | 'batch' | 'inputs' | 'onStage' | 'onDump'
> {
  readonly source: string;
  /** In the order of the table of targets. */
  readonly targets: readonly TargetRecord[];
  readonly seed: number;
  readonly training?: Training;
  readonly disabledPasses: ReadonlySet<string>;
}

/** Options that name files, or what stands for their contents. */
export type FileOptions = Pick<CompileOptions, 'out' | 'weights' | 'tune'>;

/** Draws weights where a compile or an export names no seed. */
export const DEFAULT_SEED = 1;

export function readCompileOptions(
  model: Model,
  options: CompileOptions,
): { readonly settings: Settings; readonly files: FileOptions } {
  if (!isModel(model)) refuseModel(model);
  const { out, weights, tune, seed, source, targets, training, disabledPasses, ...rest } = readOptions(
    refuse,
    options,
    READERS,
  );
  if (seed !== undefined && weights !== undefined && typeof weights !== 'function') refuseSeed(refuse);
  const selected = targets ? selectTargets(targets, 'compile') : TARGETS.slice(0, 1);
  refuseWithoutTarget({ ...rest, tune }, selected);
  const settings = {
    ...rest,
    source: source ?? model.place.file ?? model.name,
    targets: selected,
    seed: seed ?? DEFAULT_SEED,
    training: training && readOptions(refuse, training, TRAINING_READERS),
    disabledPasses: selectDisabled(disabledPasses, 'compile', passTables(selected)),
  };
  return { settings, files: { out, weights, tune } };
}

const refuse = (found: string): never => fail('compile', {}, found);

export const refuseSeed = (refuse: (found: string) => never): never =>
  refuse('the option seed draws weights and the option weights reads them, only one of the two can be');

/** A module for its model is what an import of CommonJS from an ES module gives. */
function refuseModel(given: unknown): never {
  const { default: inside } = Object(given) as { default?: unknown };
  const hint = isModel(inside) ? ['its `default` is one'] : [];
  fail('compile', {}, `it was given ${describe(given)}, expected a model of defineModel`, hint);
}

const text: Reader<string> = {
  expected: 'a string',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

export const seedReader: Reader<number> = {
  expected: 'a whole number from 0',
  read: (value) => (isWhole(value, 0) ? value : undefined),
};

const isFileOrBytes = (value: unknown): value is string | Uint8Array =>
  typeof value === 'string' || value instanceof Uint8Array;

export const weightsReader: Reader<string | Uint8Array> = {
  expected: "a file's path or its bytes",
  read: (value) => (isFileOrBytes(value) ? value : undefined),
};

const anyWeights: Reader<string | Uint8Array | MakeWeights> = {
  expected: weightsReader.expected,
  read: (value) => (typeof value === 'function' ? (value as MakeWeights) : weightsReader.read(value)),
};

const named = (expected: string): Reader<readonly string[]> => ({
  expected,
  read: (value) => (Array.isArray(value) ? (value as string[]) : undefined),
});

const targetList: Reader<readonly (string | TargetRecord)[]> = {
  expected: 'a list of targets',
  read: (value) => (Array.isArray(value) ? (value as (string | TargetRecord)[]) : undefined),
};

const bytes: Reader<number> = {
  expected: 'bytes',
  read: (value) => (typeof value === 'number' && value >= 1 ? value : undefined),
};

const optimizer: Reader<OptimizerName> = {
  expected: Object.keys(optimizers).join(', '),
  read: (value) => (typeof value === 'string' && isOptimizerName(value) ? value : undefined),
};

const selection: Reader<string | ((name: string) => boolean)> = {
  expected: 'a selection of weights, such as "head"',
  read: (value) =>
    typeof value === 'string' || typeof value === 'function'
      ? (value as string | ((name: string) => boolean))
      : undefined,
};

const object = <T extends object>(): Reader<T> => ({
  expected: 'an object',
  read: (value) => (typeof value === 'object' && value !== null ? (value as T) : undefined),
});

const func = <T extends (...given: never[]) => unknown>(): Reader<T> => ({
  expected: 'a function',
  read: (value) => (typeof value === 'function' ? (value as T) : undefined),
});

/** The frontend checks shapes, because its diagnoses name the model. */
export const shapeReaders = {
  batch: absent<number>({ expected: '', read: (value) => value as number }),
  inputs: absent<Readonly<Record<string, readonly number[]>>>({
    expected: '',
    read: (value) => value as Readonly<Record<string, readonly number[]>>,
  }),
};

const READERS = {
  ...shapeReaders,
  out: absent(text),
  targets: absent(targetList),
  inline: absent(flag),
  exact: absent(flag),
  tune: absent(text),
  weights: absent(anyWeights),
  training: absent(object<TrainingSettings>()),
  disabledPasses: optional(named('a list of passes'), []),
  seed: absent(seedReader),
  source: absent(text),
  onStage: absent(func<(stage: Stage) => void>()),
  onDump: absent(func<(file: DumpedFile) => void>()),
};

const TRAINING_READERS = {
  optimizer: optional<OptimizerName>(optimizer, 'sgd'),
  train: optional<string | ((name: string) => boolean)>(selection, 'all'),
  decays: absent(func<(name: string, shape: readonly number[]) => boolean>()),
  frozen: absent(func<(path: string) => boolean>()),
  clip: absent(flag),
  inputGradients: absent(flag),
  maxMemory: absent(bytes),
  microBatches: optional(count, 1),
};

const TARGET_OPTIONS: readonly TargetOption[] = ['inline', 'exact', 'tune'];

/** Options that none of the targets heeds are a mistake. */
function refuseWithoutTarget(
  given: Pick<CompileOptions, TargetOption>,
  targets: readonly TargetRecord[],
): void {
  for (const option of TARGET_OPTIONS) {
    if (!given[option] || targets.some(({ options }) => options.includes(option))) continue;
    const own = TARGETS.filter(({ options }) => options.includes(option)).map(({ name }) => name);
    refuse(
      `the option ${option} is for kernels of ${own.join(' and ')}, expected ${own.join(' or ')} among the targets`,
    );
  }
}
