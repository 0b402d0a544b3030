import type { FittedDetector } from '../frontend/detection.ts';
import type { Preprocess } from '../frontend/preprocess.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { ParameterData } from '../program/bake.ts';
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { Staging } from '../program/staging.ts';
import type { Program, Timeline } from '../program/types.ts';
import type { PackageParameter } from './parameters.ts';

/** A compiled model: everything that a target's files are printed from. */
export interface CompiledModel {
  readonly name: string;
  /** The model file as the user named it, for headers: `models/resnet18.ts`. */
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly preprocess?: Preprocess;
  readonly labels?: readonly string[];
  readonly detection?: FittedDetector;
  /** The number of learned parameters in the model as it was written. */
  readonly parameterCount: number;
  /** The graph, program and plan are those of inference. */
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
  readonly training?: CompiledTraining;
  /**
   * Present if `forward` takes any number of images: the programs for larger batches, in ascending order. They use the same
   * weights.
   */
  readonly batches?: readonly CompiledBatch[];
  readonly weights: WeightFacts;
  /** Present in a package for inference that prepares its weights when it is loaded. */
  readonly canonical?: CanonicalWeights;
}

/** The program of a model for another batch. */
export interface CompiledBatch {
  /** Number of images of a call. */
  readonly images: number;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** The batch: the first extent of the inputs. */
export const imagesOf = ({ inputs }: Pick<CompiledModel, 'inputs'>): number =>
  Object.values(inputs)[0]?.shape[0] ?? 1;

/** The size of the arena, which the programs of all batches share. */
export const arenaBytesOf = ({ plan, batches = [] }: CompiledModel): number =>
  Math.max(plan.arenaBytes, ...batches.map((one) => one.plan.arenaBytes));

/**
 * The form of a weight file. `moving`: the model's own weights, which generated code folds and packs at load, so that other
 * weights may be loaded. `fixed`: folded and packed, except for what is smaller before it is packed. `packed`: everything
 * as kernels read it.
 */
export type WeightForm = 'moving' | 'fixed' | 'packed';

/** Where the weights of a package come from. */
export type WeightOrigin =
  | { readonly kind: 'random'; readonly seed: number }
  /** A file that the options name, or the one that the model names. */
  | { readonly kind: 'file' | 'model'; readonly file: string }
  /** Bytes or numbers that a program has passed. */
  | { readonly kind: 'given' };

/** The flag that fixes the weights of a package, for errors at load. Undefined if the package takes other weights. */
export const fixingFlag = ({ weights: { form } }: Pick<CompiledModel, 'weights'>): string | undefined =>
  form === 'moving' ? undefined : `--${form}-weights`;

/** Whether a package for inference takes other weights while it runs. */
export const takesOthers = ({ canonical, weights }: CompiledModel): boolean =>
  canonical !== undefined && weights.form === 'moving';

export interface WeightFacts {
  readonly form: WeightForm;
  /** Computes the SHA-256 of the model's own weights, the same for all targets and forms. */
  readonly sha256: () => string;
  readonly origin: WeightOrigin;
}

/**
 * The weights of a package for inference that prepares them at load. In the form `moving` they are the model's own, with
 * PyTorch's names and shapes.
 */
export interface CanonicalWeights {
  /** The parameters in the order in which `prepare` reads them, which is that of the weight file. */
  readonly parameters: readonly PackageParameter[];
  readonly data: ParameterData;
  readonly staging: Staging;
}

/** The memory and the work of a training step. */
export interface TradeOff {
  readonly arenaBytes: number;
  readonly multiplyAdds: number;
}

/** A package that trains holds both programs over the same parameters. */
export interface CompiledTraining {
  readonly graph: Graph;
  readonly program: Program;
  /** The memory of `trainStep`. */
  readonly plan: MemoryPlan;
  /** The memory of the separate calls `forward`, `backward` and `applyGradients`. */
  readonly halves: MemoryPlan;
  readonly optimizer: OptimizerName;
  /** The number of parts that a step splits its batch into. */
  readonly microBatches: number;
  /** The phases of a step. */
  readonly timeline: Timeline;
  /** Whether a step can leave out examples of its batch. */
  readonly countsExamples: boolean;
  /** The choices between memory and work by computing values twice, in the order of less memory. */
  readonly tradeOffs: () => readonly TradeOff[];
  /** The inputs of the network, for the whole batch of a step. */
  readonly inputs: Readonly<Record<string, TensorType>>;
  /** The inputs that only the loss reads, by name, for one micro-batch. */
  readonly targets: Readonly<Record<string, TensorType>>;
  /** Weights, running statistics and optimizer state, in the model's order. */
  readonly parameters: readonly PackageParameter[];
  /** The first values in canonical shapes, without the optimizer's state. */
  readonly data: ParameterData;
}

/** The parts of a package that can be in its JavaScript, in base64, instead of in separate files. */
export const INLINE_PARTS = ['kernels', 'weights'] as const;
export type InlinePart = (typeof INLINE_PARTS)[number];

export interface PackageOptions {
  /** A paragraph for the README. */
  readonly note?: string | undefined;
  /**
   * The parts that are in the JavaScript, in base64, instead of in separate files. Only the wasm target has files of
   * kernels.
   */
  readonly inline?: readonly InlinePart[];
}

export const isInline = ({ inline = [] }: PackageOptions, part: InlinePart): boolean => inline.includes(part);

/** Contents by their path in the package. */
export type PackageFiles = ReadonlyMap<string, string | Uint8Array>;
