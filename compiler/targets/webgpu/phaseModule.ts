/** `forward.ts` ... of a WebGPU package: a phase as dispatches, each with a kernel and the ranges that it binds. */
import { phaseHeader, placeText, resultText, STAGED_DOC, yieldLine } from '../../emit/phases.ts';
import type { StorageNames } from '../../emit/storage.ts';
import { commentText, docComment } from '../../emit/text.ts';
import type { Phase } from '../../program/types.ts';
import type { Dispatch, DispatchedCall } from './dispatches.ts';

const CHOICE = '`family` is the kernel family that `load` has chosen.';
const NOTE =
  'Ranges in inner brackets share one binding: as aligned ranges they overlap, or the kernel would need too many bindings.';

export interface PhasePlace {
  /** Path to the package's root: `./` or `../`. */
  readonly root: string;
  /** The import of `m`: `m` or `h as m`, and its file. */
  readonly memory: { readonly name: string; readonly file: string };
  /** The file of `w`. */
  readonly weights: string;
}

/** `reads` are the tensors that are written to their places before each call, in a package that loads its weights so. */
export function phaseSource(
  phase: Phase,
  calls: readonly DispatchedCall[],
  storage: StorageNames,
  { root, memory, weights }: PhasePlace,
  reads?: readonly (readonly string[])[],
): string {
  const used = storage.used(phase.calls);
  const sources = { m: memory.file, w: weights, p: `${root}parameters.js`, s: `${root}parameters.js` };
  const names = { m: memory.name, w: 'w', p: 'p', s: 's' };
  const files = [...new Set(used.map((one) => sources[one]))];
  const imports = files.map((file) => {
    const own = used.filter((one) => sources[one] === file).map((one) => names[one]);
    return `import { ${own.join(', ')} } from '${file}';`;
  });
  const dispatches = calls.flatMap(({ own, tiled = [] }) => [...own, ...tiled]);
  const shares = dispatches.some(({ ranges }) => ranges.some(({ buffers }) => buffers.length > 1));
  const chooses = calls.some(({ tiled }) => tiled !== undefined);
  const notes = [...(chooses ? [CHOICE] : []), ...(shares ? [NOTE] : [])];
  const lines = calls.flatMap((one, i) => [
    ...yieldLine(reads?.[i] ?? []),
    `// ${commentText(`${one.call.label}${placeText(one.call)}: ${resultText(one.call)}`)}`,
    ...callLines(one, storage),
  ]);
  return `${phaseHeader(phase, used, notes.join('\n'))}
import * as k from '${root}kernels.js';
${imports.join('\n')}
import type { Dispatch${chooses ? ', KernelFamily' : ''} } from '${root}runtime.js';

${reads ? docComment([STAGED_DOC]) : ''}export function${reads ? '*' : ''} ${phase.name}(dispatch: Dispatch${chooses ? ', family: KernelFamily' : ''}): ${reads ? 'Generator<readonly string[], void>' : 'void'} {
${lines.join('\n')}
}
`;
}

function callLines({ own, tiled }: DispatchedCall, storage: StorageNames): string[] {
  const linesOf = (dispatches: readonly Dispatch[]): string[] =>
    dispatches.map((one) => dispatchLine(one, storage));
  if (!tiled) return linesOf(own);
  const [mine, other] = [linesOf(own), linesOf(tiled)];
  const most = Math.min(mine.length, other.length);
  const first = sameFromStart(mine, other, most);
  const last = sameFromStart(mine.toReversed(), other.toReversed(), most - first);
  const between = (lines: readonly string[]): readonly string[] => lines.slice(first, lines.length - last);
  if (between(mine).length + between(other).length === 0) return mine;
  const choice = [`if (family === 'tiled') {`, ...between(other), '} else {', ...between(mine), '}'];
  return [...mine.slice(0, first), ...choice, ...mine.slice(mine.length - last)];
}

/** The number of equal lines at the beginning, at most `most`. */
function sameFromStart(a: readonly string[], b: readonly string[], most: number): number {
  let count = 0;
  while (count < most && a[count] === b[count]) count++;
  return count;
}

function dispatchLine({ shader, ranges, args, call }: Dispatch, storage: StorageNames): string {
  const bindings = ranges.map(({ buffers }) => {
    const [first, ...others] = buffers.map((i) => storage.text(args[i]!));
    return others.length === 0 ? first : `[${[first, ...others].join(', ')}]`;
  });
  return `dispatch(${JSON.stringify(call.label)}, k.${shader.name}, [${bindings.join(', ')}]);`;
}
