/**
 * Kernel calls in WebAssembly, at the plan's offsets on one poisoned memory: what outlives a run first, then the arena.
 * Checked, every load and store is compared with its buffer's range, and every range with the plan.
 */
import { setFlagsFromString } from 'node:v8';
import { moduleKernels } from '../../compiler/targets/wasm/variants.ts';
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import {
  rootOf,
  writtenArgs,
  type BufferId,
  type KernelCall,
  type Program,
} from '../../compiler/program/types.ts';
import { loadAssembler } from '../../compiler/host/browser/assemble.ts';
import { printModule } from '../../compiler/targets/wasm/assemble.ts';
import { checkedModule, type CheckedModule } from './checkedModule.ts';
import { indicesOf, placeOf } from './layouts.ts';
import { poison, viewOf, type Machine } from './memory.ts';

export interface WasmOptions {
  /** One rounding in multiply-adds. */
  readonly relaxed?: boolean;
  /** Every load and store, which takes ten times as long. */
  readonly checked?: boolean;
}

/** Node 20 has relaxed SIMD behind a flag, to be set before anything is compiled. */
setFlagsFromString('--experimental-wasm-relaxed-simd');
const assemble = await loadAssembler();

const PAGE = 65536;
/** Poison between what does not lie in the arena. */
const GAP = 64;
const WORD = 4;

type Exports = Readonly<Record<string, (...addresses: number[]) => void>>;

export function wasmMachine(
  program: Program,
  plan: MemoryPlan,
  { relaxed = false, checked = false }: WasmOptions,
): Machine {
  const places = placeAll(program, plan);
  const kernels = moduleKernels([program], { relaxed });
  const wat = printModule(program.name, kernels, { relaxed });
  const check = checked ? checkedModule(wat, kernels, places.end) : undefined;
  const bytes = places.end + (check ? Math.ceil(places.end / WORD) : 0);
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
  poison(memory.buffer);
  new Uint8Array(memory.buffer, places.end).fill(0);
  const module = new WebAssembly.Module(assemble(check?.wat ?? wat) as BufferSource);
  const env = { memory, fail: (site: number, byte: number) => fail(check!, site, byte) };
  const functions = new WebAssembly.Instance(module, { env }).exports as Exports;
  const run = ({ kernel, args }: KernelCall): void =>
    functions[kernel.name]!(...args.map((id) => places.addresses.get(id)!));
  const marks = check && createMarks(program, places, memory);
  return {
    view(id) {
      const { element, length } = program.buffers[id]!;
      return viewOf(memory.buffer, places.addresses.get(id)!, element, length);
    },
    run(call) {
      if (!marks) return run(call);
      checkCall(program, plan, places, call);
      marks.set(call, 1);
      run(call);
      marks.set(call, 0);
    },
  };
}

function fail({ sites }: CheckedModule, site: number, byte: number): never {
  const { kernel, instruction, buffer, isStore } = sites[site]!;
  const range = `${buffer.name}, which has ${buffer.length * WORD}`;
  throw new Error(`${kernel}: ${instruction} ${isStore ? 'writes' : 'reads'} at byte ${byte} of ${range}`);
}

interface Places {
  /** Places in bytes. */
  readonly addresses: ReadonlyMap<BufferId, number>;
  readonly arena: number;
  readonly end: number;
}

function placeAll(program: Program, plan: MemoryPlan): Places {
  const addresses = new Map<BufferId, number>();
  let arena = GAP;
  for (const { id, length, within } of program.buffers) {
    if (within || plan.placements.has(id)) continue;
    addresses.set(id, arena);
    arena += Math.ceil((length * WORD) / GAP) * GAP + GAP;
  }
  for (const [id, { offset }] of plan.placements) addresses.set(id, arena + offset);
  for (const { id } of program.buffers) {
    const root = rootOf(program, id);
    if (!addresses.has(id)) addresses.set(id, addresses.get(root.buffer)! + root.offset * WORD);
  }
  return { addresses, arena, end: arena + Math.ceil(plan.arenaBytes / GAP) * GAP + GAP };
}

/** The ranges that the kernel keeps to are those of the call's buffers, which lie where the plan places them. */
function checkCall(program: Program, plan: MemoryPlan, { addresses, arena }: Places, call: KernelCall): void {
  call.kernel.buffers.forEach(({ name, length, element }, i) => {
    const buffer = program.buffers[call.args[i]!]!;
    const refuse = (problem: string): never => {
      throw new Error(`${call.label}: ${name} is given ${buffer.name}, ${problem}`);
    };
    if (length > buffer.length) refuse(`which has ${buffer.length} of ${length} elements`);
    if (element !== buffer.element) refuse(`which holds ${buffer.element}`);
    const address = addresses.get(buffer.id)!;
    if (address % WORD !== 0) refuse(`which lies at ${address}`);
    if (!plan.placements.has(buffer.id)) return;
    if (address < arena || address + buffer.length * WORD > arena + plan.arenaBytes)
      refuse('which is not in the arena');
  });
  if (call.kernel.buffers.length !== call.args.length) throw new Error(`${call.label}: too many buffers`);
}

/** A byte for each word of the memory below, 1 for those that the running call may write. */
function createMarks(program: Program, { addresses, end }: Places, memory: WebAssembly.Memory) {
  const marks = new Uint8Array(memory.buffer, end);
  const known = new Map<BufferId, readonly number[] | undefined>();
  /** Parts of wider buffers hold only some words of their range: those of their layout. */
  const wordsOf = (id: BufferId): readonly number[] | undefined => {
    if (known.has(id)) return known.get(id);
    const { within, layout } = program.buffers[id]!;
    const words = within && [...indicesOf(layout.shape)].map((index) => placeOf(layout, index));
    known.set(id, words);
    return words;
  };
  return {
    set(call: KernelCall, mark: 0 | 1): void {
      for (const i of writtenArgs(call)) {
        const [id, { length }] = [call.args[i]!, call.kernel.buffers[i]!];
        const first = addresses.get(id)! / WORD;
        const words = wordsOf(id);
        if (words) for (const word of words) marks[first + word] = mark;
        else marks.fill(mark, first, first + length);
      }
    },
  };
}
