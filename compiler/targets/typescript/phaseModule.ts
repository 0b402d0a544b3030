/** `forward.ts`, `backward.ts` ...: a phase of a program, a line a kernel call. */
import type { SourceFile } from 'ts-morph';
import { formatCount } from '../../program/bytes.ts';
import type { KernelCall, Phase, PhaseName } from '../../program/types.ts';
import { commentText, docComment } from './printer.ts';
import { STORAGE_TYPES, type Storage, type StorageNames } from './storage.ts';

const PHASE_DOCS: Readonly<Record<PhaseName, string>> = {
  prepare: 'Folds and packs what the other phases read from the parameters.',
  forward:
    'The forward pass, a line a kernel call: the inputs are read from `m`, the outputs are left there.',
  loss: 'The loss and its gradient with respect to the outputs.',
  backward: 'The backward pass: from the gradient of the outputs to those of all that is trained.',
  inputGradient: 'The gradient of the inputs, for callers that want it; a training step does not run it.',
  update: 'The optimizer step: gradients, parameters and optimizer state to new parameters and state.',
  accumulate: 'Adds the gradients of a micro-batch to those of the step.',
  step: 'Backward pass and optimizer step in one: each weight is updated as soon as its gradient is there, whose memory is free then.',
};

const STORAGE_DOCS: Readonly<Record<Storage, string>> = {
  m: '`m` holds the activations',
  w: '`w` the packed weights and constants',
  p: '`p` the parameters',
};

export interface PhaseSite {
  /** Path to the package's root: `./` or `../`. */
  readonly root: string;
  /** The type of `m`, and the file that has it. */
  readonly memory: { readonly type: string; readonly file: string };
}

/** Fills the file; returns its header. */
export function writePhase(
  file: SourceFile,
  { name, calls }: Phase,
  storage: StorageNames,
  { root, memory }: PhaseSite,
): string {
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
    statements: calls.flatMap((call) => [`// ${commentText(callComment(call))}`, callText(call, storage)]),
  });
  const total = calls.reduce((sum, call) => sum + call.multiplyAdds, 0);
  return docComment([
    PHASE_DOCS[name],
    `${calls.length} kernel ${calls.length === 1 ? 'call' : 'calls'}, ${formatCount(total)} multiply-adds; ${used.map((one) => STORAGE_DOCS[one]).join(', ')}.`,
  ]);
}

const callComment = (call: KernelCall): string =>
  `${call.label}: ${call.result}${call.multiplyAdds ? `, ${formatCount(call.multiplyAdds)} multiply-adds` : ''}`;

const callText = (call: KernelCall, storage: StorageNames): string =>
  `${call.kernel.name}(${call.args.map(storage.text).join(', ')});`;
