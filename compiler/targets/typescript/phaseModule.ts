/** `forward.ts`, `backward.ts` ...: a phase as a function of the objects that hold its arrays. */
import { functionSource, importsSource, moduleSource } from '../../emit/declarations.ts';
import { callLines, phaseHeader, phaseSite, STAGED_DOC, stagedLines } from '../../emit/phases.ts';
import { STORAGE_TYPES, type StorageNames } from '../../emit/storage.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import type { Phase } from '../../program/types.ts';

export function phaseSource(one: ModuleProgram, phase: Phase, storage: StorageNames): string {
  const { name, calls } = phase;
  const { used, root, files, isHalf } = phaseSite(one, phase, storage);
  const types = isHalf ? { ...STORAGE_TYPES, m: 'HalvesMemory' } : STORAGE_TYPES;
  const kernels = [...new Set(calls.map((call) => call.kernel.name))].sort();
  const imports = [...new Set(used.map((space) => files[space]))].map((from) => ({
    from,
    names: used.filter((space) => files[space] === from).map((space) => types[space]),
    isTypeOnly: true,
  }));
  const parameters = used.map((space) => `${space}: ${types[space]}`).join(', ');
  return moduleSource(
    phaseHeader(phase, used),
    importsSource([{ from: `${root}kernels.js`, names: kernels }, ...imports]),
    one.staging && name === 'prepare'
      ? functionSource(
          `export function* ${name}(${parameters}): Generator<readonly string[], void>`,
          [STAGED_DOC],
          stagedLines(one, storage),
        )
      : functionSource(`export function ${name}(${parameters}): void`, [], callLines(calls, storage)),
  );
}
