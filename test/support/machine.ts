/**
 * What executes kernel calls in tests: the JavaScript evaluator, or WebAssembly, which is what packages of these targets
 * do. All memory is poisoned first (NaN; in integers a number that no sample has), so that what is read before it is
 * written shows in the results.
 */
import { setFlagsFromString } from 'node:v8';
import { compileKernel, type KernelArray } from '../../compiler/kernel/javascript.ts';
import { rowMajor, sameLayout } from '../../compiler/kernel/layout.ts';
import type { ElementType, Kernel } from '../../compiler/kernel/types.ts';
import type { TargetName } from '../../compiler/lowering/target.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { distinctKernels } from '../../compiler/program/deduplicate.ts';
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import {
  rootOf,
  type Buffer,
  type BufferId,
  type KernelCall,
  type Program,
} from '../../compiler/program/types.ts';
import { assembleNow } from '../../compiler/targets/wasm/assemblerProcess.ts';
import { printModule } from '../../compiler/targets/wasm/assemble.ts';

export interface Machine {
  run(call: KernelCall): void;
  /** The buffer's numbers as they are now. */
  view(id: BufferId): KernelArray;
}

export interface MachineOptions {
  readonly target: TargetName;
  /** wasm only: one rounding in multiply-adds. */
  readonly relaxed?: boolean;
}

/** Inputs and parameters are bound by their public names, in row-major order. */
export function createMachine(
  program: Program,
  plan: MemoryPlan,
  bindings: Bindings,
  { target, relaxed = false }: MachineOptions,
): Machine {
  for (const buffer of program.buffers) checkRowMajor(buffer);
  const machine = target === 'wasm' ? wasmMachine(program, plan, relaxed) : javascriptMachine(program, plan);
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

const ARRAYS = { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

/** A quiet NaN's bits. */
const POISON = 0x7fc0dead;

function poison(memory: ArrayBuffer): ArrayBuffer {
  new Uint32Array(memory).fill(POISON);
  return memory;
}

const viewOf = (memory: ArrayBuffer, offset: number, element: ElementType, length: number): KernelArray =>
  new ARRAYS[element](memory, offset, length);

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

/** Node 20 has relaxed SIMD behind a flag, to be set before anything is compiled. */
setFlagsFromString('--experimental-wasm-relaxed-simd');
// In benches, which tsx runs, binaryen is better off in a process of its own.
const assemble: (text: string) => Uint8Array = process.env['VITEST']
  ? (await import('../../compiler/targets/wasm/assembler.mjs')).assemble
  : (text) => assembleNow([text])[0]!;

const PAGE = 65536;
/** Poison between what does not lie in the arena. */
const GAP = 64;

type Exports = Readonly<Record<string, (...addresses: number[]) => void>>;

/** One memory: what outlives a run first, then the arena. */
function wasmMachine(program: Program, plan: MemoryPlan, relaxed: boolean): Machine {
  const { addresses, end } = placeAll(program, plan);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(end / PAGE) });
  poison(memory.buffer);
  const bytes = assemble(printModule(program.name, distinctKernels([program]), { relaxed }));
  const module = new WebAssembly.Module(bytes as BufferSource);
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as Exports;
  return {
    view(id) {
      const { element, length } = program.buffers[id]!;
      return viewOf(memory.buffer, addresses.get(id)!, element, length);
    },
    run: ({ kernel, args }) => kernels[kernel.name]!(...args.map((id) => addresses.get(id)!)),
  };
}

/** In bytes. */
function placeAll(program: Program, plan: MemoryPlan): { addresses: Map<BufferId, number>; end: number } {
  const addresses = new Map<BufferId, number>();
  let end = GAP;
  for (const { id, length, within } of program.buffers) {
    if (within || plan.placements.has(id)) continue;
    addresses.set(id, end);
    end += Math.ceil((length * 4) / GAP) * GAP + GAP;
  }
  for (const [id, { offset }] of plan.placements) addresses.set(id, end + offset);
  for (const { id } of program.buffers) {
    const root = rootOf(program, id);
    if (!addresses.has(id)) addresses.set(id, addresses.get(root.buffer)! + root.offset * 4);
  }
  return { addresses, end: end + plan.arenaBytes + GAP };
}
