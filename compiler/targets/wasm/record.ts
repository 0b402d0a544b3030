/** The WebAssembly SIMD target as a record. */
import { allocationText } from '../../emit/batches.ts';
import { isInline } from '../../emit/model.ts';
import type { TargetRecord } from '../../emit/target.ts';
import { wasmApi } from './api.ts';
import { weightFileOrder } from './memoryLayout.ts';
import { wasmModule } from './module.ts';
import { wasmLayout } from './packageMemory.ts';
import { printKernelText } from './assemble.ts';
import type { ChooseWay } from './schedules/conv2d/conv2d.ts';
import { createWasmTarget } from './target.ts';
import { openTuning } from './tuning/open.ts';
import { kernelRows, servingNotes } from './words.ts';

export const wasm = {
  name: 'wasm',
  options: ['inline', 'exact', 'tune'],
  schedule: ({ precision, choices }) =>
    createWasmTarget({ precision, choose: choices as ChooseWay | undefined }),
  openTuning,
  weightOrder: weightFileOrder,
  api: wasmApi,
  choice: {
    place: 1,
    test: { expression: 'runsWasm(options)', imports: ['runsWasm'] },
    loadOptions: ['relaxedSimd', 'kernels'],
  },
  words: {
    runs: 'in WebAssembly with SIMD',
    alone: ', in WebAssembly with SIMD',
    memory: allocationText,
    kernelRows,
    notes: (_, { options }) => servingNotes(options),
  },
  hasVariantModules: true,
  assets: (options) => (isInline(options, 'kernels') ? [] : ['kernels.wasm', 'kernels.relaxed.wasm']),
  emit: ({ model, programs, options, host }) =>
    wasmModule(
      model.name,
      programs,
      model.training?.parameters ?? [],
      model.canonical,
      wasmLayout(model, programs),
      { inline: isInline(options, 'kernels') },
      host.assemble,
    ),
  printKernel: printKernelText,
  bench: { device: { kind: 'cpu' }, kernels: 'loaded', hasCeilings: true, flags: ['plain'] },
} as const satisfies TargetRecord;
