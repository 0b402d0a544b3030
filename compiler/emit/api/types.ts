/**
 * The lines of a package's API (`index.ts`, the trainer) that differ between targets. If calls are immediate, the
 * variable `memory` holds the arrays of inputs and outputs, by the buffers' names.
 */
import type { Buffer, PhaseName, Program } from '../../program/types.ts';
import type { ImportText } from '../declarations.ts';
import type { TrainingSite } from './trainingSite.ts';
import type { CompiledModel } from '../model.ts';

export interface ParameterText {
  readonly name: string;
  readonly type: string;
}

/** The parts of `createForward` in `index.ts`. */
export interface ForwardText {
  readonly parameters: readonly ParameterText[];
  /** Lines that declare `memory`, and `results` with this initial value. */
  readonly setUp: (results: string) => readonly string[];
  /** Lines at the beginning of a call, each with its line break; may be empty. */
  readonly begin: (results: string) => string;
  readonly run: string;
  readonly batches: BatchTexts;
}

/** The programs for several batches in `createForward`. `suffix` is added to the names of what their files export. */
export interface BatchTexts {
  /** Lines before all programs. */
  readonly setUp: readonly string[];
  /** What `memory.ts` exports and `index.ts` imports only then. */
  readonly imports: readonly string[];
  /** An expression that creates a program's memory. */
  readonly create: (suffix: string) => string;
  /** A call of the program in this `memory`. */
  readonly run: (program: Program, suffix: string) => string;
}

/** The memory that a training phase runs in. */
export type TrainingMemory = 'step' | 'halves';

/** The parts of `training/trainer.ts` and of `load` that differ between targets. */
export interface TrainerText {
  /** The imports of the record `training`. */
  readonly imports: (site: TrainingSite) => readonly ImportText[];
  /** Types that are imported from `runtime.ts`. */
  readonly runtimeTypes: readonly string[];
  readonly recordType: (site: TrainingSite) => string;
  readonly recordDoc: string;
  /** Fields of the record that only this target has, each with its comma. */
  readonly fields: (site: TrainingSite) => readonly string[];
  /** An expression for the place of a buffer. */
  readonly place: (buffer: Buffer, memory: TrainingMemory) => string;
  /** An expression for a phase that the runtime runs. */
  readonly phase: (site: TrainingSite, name: PhaseName, memory: TrainingMemory) => string;
  /** An expression for the trainer. It may use `training`, `seed`, `hyperparameters` and the variables of `load`. */
  readonly create: string;
  /** Members of the interface `Trainer` that the target adds, before `trainStep` and at the end. */
  readonly members: { readonly first: string; readonly last: string };
}

interface AnyApi {
  readonly indexImports: (model: CompiledModel) => readonly ImportText[];
  /** Options of `load` in addition to the weights. */
  readonly loadOptions: string;
  /**
   * The lines of `load`: they read `source` and return the model. For a trainer they go on to `trainer.create`.
   * `declareSource` is the line that declares `source`, if the package reads weights.
   */
  readonly load: (model: CompiledModel, declareSource: readonly string[]) => readonly string[];
  readonly trainer: TrainerText;
}

/** The API of a target whose calls return their results. */
export interface ImmediateApi extends AnyApi {
  readonly calls: 'immediate';
  readonly forward: (model: CompiledModel) => ForwardText;
}

/** The API of a target whose calls return promises, and which prints the API's types itself. */
export interface PromisedApi extends AnyApi {
  readonly calls: 'promised';
  /** Prints `Inputs`, `Outputs`, `Model` and the declarations that `load` uses. */
  readonly types: (model: CompiledModel, loadOptions: string) => string;
}

export type Api = ImmediateApi | PromisedApi;

export const hasPhase = (model: CompiledModel, name: string): boolean =>
  model.program.phases.some((phase) => phase.name === name);

export const quoted = (text: string): string => JSON.stringify(text);
