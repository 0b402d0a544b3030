/**
 * The memory of a trainer whose kernels run in WebAssembly. Everything is in one memory, which grows when the halves
 * are opened. Growing detaches all arrays in it, so they are created again.
 */
import type { SitePhase, TrainingBackend } from '../training/memories.ts';
import type { NamedParameter } from '../training/parameters.ts';
import type { HalvesPlan, StepPlan, TrainingPlan } from '../training/plan.ts';
import { growMemory } from './module.ts';

/** The record in a package's `trainer.ts`: the plan, and functions that create arrays in the memory. */
export interface WasmTraining<Memory, HalvesMemory, Kernels> extends TrainingPlan<
  StepPlan<keyof Memory & string, SitePhase<Kernels>>,
  HalvesPlan<keyof HalvesMemory & string, SitePhase<Kernels>>
> {
  readonly createMemory: (buffer: ArrayBuffer) => Memory;
  readonly createHalvesMemory: (buffer: ArrayBuffer) => HalvesMemory;
  readonly nameParameters: (buffer: ArrayBuffer) => readonly NamedParameter[];
  readonly writeConstants?: (buffer: ArrayBuffer) => void;
  /** The size of the halves' memory in pages of 64 KiB. */
  readonly halvesPages: number;
}

export function wasmBackend<Memory extends object, HalvesMemory extends object, Kernels>(
  training: WasmTraining<Memory, HalvesMemory, Kernels>,
  kernels: Kernels,
  wasm: WebAssembly.Memory,
): TrainingBackend<Kernels, Kernels> {
  training.writeConstants?.(wasm.buffer);
  return {
    parameters: () => training.nameParameters(wasm.buffer),
    step: () => ({ arrays: training.createMemory(wasm.buffer), site: kernels }),
    halves() {
      growMemory(training.name, wasm, training.halvesPages);
      return { arrays: training.createHalvesMemory(wasm.buffer), site: kernels };
    },
  };
}
