/**
 * How the API of a package (`index.ts`, the trainer) reaches a target's module: the lines in which targets differ. Where
 * calls are immediate, `memory` holds the arrays of what goes in and comes out, by the buffers' names.
 */
import type { Buffer, PhaseName } from '../../program/types.ts';
import type { ImportText } from '../declarations.ts';
import type { TrainingSite } from './trainingSite.ts';
import type { CompiledModel } from '../model.ts';

export interface ParameterText {
  readonly name: string;
  readonly type: string;
}

/** `createForward` of `index.ts`. */
export interface ForwardText {
  readonly parameters: readonly ParameterText[];
  /** Declares `memory` and, of these `outputs`, `results`. */
  readonly setUp: (results: string) => readonly string[];
  /** At the beginning of a call; nothing, or whole lines. */
  readonly begin: (results: string) => string;
  readonly run: string;
}

/** Where a phase of training runs. */
export type TrainingMemory = 'step' | 'halves';

/** The parts of `training/trainer.ts` and of `load` in which targets differ. */
export interface TrainerText {
  /** What the record `training` is made of. */
  readonly imports: (site: TrainingSite) => readonly ImportText[];
  /** From `runtime.ts`. */
  readonly runtimeTypes: readonly string[];
  readonly recordType: (site: TrainingSite) => string;
  readonly recordDoc: string;
  /** Fields of the record that only this target has, each with its comma. */
  readonly fields: (site: TrainingSite) => readonly string[];
  /** An expression for where the numbers of a buffer lie. */
  readonly place: (buffer: Buffer, memory: TrainingMemory) => string;
  /** An expression for a phase that the runtime runs. */
  readonly phase: (site: TrainingSite, name: PhaseName, memory: TrainingMemory) => string;
  /** An expression for the trainer, from `training`, `seed`, `hyperparameters` and what `load` has made before. */
  readonly create: string;
  /** Members of the interface `Trainer` that the target adds, before `trainStep` and at the end. */
  readonly members: { readonly first: string; readonly last: string };
}

interface AnyApi {
  readonly indexImports: (model: CompiledModel) => readonly ImportText[];
  /** Options of `load` beside the weights. */
  readonly loadOptions: string;
  /**
   * From `source`, where the weights are, to the model that is returned; if a trainer is wanted, up to `trainer.create`.
   * `declareSource` is the line that makes `source`, where the package reads weights.
   */
  readonly load: (model: CompiledModel, declareSource: readonly string[]) => readonly string[];
  readonly trainer: TrainerText;
}

/** Calls return when all is done. */
export interface ImmediateApi extends AnyApi {
  readonly calls: 'immediate';
  readonly forward: (model: CompiledModel) => ForwardText;
}

/** Calls return promises, and the types of the API are the target's own. */
export interface PromisedApi extends AnyApi {
  readonly calls: 'promised';
  /** `Inputs`, `Outputs`, `Model` and what `load` uses. */
  readonly types: (model: CompiledModel, loadOptions: string) => string;
}

export type Api = ImmediateApi | PromisedApi;

export const hasPhase = (model: CompiledModel, name: string): boolean =>
  model.program.phases.some((phase) => phase.name === name);

export const quoted = (text: string): string => JSON.stringify(text);
