import type { Preprocess } from '../frontend/preprocess.ts';
import type { Graph, TensorType } from '../ir/types.ts';
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { Program } from '../program/types.ts';

/** Everything that the package's files are printed from. */
export interface CompiledModel {
  readonly name: string;
  /** The model file as the user named it, for headers: `models/resnet18.ts`. */
  readonly source: string;
  readonly inputs: Readonly<Record<string, TensorType>>;
  readonly outputs: Readonly<Record<string, TensorType>>;
  readonly preprocess?: Preprocess;
  readonly labels?: readonly string[];
  /** Learned numbers of the model as its author counts them. */
  readonly parameterCount: number;
  readonly graph: Graph;
  readonly program: Program;
  readonly plan: MemoryPlan;
}

/** Path in the package to contents. */
export type PackageFiles = ReadonlyMap<string, string | Uint8Array>;
