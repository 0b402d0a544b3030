import type { FittedDetector } from '../frontend/detection.ts';
import type { Preprocess } from '../frontend/preprocess.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import type { OptimizerName } from '../autodiff/optimizers/types.ts';
import type { ParameterData } from '../program/bake.ts';
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { Program, Timeline } from '../program/types.ts';
import type { PackageParameter } from './parameters.ts';

/** Everything that a target's files are printed from. */
export interface CompiledModel {
  readonly name: string;
  /** The model file as the user named it, for headers: `models/resnet18.ts`. */
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly preprocess?: Preprocess;
  readonly labels?: readonly string[];
  readonly detection?: FittedDetector;
  /** Learned numbers of the model as its author counts them. */
  readonly parameterCount: number;
  /** Inference. */
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
  readonly training?: CompiledTraining;
}

/** Of a training step. */
export interface TradeOff {
  readonly arenaBytes: number;
  readonly multiplyAdds: number;
}

/** A package that trains holds both programs over the same parameters. */
export interface CompiledTraining {
  readonly graph: Graph;
  readonly program: Program;
  /** Of `trainStep`. */
  readonly plan: MemoryPlan;
  /** Of `forward`, `backward` and `applyGradients`, which are called by themselves. */
  readonly halves: MemoryPlan;
  readonly optimizer: OptimizerName;
  /** So many batches, each a part of the package's batch, make one step. */
  readonly microBatches: number;
  /** The phases of a step. */
  readonly timeline: Timeline;
  /** What computing values twice would trade: ever less memory for more arithmetic. */
  readonly tradeOffs: () => readonly TradeOff[];
  /** Inputs that only the loss reads, by name; of one micro-batch. */
  readonly targets: Readonly<Record<string, TensorType>>;
  /** Weights, running statistics and optimizer state, in the model's order. */
  readonly parameters: readonly PackageParameter[];
  /** Canonical first values of all but the optimizer's state. */
  readonly data: ParameterData;
}

/** What may stand inside the JavaScript of a package, in base64, instead of in files of its own. */
export const INLINE_PARTS = ['kernels', 'weights'] as const;
export type InlinePart = (typeof INLINE_PARTS)[number];

export interface PackageOptions {
  /** Kernels are files with the wasm target only. */
  readonly inline?: readonly InlinePart[];
}

export const isInline = ({ inline = [] }: PackageOptions, part: InlinePart): boolean => inline.includes(part);

/** Path in the package to contents. */
export type PackageFiles = ReadonlyMap<string, string | Uint8Array>;
