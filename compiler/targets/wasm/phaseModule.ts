/** `forward.ts`, `backward.ts` ... of a wasm package: a phase as calls of kernels with constant addresses. */
import { functionSource, importsSource, moduleSource } from '../../emit/declarations.ts';
import { callLines, phaseHeader, phaseSite, STAGED_DOC, stagedLines } from '../../emit/phases.ts';
import type { StorageNames } from '../../emit/storage.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import type { Phase } from '../../program/types.ts';

export function phaseSource(one: ModuleProgram, phase: Phase, storage: StorageNames): string {
  const { used, root, files, isHalf } = phaseSite(one, phase, storage);
  // The phases of training run in two memories, so the addresses are an argument.
  const isShared = one.folder === 'training/' && used.includes('m');
  const addresses = isHalf ? 'HalvesAddresses' : 'Addresses';
  const own = used.filter((space) => space === 'w' || (space === 'm' && !isShared));
  const imports = [
    { from: `${root}kernels.js`, names: ['Kernels'], isTypeOnly: true },
    { from: './memory.js', names: own.filter((space) => files[space] === './memory.js') },
    { from: '../memory.js', names: own.filter((space) => files[space] === '../memory.js') },
    { from: files.m, names: isShared ? [addresses] : [], isTypeOnly: true },
    { from: files.p, names: used.filter((space) => space === 'p' || space === 's') },
  ];
  const parameters = ['k: Kernels', ...(isShared ? [`m: ${addresses}`] : [])].join(', ');
  return moduleSource(
    phaseHeader(phase, used, '`k` holds the kernels; their arguments are addresses.'),
    importsSource(imports),
    one.staging && phase.name === 'prepare'
      ? functionSource(
          `export function* ${phase.name}(${parameters}): Generator<readonly string[], void>`,
          [STAGED_DOC],
          stagedLines(one, storage, 'k.'),
        )
      : functionSource(
          `export function ${phase.name}(${parameters}): void`,
          [],
          callLines(phase.calls, storage, 'k.'),
        ),
  );
}
