/**
 * The TypeScript target's files for the programs of a package: one `kernels.ts` for all of them, and for each
 * program, in its folder, `memory.ts` and one file per phase. It reads only programs and plans.
 */
import { parameterKeys, type PackageParameter } from '../../emit/parameters.ts';
import type { CanonicalWeights } from '../../emit/model.ts';
import { shapesSentence } from '../../emit/batches.ts';
import { storageNames, type ParameterKeys } from '../../emit/storage.ts';
import { docComment } from '../../emit/text.ts';
import { sourceFile, type EmittedFile, type ModuleProgram } from '../../emit/types.ts';
import { distinctKernels } from '../../program/deduplicate.ts';
import { halvesSource, memorySource } from './memoryModule.ts';
import { parametersSource } from './parametersModule.ts';
import { phaseSource } from './phaseModule.ts';
import { stagedSource } from './stagedModule.ts';
import { printKernelFunction } from './printer.ts';

type Files = Map<string, EmittedFile>;

/**
 * Unformatted sources by path. `parameters` is empty unless the package trains. `takesAny` says whether the programs for
 * inference share an arena that is created outside of them.
 */
export function typescriptModule(
  name: string,
  programs: readonly ModuleProgram[],
  parameters: readonly PackageParameter[],
  canonical?: CanonicalWeights,
  takesAny = false,
): ReadonlyMap<string, EmittedFile> {
  const files: Files = new Map([['kernels.ts', kernelsFile(name, programs)]]);
  const keys = parameterKeys(parameters);
  if (parameters.length) files.set('parameters.ts', sourceFile(parametersSource(parameters, keys)));
  if (canonical) files.set('parameters.ts', sourceFile(stagedSource(programs[0]!, canonical)));
  const sharing = programs.filter(({ weights }) => weights === 'shared');
  const sharedBytes = takesAny
    ? Math.max(...[programs[0]!, ...sharing].map(({ plan }) => plan.arenaBytes))
    : undefined;
  for (const one of programs)
    addProgram(files, one, keys, one.folder === 'training/' ? undefined : sharedBytes);
  return files;
}

function addProgram(
  files: Files,
  one: ModuleProgram,
  keys: ParameterKeys,
  sharedBytes: number | undefined,
): void {
  const { program, folder, halves } = one;
  const storage = storageNames(program, keys);
  files.set(`${folder}memory.ts`, sourceFile(memorySource(one, sharedBytes)));
  if (halves) files.set(`${folder}halvesMemory.ts`, sourceFile(halvesSource(program, halves)));
  for (const phase of program.phases)
    files.set(`${folder}${phase.name}.ts`, sourceFile(phaseSource(one, phase, storage)));
}

function kernelsFile(name: string, programs: readonly ModuleProgram[]): EmittedFile {
  const kernels = distinctKernels(programs.map(({ program }) => program));
  const header = docComment([
    `The kernels of ${name}. ${shapesSentence(kernels)}`,
    'Every array is flat. The comment of a kernel states what it computes and how its arrays are laid out. Sums are kept',
    'in doubles and rounded once, when they are stored.',
  ]);
  return { kind: 'functions', header, functions: kernels.map(printKernelFunction) };
}
