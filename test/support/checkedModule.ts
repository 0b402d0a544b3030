/**
 * A module of kernels with a check in front of every load and store. The text of the module is read as it was printed,
 * and the address of each memory instruction goes through a function that compares it with the range of the buffer it is
 * made from: `[base, base + length)`, as the kernel declares it. A store must also find its words marked as writable
 * (`mark`). Nothing here knows the loops, the schedules or the printer: an access that it cannot place is an error.
 */
import type { Kernel, KernelBuffer } from '../../compiler/kernel/types.ts';
import { listsOf, parseSexpression, printSexpression, type Node } from './sexpressions.ts';

/** One memory instruction of the module. */
export interface Site {
  readonly kernel: string;
  /** The kernel's own, or one that its loops call. */
  readonly function: string;
  readonly buffer: KernelBuffer;
  readonly instruction: string;
  readonly bytes: number;
  readonly isStore: boolean;
}

export interface CheckedModule {
  /** Imports `env.fail(site, byte, start)` besides the memory. */
  readonly wat: string;
  readonly sites: readonly Site[];
}

const WORD = 4;

const MEMORY_INSTRUCTION = /^(v128|i32|i64|f32|f64)\.(load|store)(8|16|32|64)?(x\d)?(_\w+)?$/;

/** `memory.fill` and the like, which no kernel uses. */
const OTHER_MEMORY = /^memory\.|atomic/;

const TYPE_BYTES: Readonly<Record<string, number>> = { v128: 16, i32: 4, f32: 4, i64: 8, f64: 8 };

interface Access {
  readonly bytes: number;
  readonly isStore: boolean;
}

export function accessOf(instruction: string): Access | undefined {
  const match = MEMORY_INSTRUCTION.exec(instruction);
  if (!match) return undefined;
  const [, type, verb, bits, lanes] = match;
  const bytes = lanes ? 8 : bits ? Number(bits) / 8 : TYPE_BYTES[type!]!;
  return { bytes, isStore: verb === 'store' };
}

/** The functions of a module by name. */
export const functionsOf = (module: Node): Map<string, Node[]> =>
  new Map(
    (module as Node[]).flatMap((part): [string, Node[]][] =>
      part[0] === 'func' ? [[(part[1] as string).slice(1), part as Node[]]] : [],
    ),
  );

/** Names of `(param $name type)`. */
const parametersOf = (func: readonly Node[]): string[] =>
  func.flatMap((part) => (part[0] === 'param' ? [(part[1] as string).slice(1)] : []));

/** The instruction's offset, and where its address stands in the list. */
export function addressIn(list: readonly Node[]): { readonly offset: number; readonly at: number } {
  const at = list.findIndex((part) => typeof part !== 'string');
  const written = list.find((part) => typeof part === 'string' && part.startsWith('offset='));
  return { at, offset: written === undefined ? 0 : Number((written as string).slice('offset='.length)) };
}

/** `shadow`: the byte from which on every word of the memory below has a byte, 1 where it may be written. */
export function checkedModule(wat: string, kernels: readonly Kernel[], shadow: number): CheckedModule {
  const module = parseSexpression(wat);
  const sites: Site[] = [];
  for (const [name, func] of functionsOf(module)) checkFunction(name, func, kernelOf(name, kernels), sites);
  const first = module.findIndex((part) => part[0] === 'func');
  module.splice(first, 0, ...parseSexpression(`(${importAndChecks(shadow)})`));
  return { wat: printSexpression(module), sites };
}

/** Functions that loops call are called `kernel.loop`; the module's mathematics belong to no kernel. */
const kernelOf = (name: string, kernels: readonly Kernel[]): Kernel | undefined =>
  kernels.find((one) => one.name === name || name.startsWith(`${one.name}.`));

function checkFunction(name: string, func: Node[], kernel: Kernel | undefined, sites: Site[]): void {
  const buffers = new Map(kernel?.buffers.map((buffer) => [buffer.name, buffer]));
  const bases = new Map([...buffers].filter(([buffer]) => parametersOf(func).includes(buffer)));
  // The lists as they were: what is put in is not visited.
  for (const list of [...listsOf(func)]) {
    const instruction = list[0] as string;
    const refuse = (problem: string): never => {
      throw new Error(`${name}: ${problem} in ${printSexpression(list)}`);
    };
    if (OTHER_MEMORY.test(instruction)) refuse('an instruction that is not known');
    if (instruction === 'call') checkArguments(list, bases, refuse);
    if (/^local\.(set|tee)$/.test(instruction) && bases.has((list[1] as string).slice(1)))
      refuse('an address of a buffer is changed');
    const access = accessOf(instruction);
    if (!access) continue;
    const buffer = baseOf(list, bases) ?? refuse('not one buffer is the base');
    if (buffer.access === (access.isStore ? 'read' : 'write'))
      refuse(`${buffer.name} is only ${buffer.access}`);
    wrapAddress(list, access, buffer, sites.length);
    sites.push({ kernel: kernel!.name, function: name, buffer, instruction, ...access });
  }
}

