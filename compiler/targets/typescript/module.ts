/**
 * The TypeScript target's files for the programs of a package: one `kernels.ts` for all of them, and for each
 * program, in its folder, `memory.ts` and one file a phase. It reads programs and plans only.
 */
import { Project, type SourceFile } from 'ts-morph';
import { distinctKernels } from '../../program/deduplicate.ts';
import type { MemoryPlan } from '../../program/memoryPlan.ts';
import type { PhaseName, Program, Timeline } from '../../program/types.ts';
import { writeHalvesMemory, writeMemory, type MemoryModuleOptions } from './memoryModule.ts';
import { parameterKeys, writeParameters, type PackageParameter } from './parametersModule.ts';
import { writePhase } from './phaseModule.ts';
import { docComment, printKernelFunction, type PrintedFunction } from './printer.ts';
import { storageNames, type ParameterKeys } from './storage.ts';

/** A file as TypeScript, formatted already or not, or as functions that need it only where a line is long. */
export type EmittedFile =
  | { readonly kind: 'source' | 'formatted'; readonly text: string }
  | { readonly kind: 'functions'; readonly header: string; readonly functions: readonly PrintedFunction[] };

export interface ModuleProgram {
  readonly program: Program;
  readonly plan: MemoryPlan;
  /** Empty, or a folder's name with a slash. */
  readonly folder: '' | 'training/';
  readonly weights: MemoryModuleOptions['weights'];
  readonly timeline: Timeline;
  /** Of a trainer's halves, in memory of their own. */
  readonly halves?: MemoryPlan;
}

type Files = Map<string, EmittedFile>;

/** `parameters` where the package trains. Path to unformatted source. */
export function typescriptModule(
  name: string,
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
): ReadonlyMap<string, EmittedFile> {
  const project = new Project({ useInMemoryFileSystem: true });
  const files: Files = new Map([['kernels.ts', kernelsFile(name, programs)]]);
  const write = (path: string, fill: (file: SourceFile) => string): void => {
    const file = project.createSourceFile(path);
    const header = fill(file);
    files.set(path, { kind: 'source', text: `${header}\n${file.getFullText()}` });
  };
  const keys = parameterKeys(parameters);
  if (parameters.length) write('parameters.ts', (file) => writeParameters(file, parameters, keys));
  for (const one of programs) writeProgram(one, keys, write);
  return files;
}

function writeProgram(
  { program, plan, folder, weights, timeline, halves }: ModuleProgram,
  keys: ParameterKeys,
  write: (path: string, fill: (file: SourceFile) => string) => void,
): void {
  const root = folder === '' ? './' : '../';
  const storage = storageNames(program, keys);
  write(`${folder}memory.ts`, (file) => writeMemory(file, program, plan, { weights, root, timeline }));
  if (halves) write(`${folder}halvesMemory.ts`, (file) => writeHalvesMemory(file, program, halves));
  for (const phase of program.phases) {
    const memory = runsIn(phase.name, timeline)
      ? { type: 'Memory', file: './memory.js' }
      : { type: 'HalvesMemory', file: './halvesMemory.js' };
    write(`${folder}${phase.name}.ts`, (file) => writePhase(file, phase, storage, { root, memory }));
  }
}

/** `backward` and `update` touch what `step` touches. */
const runsIn = (name: PhaseName, timeline: Timeline): boolean =>
  name === 'prepare' || timeline.includes(name) || (name !== 'inputGradient' && timeline.includes('step'));

function kernelsFile(name: string, programs: readonly ModuleProgram[]): EmittedFile {
  const header = docComment([
    `The kernels of ${name}. Every shape is a constant; arrays are flat, channels last unless a comment`,
    'says otherwise. Sums are kept in doubles and rounded once, when they are stored.',
  ]);
  const kernels = distinctKernels(programs.map(({ program }) => program));
  return { kind: 'functions', header, functions: kernels.map(printKernelFunction) };
}
