/**
 * Checks a memory plan against what its calls do: it records which buffer owns each word of the arena. It knows the
 * calls, the layouts and the offsets, but no lifetimes. A word that was written for a buffer belongs to it until
 * another buffer is written there, and a call that reads a buffer must find only that buffer's words.
 */
import type { MemoryPlan } from '../../compiler/program/memoryPlan.ts';
import type { Buffer, BufferId, KernelCall, Program } from '../../compiler/program/types.ts';
import { indicesOf, placeOf } from '../support/layouts.ts';

const WORD = 4;

interface Arena {
  readonly program: Program;
  readonly plan: MemoryPlan;
  /** The owner of each word. A part of a buffer writes as the whole buffer. */
  readonly owners: Map<number, BufferId>;
  readonly words: Map<BufferId, readonly number[]>;
}

/** Throws with the call that finds another's numbers in its operand, or none. */
export function checkPlan(
  program: Program,
  plan: MemoryPlan,
  calls: readonly KernelCall[],
  isKept: (output: Buffer) => boolean,
): void {
  const arena: Arena = { program, plan, owners: new Map(), words: new Map() };
  for (const { id, role } of program.buffers) if (role === 'input') own(arena, id);
  for (const call of calls) runCall(arena, call);
  for (const buffer of program.buffers)
    if (buffer.role === 'output' && isKept(buffer)) checkOwned(arena, buffer.id, 'the end');
}

const isPlaced = ({ plan }: Arena, id: BufferId): boolean => plan.placements.has(id);

/** Where the buffer's elements lie; padding of a block belongs to no buffer. */
function wordsOf(arena: Arena, id: BufferId): readonly number[] {
  const known = arena.words.get(id);
  if (known) return known;
  const { layout, name } = arena.program.buffers[id]!;
  const { offset } = arena.plan.placements.get(id)!;
  if (offset % WORD !== 0) throw new Error(`${name} lies at ${offset}`);
  const words = [...indicesOf(layout.shape)].map((index) => offset / WORD + placeOf(layout, index));
  const last = words.reduce((most, word) => Math.max(most, word), 0);
  if ((last + 1) * WORD > arena.plan.arenaBytes) throw new Error(`${name} ends beyond the arena`);
  arena.words.set(id, words);
  return words;
}

function wholeOf({ program }: Arena, id: BufferId): BufferId {
  let whole = id;
  for (let { within } = program.buffers[whole]!; within; { within } = program.buffers[whole]!)
    whole = within.buffer;
  return whole;
}

function own(arena: Arena, id: BufferId): void {
  if (!isPlaced(arena, id)) return;
  const whole = wholeOf(arena, id);
  for (const word of wordsOf(arena, id)) arena.owners.set(word, whole);
}

function checkOwned(arena: Arena, id: BufferId, reader: string): void {
  if (!isPlaced(arena, id)) return;
  const whole = wholeOf(arena, id);
  const lost = wordsOf(arena, id).find((word) => arena.owners.get(word) !== whole);
  if (lost === undefined) return;
  const owner = arena.owners.get(lost);
  const name = (of: BufferId): string => arena.program.buffers[of]!.name;
  const found = owner === undefined ? 'is not written yet' : `holds ${name(owner)}`;
  throw new Error(`${reader} reads ${name(id)}, whose word at byte ${lost * WORD} ${found}`);
}

function runCall(arena: Arena, call: KernelCall): void {
  const access = (i: number): string => call.kernel.buffers[i]!.access;
  const [read, written] = [
    call.args.filter((_, i) => access(i) === 'read' || access(i) === 'readWrite'),
    call.args.filter((_, i) => access(i) !== 'read'),
  ];
  for (const id of read) checkOwned(arena, id, call.label);
  for (const id of written) checkInPlace(arena, call, id);
  for (const id of written) own(arena, id);
}

/** A result may share words with an operand only where the kernel says so, element by element. */
function checkInPlace(arena: Arena, call: KernelCall, out: BufferId): void {
  if (!isPlaced(arena, out)) return;
  const written = new Set(wordsOf(arena, out));
  call.args.forEach((operand, i) => {
    if (call.kernel.buffers[i]!.access !== 'read' || !isPlaced(arena, operand)) return;
    const words = wordsOf(arena, operand);
    if (!words.some((word) => written.has(word))) return;
    const same = words.every((word, at) => word === wordsOf(arena, out)[at]);
    if (call.mayOverwrite.includes(i) && same) return;
    const [from, to] = [operand, out].map((id) => arena.program.buffers[id]!.name);
    throw new Error(`${call.label} writes ${to} over its operand ${from}`);
  });
}
