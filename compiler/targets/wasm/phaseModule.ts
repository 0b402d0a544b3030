/** `forward.ts`, `backward.ts` ... of a wasm package: a phase as calls of the kernels at constant addresses. */
import { runsIn } from '../../emit/buffers.ts';
import { callLines, phaseHeader } from '../../emit/phases.ts';
import type { StorageNames } from '../../emit/storage.ts';
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
  // The phases of training run in two memories: theirs is an argument.
  const isShared = folder !== '' && used.includes('m');
  const [type, file] = runsIn(name, timeline)
    ? ['Addresses', './memory.js']
    : ['HalvesAddresses', './halvesMemory.js'];
  const own = used.filter((one) => one === 'w' || (one === 'm' && !isShared));
  const imports = [
    `import type { Kernels } from '${root}kernels.js';`,
    ...(own.length ? [`import { ${own.join(', ')} } from './memory.js';`] : []),
    ...(isShared ? [`import type { ${type} } from '${file}';`] : []),
    ...(used.includes('p') ? [`import { p } from '${root}parameters.js';`] : []),
  ];
  const parameters = ['k: Kernels', ...(isShared ? [`m: ${type}`] : [])].join(', ');
  return `${phaseHeader(phase, used, '`k` are the kernels; arguments are addresses.')}
${imports.join('\n')}

export function ${name}(${parameters}): void {
${callLines(calls, storage, 'k.').join('\n')}
}
`;
}
