/**
 * Options of the plugin: what a compile of a model may be given, in the plugin's configuration or in the query of an
 * import. Names are those of the command line. What is wrong is a `Diagnostic` that names the option.
 */
import { resolve } from 'node:path';
import { optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { fail } from '../diagnostics/diagnostic.ts';
import { batchReader, type BatchOption } from '../driver/batches.ts';
import { inlineReader, type InlineOption } from '../driver/inline.ts';
import { IMAGENET } from '../driver/files.ts';
import { labelsReader, seedReader, type CompileOptions } from '../driver/options.ts';
import { readPreprocess, type PreprocessOption } from '../frontend/givenPreprocess.ts';
import {
  absent,
  count,
  flag,
  oneOf,
  optional,
  positive,
  readOptions,
  type Reader,
} from '../frontend/options.ts';
import { preferred } from '../package/preference.ts';
import { selectTargets, TARGETS, type TargetName } from '../targets/index.ts';
import { fromRoot } from './requests.ts';

/** What one model is compiled with. */
export interface ModelOptions {
  /** What the package runs on; several in one where they are named. Default: WebAssembly. */
  readonly target?: TargetName | readonly TargetName[];
  /** Parts that stand inside the JavaScript, in base64, instead of in files: kernels (`true`), weights, or `all`. */
  readonly inline?: InlineOption;
  /** No convolution by Winograd's algorithm, which adds rounding errors. */
  readonly exact?: boolean;
  /** Fixes the weights: the package has no code that takes others. */
  readonly fixedWeights?: boolean;
  /** Fixes the weights and stores them as the kernels read them; the file may be several times as large. */
  readonly packedWeights?: boolean;
  /** Replaces the first extent of every input. Several, such as `[1, 8]`: `forward` takes any number of images. */
  readonly batch?: BatchOption;
  /** Whole shapes, by the input's name. */
  readonly inputs?: Readonly<Record<string, readonly number[]>>;
  /** A file with the weights; relative to the root, in a query to the importing module's folder. */
  readonly weights?: string;
  /** Draws the weights where there is no file. */
  readonly seed?: number;
  /** How an image becomes the input, for a model that does not say it: `imagenet`, or settings, as on the command line. */
  readonly preprocess?: PreprocessOption;
  /**
   * Names of the classes, for a model that has none: a list, `imagenet`, or a file with one a line, whose path is relative
   * as that of the weights.
   */
  readonly labels?: string | readonly string[];
  /** The package trains as well: all weights (`true`, `all`), or `head`, `last:N`, `bias`, or names such as `layer4.*`. */
  readonly train?: boolean | string;
  readonly optimizer?: OptimizerName;
  /** Steps clip the norm of the gradients. */
  readonly clip?: boolean;
  /** Most bytes that the arena of a step may take. */
  readonly maxMemory?: number;
  /** A step runs its batch in so many parts. */
  readonly microBatches?: number;
  /** The batch of `forward` and `predict` of a package that trains, or several. */
  readonly predictBatch?: BatchOption;
}

export interface PluginOptions extends Omit<ModelOptions, 'inputs' | 'weights' | 'preprocess' | 'labels'> {
  /** Options of single models, by their file's path from the root. */
  readonly models?: Readonly<Record<string, ModelOptions>>;
  /**
   * Writes `net.d.onnx.ts` beside every imported `net.onnx`: the exact types of its module, which TypeScript reads with
   * `allowArbitraryExtensions`. Default: false, because it writes into your sources.
   */
  readonly dts?: boolean;
  /** Where packages are kept; default: `node_modules/.cache/cnnc` beside the nearest package.json. */
  readonly cacheFolder?: string;
}

/** Checked options of the plugin; those of models are checked with the model. */
export interface Settings {
  readonly defaults: ModelOptions;
  readonly models: Readonly<Record<string, ModelOptions>>;
  readonly dts: boolean;
  readonly cacheFolder: string | undefined;
}

const SUBJECT = 'cnnc plugin';

const text: Reader<string> = {
  expected: 'a string',
  read: (value) => (typeof value === 'string' && value !== '' ? value : undefined),
};

const record = <T>(expected: string): Reader<Readonly<Record<string, T>>> => ({
  expected,
  read: (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, T>>)
      : undefined,
});

const target: Reader<readonly TargetName[]> = {
  expected: `a target or a list of them: ${TARGETS.map(({ name }) => name).join(', ')}`,
  read: (value) => (Array.isArray(value) ? (value as TargetName[]) : [value as TargetName]),
};

const selection: Reader<boolean | string> = {
  expected: 'true, or a selection of weights such as "head"',
  read: (value) =>
    typeof value === 'boolean' || (typeof value === 'string' && value !== '') ? value : undefined,
};

const preprocess: Reader<PreprocessOption> = {
  expected: 'a name, such as "imagenet", or settings',
  read: (value) =>
    readPreprocess(value, (found) => fail('CNNC4020', SUBJECT, {}, `the option preprocess: ${found}`)),
};

/** The frontend checks a single batch of a compile, but its errors name no query. */
const batches: Reader<BatchOption> = {
  expected: batchReader.expected,
  read: (value) => (Array.isArray(value) ? batchReader.read(value) : count.read(value)),
};

const SHARED = {
  target: absent(target),
  inline: absent(inlineReader),
  exact: absent(flag),
  fixedWeights: absent(flag),
  packedWeights: absent(flag),
  batch: absent(batches),
  seed: absent(seedReader),
  train: absent(selection),
  optimizer: absent(oneOf(...(Object.keys(optimizers) as OptimizerName[]))),
  clip: absent(flag),
  maxMemory: absent(positive),
  microBatches: absent(count),
  predictBatch: absent(batches),
};

const OF_MODEL = {
  ...SHARED,
  inputs: absent(record<readonly number[]>('shapes by name')),
  weights: absent(text),
  preprocess: absent(preprocess),
  labels: absent(labelsReader),
};

const OF_PLUGIN = {
  ...SHARED,
  models: optional(record<ModelOptions>('options by the path of a model file'), {}),
  dts: optional(flag, false),
  cacheFolder: absent(text),
};

export function readPluginOptions(options: PluginOptions = {}): Settings {
  const refuse = (found: string): never => fail('CNNC4020', SUBJECT, {}, found);
  const { models, dts, cacheFolder, ...given } = readOptions<PluginOptions, typeof OF_PLUGIN>(
    refuse,
    options,
    OF_PLUGIN,
  );
  if (given.target) selectTargets(given.target, SUBJECT);
  return { defaults: withoutUndefined<ModelOptions>(given), models, dts, cacheFolder };
}

/** The options for one model: the query's, else those of its file, else the defaults. `file` is absolute. */
export function optionsOf(
  settings: Settings,
  root: string,
  file: string,
  query: URLSearchParams,
): ModelOptions {
  const path = fromRoot(root, file);
  const refuse = (found: string): never => fail('CNNC4020', SUBJECT, { file: path }, found);
  const check = (options: ModelOptions): ModelOptions =>
    withoutUndefined(readOptions<ModelOptions, typeof OF_MODEL>(refuse, options, OF_MODEL));
  const [, own] = Object.entries(settings.models).find(([name]) => resolve(root, name) === file) ?? [];
  return over(over(settings.defaults, check(own ?? {})), check(parseQuery(query)));
}

/** A seed and a weight file replace each other. */
function over(base: ModelOptions, top: ModelOptions): ModelOptions {
  const drawn =
    top.weights === undefined && top.seed === undefined ? {} : { weights: undefined, seed: undefined };
  return withoutUndefined({ ...base, ...drawn, ...top });
}

const withoutUndefined = <T extends object>(options: T): T =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

/** Values that are no numbers stay texts, so that the check of the options refuses them. */
const number = (value: string): unknown => (/^\d+$/.test(value) ? Number(value) : value);
/** `8` or `1,8,32` */
const list = (value: string): unknown => (value.includes(',') ? value.split(',').map(number) : number(value));
const bool = (value: string): unknown => ({ '': true, true: true, false: false })[value] ?? value;

const PARSERS: Readonly<Record<string, (value: string) => unknown>> = {
  target: (value) => value.split(','),
  inline: (value) => (value.includes(',') ? value.split(',') : bool(value)),
  exact: bool,
  fixedWeights: bool,
  packedWeights: bool,
  batch: list,
  seed: number,
  train: bool,
  clip: bool,
  maxMemory: number,
  microBatches: number,
  predictBatch: list,
};

const INPUT = 'input.';

/** `?target=wasm,webgpu&batch=4&input.image=1x3x96x96&exact`. Unknown names are left to the check. */
function parseQuery(query: URLSearchParams): ModelOptions {
  const options: Record<string, unknown> = {};
  for (const [name, value] of query) {
    if (name.startsWith(INPUT)) {
      options['inputs'] = {
        ...(options['inputs'] as object),
        [name.slice(INPUT.length)]: value.split('x').map(number),
      };
    } else options[name] = (PARSERS[name] ?? String)(value);
  }
  return options;
}

/** The file of the labels, from the root. Undefined if they are no file. */
export const labelsFile = ({ labels }: ModelOptions): string | undefined =>
  typeof labels === 'string' && labels !== IMAGENET ? labels : undefined;

/** Those of the library's `compile`; without the weights and the labels, which may be files below the root. */
export function compileOptions(options: ModelOptions): CompileOptions {
  const { target: targets, inputs, batch, seed, inline, exact, preprocess, train = false, ...rest } = options;
  const { optimizer, clip, maxMemory, microBatches, predictBatch, fixedWeights, packedWeights } = rest;
  const given = { optimizer, clip, maxMemory, microBatches, predictBatch };
  if (train === false) refuseTraining(given);
  return {
    ...{ inputs, batch, seed, inline, exact, fixedWeights, packedWeights, preprocess },
    targets: targetsOf(targets),
    training: train === false ? undefined : { ...given, train: train === true ? 'all' : train },
  };
}

function refuseTraining(given: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(given).find((one) => given[one] !== undefined);
  if (name)
    fail('CNNC4008', SUBJECT, {}, `the option ${name} is for a package that trains: add the option train`);
}

function targetsOf(given: ModelOptions['target']): readonly TargetName[] {
  if (given !== undefined)
    return selectTargets([given].flat(), SUBJECT).map(({ name }) => name as TargetName);
  return [preferred(TARGETS).name as TargetName];
}
