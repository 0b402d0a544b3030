/** The TypeScript target as a record. Its packages are plain JavaScript, which runs on every host. */
import { allocationText, constantShapes } from '../../emit/batches.ts';
import { runConstants } from '../../emit/buffers.ts';
import type { TargetRecord } from '../../emit/target.ts';
import { typescriptApi } from './api.ts';
import { typescriptModule } from './module.ts';
import { printKernelFunction } from './printer.ts';
import { typescriptTarget } from './target.ts';

export const typescript = {
  name: 'typescript',
  options: [],
  schedule: () => typescriptTarget,
  weightOrder: runConstants,
  api: typescriptApi,
  choice: { place: 2, loadOptions: [] },
  words: {
    runs: 'in plain JavaScript',
    alone: '',
    memory: allocationText,
    kernelRows: (_, model) => `| \`kernels.ts\` | the kernels, ${constantShapes(model)} |`,
    notes: () => '',
  },
  assets: () => [],
  emit: ({ model, programs }) =>
    Promise.resolve({
      sources: typescriptModule(
        model.name,
        programs,
        model.training?.parameters ?? [],
        model.canonical,
        model.batches !== undefined,
      ),
      assets: new Map(),
    }),
  printKernel: (kernel) => printKernelFunction(kernel).typescript,
  bench: { device: { kind: 'cpu' }, kernels: 'functions', hasCeilings: false, flags: [] },
} as const satisfies TargetRecord;
