/**
 * How the faces of a package (`index.ts`, trainer, halves) reach a target's module: the lines in which targets differ.
 * In all of them `memory` holds the arrays of what goes in and comes out, by the buffers' names.
 */
import type { SourceFile } from 'ts-morph';
import type { PackageParameter } from '../emit/parameters.ts';
import type { RuntimePart } from './runtimeFile.ts';
import type { Site } from './trainingSite.ts';
import type { CompiledModel } from './types.ts';

/** Names as TypeScript imports them: `x`, `x as y`, `type T`. */
export interface ImportText {
  readonly from: string;
  readonly names: readonly string[];
  readonly isTypeOnly?: boolean;
}

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

/** Which memory a phase of training runs on. */
export type Place = 'step' | 'halves';

export interface TrainerText {
  readonly parameters: readonly ParameterText[];
  /** Values of these in `load`. */
  readonly arguments: readonly string[];
  readonly imports: (site: Site) => readonly ImportText[];
  /** Declares `memory`, `halves` and, of the `parts` of runtime/training/trainer.ts, `core`; `result` stands between. */
  readonly before: (site: Site) => readonly string[];
  readonly core: (site: Site, parts: string) => readonly string[];
  /** What runtime/training/trainer.ts knows as the parameters. */
  readonly named: string;
}

export interface HalvesText {
  readonly parameters: (site: Site) => readonly ParameterText[];
  readonly imports: (site: Site) => readonly ImportText[];
  readonly setUp: string;
  /** The array of a parameter. */
  readonly parameterArray: (parameter: PackageParameter, key: string) => string;
}

interface AnyHost {
  /** Parts of runtime/ that only this target needs. */
  readonly runtime: readonly RuntimePart[];
  readonly indexImports: (model: CompiledModel) => readonly ImportText[];
  /** Options of `load` beside the weights. */
  readonly loadOptions: string;
  /** From `source`, where the weights are, to the model or trainer that is returned. */
  readonly load: (model: CompiledModel) => readonly string[];
}

/** Where a call returns when all is done. */
export interface Host extends AnyHost {
  readonly calls: 'immediate';
  readonly forward: (model: CompiledModel) => ForwardText;
  readonly trainer: TrainerText;
  readonly halves: HalvesText;
  /** A phase of training, called. */
  readonly phaseCall: (site: Site, name: string, place: Place) => string;
}

/** Where calls return promises, and the face is another one. */
export interface PromisingHost extends AnyHost {
  readonly calls: 'promised';
  /** `Inputs`, `Outputs`, `Model` and what `load` uses. */
  readonly writeFace: (file: SourceFile, model: CompiledModel, loadOptions: string) => void;
}

export function addImports(file: SourceFile, imports: readonly ImportText[]): void {
  for (const { from, names, isTypeOnly = false } of imports) {
    if (names.length === 0) continue;
    file.addImportDeclaration({ moduleSpecifier: from, namedImports: [...names], isTypeOnly });
  }
}

export const hasPhase = (model: CompiledModel, name: string): boolean =>
  model.program.phases.some((phase) => phase.name === name);

/** `runStep` */
export const runName = (phase: string): string => `run${phase[0]!.toUpperCase()}${phase.slice(1)}`;

export const quoted = (text: string): string => JSON.stringify(text);
