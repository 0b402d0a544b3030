/** `forward.ts`, `backward.ts` ...: a phase of a program as a function of the arrays that it touches. */
import { runsIn } from '../../emit/buffers.ts';
import { functionSource, importsSource, moduleSource } from '../../emit/declarations.ts';
import { callLines, phaseHeader } from '../../emit/phases.ts';
import { STORAGE_TYPES, type Storage, type StorageNames } from '../../emit/storage.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import type { Phase } from '../../program/types.ts';

export function phaseSource(
  { folder, timeline }: Pick<ModuleProgram, 'folder' | 'timeline'>,
  phase: Phase,
  storage: StorageNames,
): string {
  const { name, calls } = phase;
  const used = storage.used(calls);
  const root = folder === '' ? './' : '../';
  const isWhole = runsIn(name, timeline);
  const types = { ...STORAGE_TYPES, m: isWhole ? 'Memory' : 'HalvesMemory' };
  const files: Readonly<Record<Storage, string>> = {
    m: isWhole ? './memory.js' : './halvesMemory.js',
    w: './memory.js',
    p: `${root}parameters.js`,
  };
  const kernels = [...new Set(calls.map((call) => call.kernel.name))].sort();
  const imports = [...new Set(used.map((one) => files[one]))].map((from) => ({
    from,
    names: used.filter((one) => files[one] === from).map((one) => types[one]),
    isTypeOnly: true,
  }));
  const parameters = used.map((one) => `${one}: ${types[one]}`).join(', ');
  return moduleSource(
    phaseHeader(phase, used),
    importsSource([{ from: `${root}kernels.js`, names: kernels }, ...imports]),
    functionSource(`export function ${name}(${parameters}): void`, [], callLines(calls, storage)),
  );
}
