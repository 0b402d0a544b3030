/** The inputs and results of targets when they print the files of a package. */
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { Staging } from '../program/staging.ts';
import type { Program, Timeline } from '../program/types.ts';

/** The same function in the three files of a module. */
export interface PrintedFunction {
  readonly typescript: string;
  readonly javascript: string;
  readonly declaration: string;
}

/** A file as TypeScript, formatted or not, or as functions that are formatted only if they have long lines. */
export type EmittedFile =
  | { readonly kind: 'source' | 'formatted'; readonly text: string }
  | { readonly kind: 'functions'; readonly header: string; readonly functions: readonly PrintedFunction[] };

export const sourceFile = (text: string): EmittedFile => ({ kind: 'source', text });

/** The path from a program's files to the package's root. */
export const rootOf = ({ folder }: Pick<ModuleProgram, 'folder'>): string => (folder === '' ? './' : '../');

/** The folder of a program for one of several batches. */
export const batchFolder = (images: number): `batch${number}` => `batch${images}`;

export type Folder = '' | 'training/' | `batch${number}/`;

/** A program of the package with its memory plan and its place in the package. */
export interface ModuleProgram {
  readonly program: Program;
  readonly plan: MemoryPlan;
  /** The folder of the program's files. */
  readonly folder: Folder;
  /**
   * How weights come into memory: packed, from the weight file (`file`); computed by `prepare` from parameters that stay
   * in memory (`prepared`); or computed by `prepare` while the weight file is read (`staged`). A program for another batch
   * uses those of the first program (`shared`).
   */
  readonly weights: 'file' | 'prepared' | 'staged' | 'shared';
  /** Present for `staged`. */
  readonly staging?: Staging;
  /** The flag that fixed the weights. */
  readonly fixedBy?: string;
  readonly timeline: Timeline;
  /** The plan of a trainer's halves, which have a separate memory. */
  readonly halves?: MemoryPlan;
}
