/**
 * The TypeScript target's files for the programs of a package: one `kernels.ts` for all of them, and for each
 * program, in its folder, `memory.ts` and one file a phase. It reads programs and plans only.
 */
import { Project, type SourceFile } from 'ts-morph';
import { runsIn } from '../../emit/buffers.ts';
import { parameterKeys, type PackageParameter } from '../../emit/parameters.ts';
import { storageNames, type ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import type { EmittedFile, ModuleProgram } from '../../emit/types.ts';
import { distinctKernels } from '../../program/deduplicate.ts';
import { writeHalvesMemory, writeMemory } from './memoryModule.ts';
import { writeParameters } from './parametersModule.ts';
import { writePhase } from './phaseModule.ts';
import { printKernelFunction } from './printer.ts';

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

function kernelsFile(name: string, programs: readonly ModuleProgram[]): EmittedFile {
  const header = docComment([
    `The kernels of ${name}. Every shape is a constant and every array is flat: the comment of a kernel says what it`,
    'computes and where the elements of its arrays lie. Sums are kept in doubles and rounded once, when they are stored.',
  ]);
  const kernels = distinctKernels(programs.map(({ program }) => program));
  return { kind: 'functions', header, functions: kernels.map(printKernelFunction) };
}
