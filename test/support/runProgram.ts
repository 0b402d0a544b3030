/**
 * Runs a planned program by the JavaScript evaluator: every call of every phase, in order, on views of one
 * arena at the plan's offsets. All memory is poisoned first (NaN; in integers a number that no sample has), so
 * that what is read before it is written shows in the results.
 */
import { compileKernel, type KernelArray } from '../../compiler/kernel/javascript.ts';
import { rowMajor, sameLayout } from '../../compiler/kernel/layout.ts';
import type { ElementType, Kernel } from '../../compiler/kernel/types.ts';
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Buffer, BufferId, Program } from '../../compiler/program/types.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';

/** A quiet NaN's bits. */
const POISON = 0x7fc0dead;

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

export type Outputs = Readonly<Record<string, KernelArray>>;

/** Inputs and parameters by their public names, in row-major order, as are the outputs. */
export function runProgram(program: Program, plan: MemoryPlan, bindings: Bindings): Outputs {
  const arena = poisoned(plan.arenaBytes);
  const arrays = new Map<BufferId, KernelArray>();
  for (const buffer of program.buffers) arrays.set(buffer.id, arrayOf(buffer, plan, arena, bindings));
  const compiled = new Map<Kernel, ReturnType<typeof compileKernel>>();
  for (const { kernel, args } of program.phases.flatMap(({ calls }) => calls)) {
    const run = compiled.get(kernel) ?? compileKernel(kernel);
    compiled.set(kernel, run);
    run(...args.map((id) => arrays.get(id)!));
  }
  const outputs = program.buffers.filter(({ role }) => role === 'output');
  return Object.fromEntries(outputs.map(({ id, publicName }) => [publicName!, arrays.get(id)!.slice()]));
}

function poisoned(bytes: number): ArrayBuffer {
  const memory = new ArrayBuffer(bytes);
  new Uint32Array(memory).fill(POISON);
  return memory;
}

/** Inputs, outputs and temporaries lie in the arena; what outlives a run has memory of its own. */
function arrayOf(buffer: Buffer, plan: MemoryPlan, arena: ArrayBuffer, bindings: Bindings): KernelArray {
  const { id, element, length, role, publicName = '', data } = buffer;
  const placement = plan.placements.get(id);
  if (role !== 'temporary' && role !== 'constant') checkRowMajor(buffer);
  const view = placement
    ? new ARRAYS[element](arena, placement.offset, length)
    : new ARRAYS[element](poisoned(length * 4));
  if (role === 'constant') view.set(data!);
  if (role === 'input' || role === 'parameter') view.set(numbersOf(element, publicName, bindings));
  return view;
}

/** What comes from and goes to the outside is copied as it stands. */
function checkRowMajor({ name, role, layout }: Buffer): void {
  if (sameLayout(layout, rowMajor(layout.shape))) return;
  throw new Error(`the ${role} ${name} is ${layout.name}, expected row-major`);
}

function numbersOf(element: ElementType, name: string, bindings: Bindings): KernelArray {
  const numbers = bindings[name];
  if (!numbers) throw new Error(`no numbers for ${name}`);
  return ARRAYS[element].from(numbers);
}
