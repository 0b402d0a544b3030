/** `forward.ts` ... of a WebGPU package: a phase as dispatches, each a kernel and the ranges that it binds. */
import { phaseHeader, resultText } from '../../emit/phases.ts';
import type { StorageNames } from '../../emit/storage.ts';
import { commentText } from '../../emit/text.ts';
import type { Phase } from '../../program/types.ts';
import type { Dispatch } from './dispatches.ts';

const NOTE =
  'In brackets of their own are ranges that share a binding: one lies in the place or in the way of the other.';

export interface PhasePlace {
  /** Path to the package's root: `./` or `../`. */
  readonly root: string;
  /** Where `m` comes from, as an import names it: `m`, `h as m`. */
  readonly memory: { readonly name: string; readonly file: string };
  /** Where `w` comes from. */
  readonly weights: string;
}

export function phaseSource(
  phase: Phase,
  dispatches: readonly Dispatch[],
  storage: StorageNames,
  { root, memory, weights }: PhasePlace,
): string {
  const used = storage.used(phase.calls);
  const sources = { m: memory.file, w: weights, p: `${root}parameters.js` };
  const names = { m: memory.name, w: 'w', p: 'p' };
  const files = [...new Set(used.map((one) => sources[one]))];
  const imports = files.map((file) => {
    const own = used.filter((one) => sources[one] === file).map((one) => names[one]);
    return `import { ${own.join(', ')} } from '${file}';`;
  });
  const shares = dispatches.some(({ ranges }) => ranges.some(({ buffers }) => buffers.length > 1));
  const lines = phase.calls.flatMap((call) => [
    `// ${commentText(resultText(call))}`,
    ...dispatches.filter((one) => one.call === call).map((one) => dispatchLine(one, storage)),
  ]);
  return `${phaseHeader(phase, used, shares ? NOTE : '')}
import * as k from '${root}kernels.js';
${imports.join('\n')}
import type { Dispatch } from '${root}runtime.js';

export function ${phase.name}(dispatch: Dispatch): void {
${lines.join('\n')}
}
`;
}

function dispatchLine({ shader, ranges, args, call }: Dispatch, storage: StorageNames): string {
  const bindings = ranges.map(({ buffers }) => {
    const [first, ...others] = buffers.map((i) => storage.text(args[i]!));
    return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
  });
  return `dispatch(${JSON.stringify(call.label)}, k.${shader.name}, [${bindings.join(', ')}]);`;
}
