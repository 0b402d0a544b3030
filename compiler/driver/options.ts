/**
 * The options of a compile, from a program or the command line. They are read and checked only here. A wrong option
 * is a `Diagnostic` that names it.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isOptimizerName, optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { ExpectedWeight } from '../frontend/matchWeights.ts';
import {
  readPreprocess,
  type PreprocessOption,
  type PreprocessSettings,
} from '../frontend/givenPreprocess.ts';
import type { GivenLabels } from '../frontend/labels.ts';
import { isModel, isModelName, NAME_RULE, type Model } from '../frontend/model.ts';
import { absent, count, flag, isWhole, optional, readOptions, type Reader } from '../frontend/options.ts';
import type { Refuse } from '../frontend/refuse.ts';
import { describe } from '../frontend/tensor.ts';
import type { ParameterData } from '../program/bake.ts';
import type { InlinePart, WeightForm } from '../emit/model.ts';
import type { TargetOption, TargetRecord } from '../emit/target.ts';
import { selectTargets, TARGETS, type TargetName } from '../targets/index.ts';
import { batchReader, readBatches, type BatchOption, type Batches } from './batches.ts';
import { passTables, selectDisabled } from './disabledPasses.ts';
import type { DumpedFile } from './dump.ts';
import { inlineReader, namesKernels, partsOf, type InlineOption } from './inline.ts';
import type { Stage } from './recorder.ts';

/** Options of `compile`. */
export interface CompileOptions {
  /**
   * The package's folder. The package is written completely or not at all. Without `out`, the files are only
   * returned.
   */
  readonly out?: string;
  /** Replaces a package in `out` that was compiled from another source; default false. */
  readonly force?: boolean;
  /** Name of the package; default: the model's. */
  readonly name?: string;
  /**
   * Targets of the package: `typescript`, `wasm`, `webgpu`; one package may have several. Default: `typescript`. A
   * record stands for a target that is not in the table.
   */
  readonly targets?: readonly (TargetName | TargetRecord)[];
  /**
   * Puts parts into the JavaScript as base64 instead of separate files: the wasm `kernels` (`true` is short for them), the
   * `weights` of any target, for small nets, or `all`; default false.
   */
  readonly inline?: InlineOption;
  /**
   * Uses no Winograd convolutions, whose rounding error is about 1e-4 of the largest number (wasm, webgpu); default
   * false.
   */
  readonly exact?: boolean;
  /**
   * Path of a JSON file with the fastest schedule of each convolution (wasm). Shapes that it lacks are measured on
   * this machine and added. If it has all shapes, the package does not depend on the machine.
   */
  readonly tune?: string;
  /**
   * Folds and packs the weights at compile time, so that the package has no code that takes other weights; default false.
   * Only what is smaller before it is packed, such as filters for Winograd convolutions, is packed at load.
   */
  readonly fixedWeights?: boolean;
  /**
   * Stores everything in the weight file as the kernels read it, for the fastest start from a local disk; default false.
   * The weights are fixed then, and the file may be several times as large.
   */
  readonly packedWeights?: boolean;
  /**
   * Replaces the first extent of every input, the batch. With several batches, such as `[1, 8, 32]`, the package has a
   * program for each over the same weights, and `forward` takes any number of images.
   */
  readonly batch?: BatchOption;
  /** Replaces whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /**
   * A PyTorch state dict, as safetensors or as torch.save writes it: the file's path or its bytes. Or a function that
   * returns the numbers of the model's parameters; the seed draws those that it leaves out. Default: the file that the
   * model names, if it names one.
   */
  readonly weights?: string | Uint8Array | MakeWeights;
  /** Seed for random weights. Default: 1, if neither the options nor the model name weights. */
  readonly seed?: number;
  /**
   * How an image becomes the input, for a model that does not say it: `imagenet`, `unit`, `signed` or `bytes`, settings as
   * on the command line, or an object with settings of `preprocess`. Sizes are those of the input.
   */
  readonly preprocess?: PreprocessOption;
  /**
   * Names of the classes, for a model that has none: a list, a file with one a line, or `imagenet` for the 1000 classes of
   * ImageNet.
   */
  readonly labels?: string | readonly string[];
  /** Name of the model file in the headers of the package. Default: the file that called `defineModel`. */
  readonly source?: string;
  /** A paragraph for the package's README, such as where the weights come from. */
  readonly note?: string;
  /** Adds training to the package. `batch` sets its batch, which is one number. */
  readonly training?: TrainingSettings;
  /** Names of passes that do not run. The package computes the same with more work. */
  readonly disabledPasses?: readonly string[];
  /** Called with the graph before the first pass and after every pass. */
  readonly onStage?: (stage: Stage) => void;
  /** Called with every intermediate form as text: graphs, and the programs and kernels of each target. */
  readonly onDump?: (file: DumpedFile) => void;
}

