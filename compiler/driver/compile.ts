/**
 * `compile` of the library: a model in, the files of its package out, in memory or in a folder. It
 * brings TypeScript's and prettier's sources along, so `index.ts` loads it with the first call.
 */
import { fail } from '../diagnostics/diagnostic.ts';
import { isOptimizerName, optimizers } from '../autodiff/optimizers/index.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import { matchWeights, type LeftOut } from '../frontend/matchWeights.ts';
import { isModel, type Model } from '../frontend/model.ts';
import { absent, isWhole, readOptions, type Reader } from '../frontend/options.ts';
import { describe } from '../frontend/tensor.ts';
import { readWeights } from '../frontend/weightFile.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import { layerTable, type LayerRow } from '../package/layerTable.ts';
import { programReport, type ProgramReport } from '../package/programReport.ts';
import {
  countNodes,
  totalsOf,
  trainingTotals,
  type NodeCounts,
  type Totals,
  type TrainingTotals,
} from '../package/totals.ts';
import type { PackageFiles, PackageOptions } from '../package/types.ts';
import { drawPlan, type PictureSize } from '../program/picture.ts';
import { filesOf, type CompilerHost } from './host.ts';
import { compileToPackage, type CompileOptions as PipelineOptions, type Stage } from './pipeline.ts';
import { selectTargets, type KnownTarget } from '../targets/index.ts';

export interface CompileOptions {
  /** The package's folder, written as a whole or not at all. Without it the files are only returned. */
  readonly out?: string;
  /** What the package runs on, several in one where they are named; default: the first of all, `typescript`. */
  readonly targets?: readonly KnownTarget[];
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
  /** PyTorch's state dict, as safetensors or as torch.save writes it: the file's path, or its bytes. */
  readonly weights?: string | Uint8Array;
  /** Draws the weights where none are given; default 1. */
  readonly seed?: number;
  /** The model file as the headers name it; default: the one that called `defineModel`. */
  readonly source?: string;
  /** The package trains as well; its batch is fixed by `batch`. */
  readonly training?: TrainingSettings;
  /** Called with the graph as it comes in and after every pass. */
  readonly onStage?: (stage: Stage) => void;
}

export interface TrainingSettings {
  /** Default `sgd`. */
  readonly optimizer?: OptimizerName;
  /**
   * Which weights are learned: `all` (default), `head`, `last:N`, `bias`, or names such as `layer4.*`. With a
   * selection, weights that do not fit the model are left out: a net with another head keeps the rest.
   */
  readonly train?: string;
  /** Steps clip the norm of all gradients together, at the hyperparameter `maximumNorm`. */
  readonly clip?: boolean;
  /**
   * The most bytes that the arena of a step may take: what does not fit is computed again in the backward pass, where
   * that costs least. Refused when nothing is enough.
   */
  readonly maxMemory?: number;
  /** A step runs its batch in so many parts, one behind the other, and averages their gradients; default 1. */
  readonly microBatches?: number;
}

/** The package and what it costs; sizes in bytes. */
export interface Compilation extends Totals {
  readonly name: string;
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  /** Learned numbers; running statistics are not counted. */
  readonly parameters: number;
  readonly arenaBytes: number;
  readonly nodes: NodeCounts;
  /** The network as its author wrote it. */
  readonly layers: readonly LayerRow[];
  /** What inference runs and holds. */
  readonly report: ProgramReport;
  /** The memory plan as text. */
  readonly drawMemory: (size: PictureSize) => string;
  /** The training program, where there is one. */
  readonly training?: TrainingTotals;
  /** What of the weight file, or of the model, found no partner. */
  readonly left: readonly LeftOut[];
  /** Path in the package to contents. */
  readonly files: PackageFiles;
}

export async function compile(
  model: Model,
  options: CompileOptions,
  host: CompilerHost,
): Promise<Compilation> {
  if (!isModel(model)) refuseModel(model);
  const { out, ...settings } = readCompileOptions(options);
  if (out !== undefined) filesOf(host, 'compile', 'out').checkFolder(out);
  const left: LeftOut[] = [];
  const before = new Map<string, Graph>();
  const onStage = (stage: Stage): void => {
    if (/^(training-)?00-/.test(stage.name)) before.set(stage.name, stage.graph);
    settings.onStage?.(stage);
  };
  const tuning =
    settings.tune === undefined ? undefined : filesOf(host, 'compile', 'tune').openTuning(settings.tune);
  const choose = tuning?.choose;
  const given = { ...pipelineOptions(model, { ...settings, onStage }, left, host), choose };
  const compiled = await compileToPackage(model, given, host);
  tuning?.save();
  if (out !== undefined) filesOf(host, 'compile', 'out').writePackage(out, compiled.files);
  const { name, source, inputs, outputs, parameterCount, graph, program, plan } = compiled.model;
  const [written, trained] = [before.get('00-model')!, before.get('training-00-model')];
  return {
    ...{ name, source, inputs, outputs, parameters: parameterCount, arenaBytes: plan.arenaBytes },
    ...totalsOf(compiled.model),
    nodes: { before: countNodes(written), after: countNodes(graph) },
    layers: layerTable(written),
    report: programReport(program, plan),
    drawMemory: (size) => drawPlan(program, plan, size),
    training: trainingTotals(compiled.model, trained ? countNodes(trained) : 0),
    left,
    files: compiled.files,
  };
}

