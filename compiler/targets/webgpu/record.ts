/** The WebGPU target as a record. */
import type { TargetRecord } from '../../emit/target.ts';
import { dispatchesOf } from '../../kernel/parts.ts';
import { webgpuApi } from './api.ts';
import { weightFileOrder } from './memoryLayout.ts';
import { webgpuModule } from './module.ts';
import { printKernelShaders } from './shader.ts';
import { createWebgpuTarget } from './target.ts';
import { notes } from './notes.ts';

export const webgpu = {
  name: 'webgpu',
  options: ['exact'],
  schedule: ({ precision }) => createWebgpuTarget({ precision }),
  weightOrder: weightFileOrder,
  api: webgpuApi,
  choice: { place: 3, loadOptions: ['gpu', 'device', 'family', 'precision', 'onProgress'] },
  words: {
    runs: 'on WebGPU',
    alone: ', on WebGPU',
    memory: () => 'Both are on the GPU.',
    kernelRows: () => '| `kernels.ts` | the kernels in WGSL, every shape a constant |',
    notes,
  },
  assets: () => [],
  kernelFacts: (kernel) => ({ dispatches: dispatchesOf(kernel).length }),
  emit: ({ model, programs }) =>
    Promise.resolve({
      sources: webgpuModule(model.name, programs, model.training?.parameters ?? [], model.canonical),
      assets: new Map(),
    }),
  printKernel: printKernelShaders,
  bench: {
    device: { kind: 'gpu', npmPackage: 'webgpu' },
    kernels: 'functions',
    hasCeilings: false,
    flags: ['family'],
  },
} as const satisfies TargetRecord;
