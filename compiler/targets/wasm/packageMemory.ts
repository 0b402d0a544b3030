/** The memory of a wasm package: the layout of its programs, and which of them read weights or constants. */
import { fail } from '../../diagnostics/diagnostic.ts';
import { ownConstants } from '../../emit/buffers.ts';
import { phaseStorage } from '../../emit/storage.ts';
import type { ModuleProgram } from '../../emit/types.ts';
import { formatBytes } from '../../program/bytes.ts';
import { layOutMemory, MOST_MEMORY_BYTES, type WasmLayout } from './memoryLayout.ts';
import type { CompiledModel } from '../../emit/model.ts';

/** The layout of the memory. Fails if it exceeds 32-bit addresses. */
export function wasmLayout(model: CompiledModel, programs: readonly ModuleProgram[]): WasmLayout {
  const layout = layOutMemory(programs, model.training?.parameters ?? []);
  if (layout.bytes <= MOST_MEMORY_BYTES) return layout;
  fail(
    'CNNC7002',
    'wasm',
    { path: model.name },
    `it needs ${formatBytes(layout.bytes)}, but the memory of WebAssembly has at most 4.29 GB`,
    ['use a smaller batch; a training step also needs less with --max-memory or --micro-batches'],
  );
}

export const readsWeightFile = (model: CompiledModel): boolean =>
  model.training !== undefined || phaseStorage(model.program, 'forward').includes('w');

/** Whether constants come with a program. They do where the weight file holds only parameters. */
export function hasConstants(model: CompiledModel, which: 'inference' | 'training'): boolean {
  if (!model.training && !model.canonical) return false;
  const program = which === 'inference' ? model.program : model.training!.program;
  return ownConstants(program).length > 0;
}