/** Returns the numbers of parameters by their names. */
export type MakeWeights = (parameters: readonly ExpectedWeight[]) => ParameterData;

/** Options of a package that trains. */
export interface TrainingSettings {
  /** The optimizer; default `sgd`. */
  readonly optimizer?: OptimizerName;
  /**
   * Which weights are learned: `all` (default), `head`, `last:N`, `bias`, names such as `layer4.*`, or a function of
   * the name. With a selection, weights that do not fit the model are left out, so a net with another head can use
   * the rest.
   */
  readonly train?: string | ((name: string) => boolean);
  /** Which learned weights get weight decay. Default: those of rank 2 and more, so neither biases nor norms. */
  readonly decays?: (name: string, shape: readonly number[]) => boolean;
  /**
   * Batch norms that keep their running statistics, by the path of their layer. Default: those without learned
   * weights.
   */
  readonly frozen?: (path: string) => boolean;
  /** Whether steps clip the norm of all gradients together to the hyperparameter `maximumNorm`; default false. */
  readonly clip?: boolean;
  /**
   * Whether `backward` also returns the gradients of the inputs. Default: only if all weights are learned, because
   * with a selection it would have to run and store the whole network.
   */
  readonly inputGradients?: boolean;
  /**
   * The largest arena of a training step in bytes. Values that do not fit are computed again in the backward pass,
   * where that costs least. Fails if that is not enough.
   */
  readonly maxMemory?: number;
  /**
   * Number of equal parts of the batch. A step runs them one after the other and averages their gradients; default 1.
   */
  readonly microBatches?: number;
  /** The batch of `forward` and `predict`, or several of them; default: that of training. */
  readonly predictBatch?: BatchOption;
}

type Training = TrainingSettings & Required<Pick<TrainingSettings, 'optimizer' | 'train' | 'microBatches'>>;

/** Checked options with their defaults. */
export interface Settings extends Pick<CompileOptions, 'note' | 'exact' | 'inputs' | 'onStage' | 'onDump'> {
  readonly batches: Batches;
  readonly inline: readonly InlinePart[];
  /** Name of the package. */
  readonly name: string;
  readonly source: string;
  readonly preprocess?: PreprocessSettings;
  readonly labels?: GivenLabels;
  readonly weightForm: WeightForm;
  /** The targets in the order of their table. */
  readonly targets: readonly TargetRecord[];
  readonly seed: number;
  readonly training?: Training;
  readonly disabledPasses: ReadonlySet<string>;
}

/** Options that name files, or that contain what a file would. */
export interface FileOptions extends Pick<CompileOptions, 'out' | 'force' | 'weights' | 'tune' | 'labels'> {
  /** The file that the model names, if that is where the weights come from. */
  readonly ownWeights?: string;
}

/** The seed if a compile or an export names none. */
export const DEFAULT_SEED = 1;

export function readCompileOptions(
  model: Model,
  options: CompileOptions,
): { readonly settings: Settings; readonly files: FileOptions } {
  if (!isModel(model)) refuseModel(model);
  const { out, force, weights, tune, labels, inline, seed, targets, batch, disabledPasses, ...given } =
    readOptions(wrongOption, options, READERS);
  const { fixedWeights, packedWeights, training: trains, ...rest } = given;
  const training = trains && readOptions(wrongOption, trains, TRAINING_READERS);
  if (seed !== undefined && weights !== undefined && typeof weights !== 'function') refuseSeed(refuse);
  refuseStated(model, { ...rest, labels });
  const selected = targets ? selectTargets(targets, 'compile') : TARGETS.slice(0, 1);
  refuseWithoutTarget({ ...rest, tune, inline: namesKernels(inline) }, selected);
  const settings = {
    ...rest,
    inline: partsOf(inline),
    name: rest.name ?? model.name,
    source: rest.source ?? model.place.file ?? model.name,
    preprocess: rest.preprocess === undefined ? undefined : readPreprocess(rest.preprocess, wrongPreprocess),
    targets: selected,
    weightForm: weightFormOf({ fixedWeights, packedWeights, training }),
    seed: seed ?? DEFAULT_SEED,
    training,
    batches: readBatches(batch, training, refuse),
    disabledPasses: selectDisabled(disabledPasses, 'compile', passTables(selected)),
  };
  const ownWeights = ownWeightsOf(model, { weights, seed });
  return { settings, files: { out, force, weights, ownWeights, tune, labels } };
}

