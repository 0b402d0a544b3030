/**
 * A target that is not in the table, to show what a target needs: this folder. Its packages hold the kernels as data and
 * an interpreter, and C-like text for readers. Memory, phases and API are those of plain TypeScript.
 */
import { runConstants } from '../../../compiler/emit/buffers.ts';
import type { EmitSite, EmittedModule, TargetRecord } from '../../../compiler/emit/target.ts';
import { rowMajor } from '../../../compiler/kernel/layout.ts';
import { FIRST_PASSES } from '../../../compiler/kernel/passes/index.ts';
import type { KernelPass } from '../../../compiler/kernel/passes/types.ts';
import { printKernel } from '../../../compiler/kernel/printer.ts';
import type { Statement } from '../../../compiler/kernel/types.ts';
import type { Target } from '../../../compiler/lowering/target.ts';
import { distinctKernels } from '../../../compiler/program/deduplicate.ts';
import { typescriptApi } from '../../../compiler/targets/typescript/api.ts';
import { typescriptModule } from '../../../compiler/targets/typescript/module.ts';
import { interpreterSource, kernelsSource, kernelsText } from './kernelsModule.ts';

/** A loop in a block of its own stands by itself: names in a loop end with it anyway. */
const openBlocks = (body: readonly Statement[]): Statement[] =>
  body.flatMap((s) =>
    s.kind === 'block' && s.body.every(({ kind }) => kind === 'for') ? openBlocks(s.body) : [s],
  );

const OPEN_BLOCKS: KernelPass = {
  name: 'openBlocks',
  reason: 'last: it needs no order',
  isOptional: true,
  isForTarget: true,
  run: (kernel) => ({ ...kernel, body: openBlocks(kernel.body) }),
};

const target: Target = {
  name: 'ctext',
  activationLayout: ({ shape }) => rowMajor(shape),
  schedules: {},
  kernelPasses: [...FIRST_PASSES, OPEN_BLOCKS],
};

export const ctext = {
  name: 'ctext',
  options: [],
  schedule: () => target,
  weightOrder: runConstants,
  api: typescriptApi,
  choice: { place: 4, loadOptions: [] },
  words: {
    runs: 'by an interpreter of its kernels',
    alone: ', by an interpreter of its kernels',
    memory: () => 'A call allocates no memory.',
    kernelRows: () =>
      [
        '| `kernels.ts` | the kernels as data |',
        '| `kernels.txt` | the same as text |',
        '| `interpreter.ts` | runs them |',
      ].join('\n'),
    notes: () => '',
  },
  assets: () => ['kernels.txt'],
  emit: (site) => Promise.resolve(emit(site)),
  printKernel,
  bench: { device: { kind: 'cpu' }, kernels: 'functions', hasCeilings: false, flags: [] },
} as const satisfies TargetRecord;

function emit({ model, programs }: EmitSite): EmittedModule {
  const kernels = distinctKernels(programs.map(({ program }) => program));
  const shared = typescriptModule(model.name, programs, model.training?.parameters ?? [], model.canonical);
  return {
    sources: new Map([
      ...shared,
      ['kernels.ts', kernelsSource(model.name, kernels)],
      ['interpreter.ts', interpreterSource()],
    ]),
    assets: new Map([['kernels.txt', kernelsText(kernels)]]),
  };
}
