/**
 * What executes kernel calls in tests: the JavaScript evaluator, or WebAssembly, which is what packages of these targets
 * do. All memory is poisoned first (NaN; in integers a number that no sample has), so that what is read before it is
 * written shows in the results.
 */
import { compileKernel, type KernelArray } from '../../compiler/kernel/javascript.ts';
import { rowMajor, sameLayout } from '../../compiler/kernel/layout.ts';
import type { Kernel } from '../../compiler/kernel/types.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Buffer, Program } from '../../compiler/program/types.ts';
import { ARRAYS, poison, viewOf, type Machine } from './memory.ts';
import { wasmMachine, type WasmOptions } from './wasmMachine.ts';

export type { Machine } from './memory.ts';

export interface MachineOptions extends WasmOptions {
  /** Which target's kernels they are; those of others run as JavaScript. */
  readonly target: string;
}

/** Inputs and parameters are bound by their public names, in row-major order. */
export function createMachine(
  program: Program,
  plan: MemoryPlan,
  bindings: Bindings,
  options: MachineOptions,
): Machine {
  for (const buffer of program.buffers) checkRowMajor(buffer);
  const isWasm = options.target === 'wasm';
  const machine = isWasm ? wasmMachine(program, plan, options) : javascriptMachine(program, plan);
  for (const buffer of program.buffers) fill(buffer, machine.view(buffer.id), bindings);
  return machine;
}

/** What comes from and goes to the outside is copied as it stands. */
function checkRowMajor({ name, role, layout }: Buffer): void {
  if (role === 'temporary' || role === 'constant' || sameLayout(layout, rowMajor(layout.shape))) return;
  throw new Error(`the ${role} ${name} is ${layout.name}, expected row-major`);
}

function fill({ element, role, publicName = '', data }: Buffer, view: KernelArray, bindings: Bindings): void {
  if (role === 'constant') view.set(data!);
  if (role !== 'input' && role !== 'parameter') return;
  const numbers = bindings[publicName];
  if (!numbers) throw new Error(`no numbers for ${publicName}`);
  view.set(ARRAYS[element].from(numbers));
}

/** Inputs, outputs and temporaries lie in the arena; what outlives a run has memory of its own. */
function javascriptMachine(program: Program, plan: MemoryPlan): Machine {
  const arena = poison(new ArrayBuffer(plan.arenaBytes));
  const views = program.buffers.map(({ id, element, length }) => {
    const place = plan.placements.get(id);
    return place
      ? viewOf(arena, place.offset, element, length)
      : viewOf(poison(new ArrayBuffer(length * 4)), 0, element, length);
  });
  const compiled = new Map<Kernel, ReturnType<typeof compileKernel>>();
  return {
    view: (id) => views[id]!,
    run({ kernel, args }) {
      const known = compiled.get(kernel) ?? compileKernel(kernel);
      compiled.set(kernel, known);
      known(...args.map((id) => views[id]!));
    },
  };
}