/** Another function gets a buffer's address as it is. What it takes it for is checked by the name there. */
function checkArguments(
  call: readonly Node[],
  bases: ReadonlyMap<string, KernelBuffer>,
  refuse: (problem: string) => never,
): void {
  for (const argument of call.slice(2)) {
    if (isBase(argument, bases)) continue;
    if ([...listsOf(argument)].some((list) => isBase(list, bases) && !isInAccess(argument, list)))
      refuse('an address is computed');
  }
}

const isBase = (node: Node, bases: ReadonlyMap<string, KernelBuffer>): boolean =>
  node[0] === 'local.get' && bases.has((node[1] as string).slice(1));

/** Inside of the address of a load, whose value is no address. */
const isInAccess = (whole: Node, part: Node[]): boolean =>
  [...listsOf(whole)].some((list) => accessOf(list[0] as string) && [...listsOf(list)].includes(part));

/** The one buffer that stands in the address, outside of what the address loads itself. */
function baseOf(access: readonly Node[], bases: ReadonlyMap<string, KernelBuffer>): KernelBuffer | undefined {
  const found = new Set<KernelBuffer>();
  const look = (node: Node): void => {
    if (typeof node === 'string' || accessOf(node[0] as string)) return;
    if (isBase(node, bases)) found.add(bases.get((node[1] as string).slice(1))!);
    node.forEach(look);
  };
  look(access[addressIn(access).at]!);
  return found.size === 1 ? [...found][0] : undefined;
}

const i32 = (value: number): Node => ['i32.const', String(value)];

function wrapAddress(list: Node[], { bytes, isStore }: Access, buffer: KernelBuffer, site: number): void {
  const { offset, at } = addressIn(list);
  const name = isStore ? '$check.store' : '$check.load';
  const range = [['local.get', `$${buffer.name}`], i32(buffer.length * WORD)];
  list[at] = ['call', name, list[at]!, i32(offset), i32(bytes), ...range, i32(site)];
}

const PARAMETERS =
  '(param $address i32) (param $offset i32) (param $bytes i32) (param $base i32) (param $length i32)';

/** 64-bit sums: nothing wraps around. Both answer with the address. */
const importAndChecks = (shadow: number): string => `
  (import "env" "fail" (func $fail (param i32 i32)))
  (func $check.load ${PARAMETERS} (param $site i32) (result i32)
    (local $from i64)
    (local.set $from (i64.sub
      (i64.add (i64.extend_i32_u (local.get $address)) (i64.extend_i32_u (local.get $offset)))
      (i64.extend_i32_u (local.get $base))))
    (if (i32.or
        (i64.lt_s (local.get $from) (i64.const 0))
        (i32.or
          (i64.gt_s
            (i64.add (local.get $from) (i64.extend_i32_u (local.get $bytes)))
            (i64.extend_i32_u (local.get $length)))
          (i64.ne (i64.and (local.get $from) (i64.const 3)) (i64.const 0))))
      (then (call $fail (local.get $site) (i32.wrap_i64 (local.get $from)))))
    (local.get $address))
  (func $check.store ${PARAMETERS} (param $site i32) (result i32)
    (local $mark i32)
    (drop (call $check.load (local.get $address) (local.get $offset) (local.get $bytes) (local.get $base) (local.get $length) (local.get $site)))
    (local.set $mark (i32.add (i32.const ${shadow})
      (i32.shr_u (i32.add (local.get $address) (local.get $offset)) (i32.const 2))))
    (if (i32.eqz (if (result i32) (i32.eq (local.get $bytes) (i32.const 16))
        (then (i32.eq (i32.load align=1 (local.get $mark)) (i32.const 0x01010101)))
        (else (i32.load8_u (local.get $mark)))))
      (then (call $fail (local.get $site)
        (i32.sub (i32.add (local.get $address) (local.get $offset)) (local.get $base)))))
    (local.get $address))`;
