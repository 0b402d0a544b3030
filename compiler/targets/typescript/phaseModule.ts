/** `forward.ts`, `backward.ts` ...: a phase of a program as a function of the arrays that it touches. */
import type { SourceFile } from 'ts-morph';
import { callLines, phaseHeader } from '../../emit/phases.ts';
import { STORAGE_TYPES, type Storage, type StorageNames } from '../../emit/storage.ts';
import type { Phase } from '../../program/types.ts';

export interface PhaseSite {
  /** Path to the package's root: `./` or `../`. */
  readonly root: string;
  /** The type of `m`, and the file that has it. */
  readonly memory: { readonly type: string; readonly file: string };
}

/** Fills the file; returns its header. */
export function writePhase(
  file: SourceFile,
  phase: Phase,
  storage: StorageNames,
  { root, memory }: PhaseSite,
): string {
  const { name, calls } = phase;
  const used = storage.used(calls);
  const kernels = [...new Set(calls.map((call) => call.kernel.name))].sort();
  file.addImportDeclaration({ namedImports: kernels, moduleSpecifier: `${root}kernels.js` });
  const typeOf = (one: Storage): string => (one === 'm' ? memory.type : STORAGE_TYPES[one]);
  const own = used.filter((one) => one !== 'p');
  for (const one of own) {
    const moduleSpecifier = one === 'm' ? memory.file : './memory.js';
    const known = file.getImportDeclaration(moduleSpecifier);
    if (known) known.addNamedImport(typeOf(one));
    else file.addImportDeclaration({ isTypeOnly: true, namedImports: [typeOf(one)], moduleSpecifier });
  }
  if (used.includes('p')) {
    file.addImportDeclaration({
      isTypeOnly: true,
      namedImports: ['Parameters'],
      moduleSpecifier: `${root}parameters.js`,
    });
  }
  file.addFunction({
    name,
    isExported: true,
    parameters: used.map((one) => ({ name: one, type: typeOf(one) })),
    returnType: 'void',
    statements: callLines(calls, storage),
  });
  return phaseHeader(phase, used);
}
