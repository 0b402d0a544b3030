/** What targets take and give when they write the files of a package. */
import type { MemoryPlan } from '../program/memoryPlan.ts';
import type { Program, Timeline } from '../program/types.ts';

/** The same function in the three files of a module. */
export interface PrintedFunction {
  readonly typescript: string;
  readonly javascript: string;
  readonly declaration: string;
}

/** A file as TypeScript, formatted already or not, or as functions that need it only where a line is long. */
export type EmittedFile =
  | { readonly kind: 'source' | 'formatted'; readonly text: string }
  | { readonly kind: 'functions'; readonly header: string; readonly functions: readonly PrintedFunction[] };

export const sourceFile = (text: string): EmittedFile => ({ kind: 'source', text });

/** From the files of a program to the package's root. */
export const rootOf = ({ folder }: Pick<ModuleProgram, 'folder'>): string => (folder === '' ? './' : '../');

/** A program of the package, and how its module lays it out. */
export interface ModuleProgram {
  readonly program: Program;
  readonly plan: MemoryPlan;
  /** Empty, or a folder's name with a slash. */
  readonly folder: '' | 'training/';
  /** The weights come packed from the weight file, or are made by `prepare` from the parameters. */
  readonly weights: 'file' | 'prepared';
  readonly timeline: Timeline;
  /** Of a trainer's halves, in memory of their own. */
  readonly halves?: MemoryPlan;
}