const refuse = (found: string): never => fail('compile', {}, found);

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

const seed: Reader<number> = {
  expected: 'a whole number from 0',
  read: (value) => (isWhole(value, 0) ? value : undefined),
};

const weights: Reader<string | Uint8Array> = {
  expected: "a file's path or its bytes",
  read: (value) => (typeof value === 'string' || value instanceof Uint8Array ? value : undefined),
};

const flag: Reader<boolean> = {
  expected: 'true or false',
  read: (value) => (typeof value === 'boolean' ? value : undefined),
};

const names: Reader<readonly string[]> = {
  expected: 'a list of targets',
  read: (value) => (Array.isArray(value) ? (value as string[]) : undefined),
};

/** Whatever it is: the frontend checks it and names the model. */
const anything = <T>(): Reader<T> => ({ expected: '', read: (value) => value as T });

const readCompileOptions = (options: CompileOptions) =>
  readOptions(refuse, options, {
    out: absent(text),
    targets: absent(names),
    inline: absent(flag),
    exact: absent(flag),
    tune: absent(text),
    batch: absent(anything<number>()),
    inputs: absent(anything<Readonly<Record<string, readonly number[]>>>()),
    weights: absent(weights),
    training: absent(anything<TrainingSettings>()),
    seed: absent(seed),
    source: absent(text),
    onStage: absent(anything<(stage: Stage) => void>()),
  });

type Settings = Omit<ReturnType<typeof readCompileOptions>, 'out'>;

function pipelineOptions(
  model: Model,
  settings: Settings,
  left: LeftOut[],
  host: CompilerHost,
): PipelineOptions & PackageOptions {
  if (settings.weights !== undefined && settings.seed !== undefined) {
    refuse('the option seed draws weights and the option weights reads them, only one of the two can be');
  }
  refuseWithoutTarget(settings);
  const file = settings.weights === undefined ? undefined : weightsFrom(settings.weights, host);
  const { train = 'all', clip, optimizer = 'sgd', maxMemory, microBatches } = settings.training ?? {};
  if (maxMemory !== undefined && !(maxMemory >= 1))
    refuse(`maxMemory is ${describe(maxMemory)}, expected bytes`);
  if (microBatches !== undefined && !isWhole(microBatches, 1))
    refuse(`microBatches is ${describe(microBatches)}, expected a whole number from 1`);
  if (!isOptimizerName(optimizer))
    refuse(`there is no optimizer ${describe(optimizer)}, expected ${Object.keys(optimizers).join(', ')}`);
  const partial = train !== 'all';
  const match =
    (stored: NonNullable<typeof file>) =>
    (expected: Parameters<typeof matchWeights>[1], alsoKnown: () => readonly string[]) => {
      const matched = matchWeights(stored.file, expected, stored.name, {
        alsoKnown,
        allowExtra: partial,
        allowMismatch: partial,
      });
      left.push(...matched.left);
      return matched.weights;
    };
  return {
    ...settings,
    training: settings.training && { optimizer, train, clips: clip, maxMemory, microBatches },
    source: settings.source ?? model.place.file ?? model.name,
    targets: settings.targets && selectTargets(settings.targets, 'compile'),
    weights: file && match(file),
  };
}

/** Options that only the kernels of some targets have. */
const OF_TARGETS = {
  inline: ['wasm'],
  exact: ['wasm', 'webgpu'],
  tune: ['wasm'],
} as const satisfies Partial<Record<keyof Settings, readonly KnownTarget[]>>;

function refuseWithoutTarget({ targets = [], ...settings }: Settings): void {
  for (const option of Object.keys(OF_TARGETS) as (keyof typeof OF_TARGETS)[]) {
    const own: readonly string[] = OF_TARGETS[option];
    if (!settings[option] || targets.some((name) => name === 'all' || own.includes(name))) continue;
    refuse(
      `the option ${option} is for kernels of ${own.join(' and ')}, expected ${own.join(' or ')} among the targets`,
    );
  }
}

function weightsFrom(from: string | Uint8Array, host: CompilerHost) {
  const name = typeof from === 'string' ? from : 'weights';
  const bytes = typeof from === 'string' ? filesOf(host, 'compile', 'weights').read('weights', from) : from;
  return { name, file: readWeights(bytes, name) };
}
