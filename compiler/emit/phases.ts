/** A phase of a program in words and lines, a line a kernel call, as `forward.ts`, `backward.ts` ... have it. */
import { formatCount } from '../program/bytes.ts';
import { runsIn } from './buffers.ts';
import type { KernelCall, Phase, PhaseName } from '../program/types.ts';
import type { Storage, StorageNames } from './storage.ts';
import { commentText, docComment } from './text.ts';
import { rootOf, type ModuleProgram } from './types.ts';

const PHASE_DOCS: Readonly<Record<PhaseName, string>> = {
  prepare: 'Folds and packs what the other phases read from the parameters.',
  forward:
    'The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.',
  loss: 'The loss and its gradient with respect to the outputs.',
  backward: 'The backward pass: from the gradient of the outputs to those of all that is trained.',
  inputGradient: 'The gradient of the inputs, for callers that want it; a training step does not run it.',
  update: 'The optimizer step: gradients, parameters and optimizer state to new parameters and state.',
  accumulate: 'Adds the gradients of a micro-batch to those of the step.',
  step: 'Backward pass and optimizer step in one: a weight is updated as soon as its gradient is computed, which frees the gradient.',
};

const STORAGE_DOCS: Readonly<Record<Storage, string>> = {
  m: '`m` holds the activations',
  w: '`w` the packed weights and constants',
  p: '`p` the parameters',
};

/** Where the file of a phase finds what it uses. */
export interface PhaseSite {
  readonly used: readonly Storage[];
  readonly root: string;
  /** The files of `m`, `w` and `p`. */
  readonly files: Readonly<Record<Storage, string>>;
  /** The phase belongs to a trainer's halves: their memory is `m`. */
  readonly isHalf: boolean;
}

export function phaseSite(one: ModuleProgram, { name, calls }: Phase, storage: StorageNames): PhaseSite {
  const root = rootOf(one);
  const isHalf = !runsIn(name, one.timeline);
  const files = {
    m: isHalf ? './halvesMemory.js' : './memory.js',
    w: './memory.js',
    p: `${root}parameters.js`,
  };
  return { used: storage.used(calls), root, files, isHalf };
}

/** What the phase does, how much it is, and what its letters mean. */
export function phaseHeader({ name, calls }: Phase, used: readonly Storage[], more = ''): string {
  const total = calls.reduce((sum, call) => sum + call.multiplyAdds, 0);
  const size = `${calls.length} kernel ${calls.length === 1 ? 'call' : 'calls'}, ${formatCount(total)} multiply-adds`;
  const lines = [
    PHASE_DOCS[name],
    `${size}; ${used.map((one) => STORAGE_DOCS[one]).join(', ')}.`,
    ...(more ? [more] : []),
  ];
  return docComment(lines);
}

/** Two lines for each call; `prefix` stands before the kernels' names. */
export const callLines = (calls: readonly KernelCall[], storage: StorageNames, prefix = ''): string[] =>
  calls.flatMap((call) => [
    `// ${commentText(callComment(call))}`,
    `${prefix}${call.kernel.name}(${call.args.map(storage.text).join(', ')});`,
  ]);

const callComment = (call: KernelCall): string => `${call.label}${placeText(call)}: ${resultText(call)}`;

/** Where the model asks for it: ` (models/lenet5.ts:20)`. */
export const placeText = ({ origin: { file, line } }: KernelCall): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;

/** `f32[1,6,28,28], 118 k multiply-adds` */
export const resultText = ({ result, multiplyAdds }: KernelCall): string =>
  `${result}${multiplyAdds ? `, ${formatCount(multiplyAdds)} multiply-adds` : ''}`;
