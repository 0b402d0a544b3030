/** `forward.ts` ... of a WebGPU package: a phase as dispatches, each a kernel and the ranges that it binds. */
import { phaseHeader, resultText } from '../../emit/phases.ts';
import type { StorageNames } from '../../emit/storage.ts';
import { commentText } from '../../emit/text.ts';
import type { Phase } from '../../program/types.ts';
import type { Dispatch } from './dispatches.ts';

const NOTE =
  'In brackets of their own are ranges that share a binding: one lies in the place or in the way of the other.';

export function phaseSource(phase: Phase, dispatches: readonly Dispatch[], storage: StorageNames): string {
  const used = storage.used(phase.calls);
  const shares = dispatches.some(({ ranges }) => ranges.some(({ buffers }) => buffers.length > 1));
  const lines = phase.calls.flatMap((call) => [
    `// ${commentText(resultText(call))}`,
    ...dispatches.filter((one) => one.call === call).map((one) => dispatchLine(one, storage)),
  ]);
  return `${phaseHeader(phase, used, shares ? NOTE : '')}
import * as k from './kernels.js';
import { ${used.join(', ')} } from './memory.js';
import type { Dispatch } from './runtime.js';

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
