/** The header and the lines of a phase's file, such as `forward.ts` or `backward.ts`. */
import { formatCount } from '../program/bytes.ts';
import { runsIn } from './buffers.ts';
import { phaseCalls, type KernelCall, type Phase, type PhaseName, type Program } from '../program/types.ts';
import type { Staging } from '../program/staging.ts';
import type { Storage, StorageNames } from './storage.ts';
import { commentText, docComment } from './text.ts';
import { rootOf, type ModuleProgram } from './types.ts';

const PHASE_DOCS: Readonly<Record<PhaseName, string>> = {
  prepare: 'Folds and packs the parameters for the other phases.',
  forward: 'The forward pass: reads the inputs from `m` and writes the outputs there.',
  loss: 'The loss and its gradient with respect to the outputs.',
  backward: 'The backward pass: from the gradients of the outputs to those of the trained parameters.',
  inputGradient: 'The gradients of the inputs. `backward` of the trainer runs it, a training step does not.',
  update: 'The optimizer step: computes new parameters and optimizer state from the gradients.',
  accumulate: 'Adds the gradients of a micro-batch to the sums of the step.',
  step: 'The backward pass and the optimizer step together: each parameter is updated as soon as its gradient is known. With micro-batches, gradients are summed instead. The memory of a gradient is free after that.',
};

const STORAGE_DOCS: Readonly<Record<Storage, string>> = {
  m: '`m` holds the activations',
  w: '`w` holds packed weights and constants',
  p: '`p` holds the parameters',
  s: '`s` holds what only this phase needs',
};

/** The imports of a phase's file. */
export interface PhaseSite {
  readonly used: readonly Storage[];
  readonly root: string;
  /** The files of `m`, `w`, `p` and `s`. */
  readonly files: Readonly<Record<Storage, string>>;
  /** Whether the phase runs only in the memory of the halves, which is `m` then. */
  readonly isHalf: boolean;
}

export function phaseSite(one: ModuleProgram, { name, calls }: Phase, storage: StorageNames): PhaseSite {
  const root = rootOf(one);
  const isHalf = !runsIn(name, one.timeline);
  const files = {
    m: isHalf ? './halvesMemory.js' : './memory.js',
    w: one.weights === 'shared' ? `${root}memory.js` : './memory.js',
    p: `${root}parameters.js`,
    s: `${root}parameters.js`,
  };
  return { used: storage.used(calls), root, files, isHalf };
}

/** The header of the file: what the phase does, its size, and what `m`, `w` and `p` are. */
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

/** The arguments of a call: its buffers, and the number of images if its kernel counts them. */
export const argumentTexts = ({ args, count }: KernelCall, storage: StorageNames): string[] => [
  ...args.map(storage.text),
  ...(count === undefined ? [] : [String(count)]),
];

/** A comment and a call for each kernel call; `prefix` is put before the kernels' names. */
export const callLines = (calls: readonly KernelCall[], storage: StorageNames, prefix = ''): string[] =>
  calls.flatMap((call) => [
    `// ${commentText(callComment(call))}`,
    `${prefix}${call.kernel.name}(${argumentTexts(call, storage).join(', ')});`,
  ]);

/** The comment of `prepare` in such a package. */
export const STAGED_DOC =
  '`yield` names the tensors of the weight file that must be in their places before the next call.';

/** The lines of `prepare` in a package that reads its weights in between: `yield` names the tensors that come next. */
export function stagedLines(one: ModuleProgram, storage: StorageNames, prefix = ''): string[] {
  const { program, staging } = one;
  const names = tensorNames(program, staging!.reads);
  return phaseCalls(program, 'prepare').flatMap((call, i) => [
    ...yieldLine(names[i]!),
    ...callLines([call], storage, prefix),
  ]);
}

export const yieldLine = (names: readonly string[]): string[] =>
  names.length > 0 ? [`yield ${JSON.stringify(names)};`] : [];

/** The names of parameters in the weight file. */
export const tensorNames = (program: Program, reads: Staging['reads']): string[][] =>
  reads.map((ids) => ids.map((id) => program.buffers[id]!.publicName!));

const callComment = (call: KernelCall): string => `${call.label}${placeText(call)}: ${resultText(call)}`;

/** The place in the model file that a call comes from: ` (models/lenet5.ts:20)`. */
export const placeText = ({ origin: { file, line } }: KernelCall): string =>
  file === undefined ? '' : ` (${file}${line === undefined ? '' : `:${line}`})`;

/** `f32[1,6,28,28], 118 k multiply-adds` */
export const resultText = ({ result, multiplyAdds }: KernelCall): string =>
  `${result}${multiplyAdds ? `, ${formatCount(multiplyAdds)} multiply-adds` : ''}`;