/** The file that the model names. Undefined if weights are given, or a seed for random ones. */
export const ownWeightsOf = (
  { weights: own }: Pick<Model, 'weights'>,
  { weights, seed }: { readonly weights?: unknown; readonly seed?: number },
): string | undefined => (weights === undefined && seed === undefined ? own : undefined);

/** A package that trains has the model's own weights, because training changes them. */
function weightFormOf({
  fixedWeights,
  packedWeights,
  training,
}: Pick<CompileOptions, 'fixedWeights' | 'packedWeights' | 'training'>): WeightForm {
  const form = packedWeights ? 'packed' : fixedWeights ? 'fixed' : 'moving';
  if (training && form !== 'moving')
    refuse(
      'CNNC4008',
      `a package that trains changes its weights, so the option ${form}Weights has no effect`,
    );
  return form;
}

/** Refuses what is given for models that do not state it. */
function refuseStated(model: Model, given: Pick<CompileOptions, 'preprocess' | 'labels'>): void {
  const { name } = model;
  if (given.preprocess !== undefined && model.preprocess)
    refuse('CNNC4008', `${name} says itself how its input is made, so the option preprocess has no effect`);
  if (given.labels !== undefined && model.labels)
    refuse('CNNC4008', `${name} names its classes itself, so the option labels has no effect`);
}

const refuse: Refuse = (code, found) => fail(code, 'compile', {}, found);

const wrongOption = (found: string): never => refuse('CNNC4020', found);

const wrongPreprocess = (found: string): never => wrongOption(`the option preprocess: ${found}`);

export const refuseSeed = (refuse: Refuse): never =>
  refuse(
    'CNNC4007',
    'the options seed and weights exclude each other: the first draws the weights, the second reads them',
  );

/** Importing CommonJS from an ES module gives a module with the model inside. */
function refuseModel(given: unknown): never {
  const { default: inside } = Object(given) as { default?: unknown };
  const hint = isModel(inside) ? ['this is a module; pass its `default`'] : [];
  fail('CNNC1003', 'compile', {}, `the model is ${describe(given)}, expected a result of defineModel`, hint);
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

/** Accepts any shape. The frontend checks shapes, because its errors name the model. */
export const shapeReaders = {
  batch: absent<number>({ expected: '', read: (value) => value as number }),
  inputs: absent<Readonly<Record<string, readonly number[]>>>({
    expected: '',
    read: (value) => value as Readonly<Record<string, readonly number[]>>,
  }),
};

const packageName: Reader<string> = {
  expected: NAME_RULE,
  read: (value) => (typeof value === 'string' && isModelName(value) ? value : undefined),
};

const preprocess: Reader<PreprocessOption> = {
  expected: 'a name, such as "imagenet", or settings',
  read: (value) =>
    typeof value === 'string' || (typeof value === 'object' && value !== null) ? value : undefined,
};

export const labelsReader: Reader<string | readonly string[]> = {
  expected: 'a file with one name a line, "imagenet", or a list of names',
  read(value) {
    if (typeof value === 'string') return value;
    const isList = Array.isArray(value) && value.every((name) => typeof name === 'string');
    return isList ? value : undefined;
  },
};

const READERS = {
  ...shapeReaders,
  batch: absent(batchReader),
  out: absent(text),
  force: absent(flag),
  name: absent(packageName),
  targets: absent(targetList),
  inline: optional(inlineReader, []),
  exact: absent(flag),
  fixedWeights: optional(flag, false),
  packedWeights: optional(flag, false),
  tune: absent(text),
  weights: absent(anyWeights),
  training: absent(object<TrainingSettings>()),
  disabledPasses: optional(named('a list of passes'), []),
  seed: absent(seedReader),
  preprocess: absent(preprocess),
  labels: absent(labelsReader),
  source: absent(text),
  note: absent(text),
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
  predictBatch: absent(batchReader),
};

const TARGET_OPTIONS: readonly TargetOption[] = ['inline', 'exact', 'tune'];

/** Refuses options that none of the targets uses. */
function refuseWithoutTarget(
  given: { readonly [option in TargetOption]?: unknown },
  targets: readonly TargetRecord[],
): void {
  for (const option of TARGET_OPTIONS) {
    if (!given[option] || targets.some(({ options }) => options.includes(option))) continue;
    const own = TARGETS.filter(({ options }) => options.includes(option)).map(({ name }) => name);
    refuse(
      'CNNC7007',
      `the option ${option} only applies to ${own.join(' and ')}; add ${own.join(' or ')} to the targets`,
    );
  }
}
