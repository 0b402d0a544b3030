/**
 * Offsets of all arena buffers in one block of memory. Buffers that are alive at the same time never
 * overlap; a result takes over the storage of an operand that dies in the same call where the kernel allows
 * it. Greedy by size: the largest storage first, each at the lowest offset that is free for its lifetime.
 */
import { BYTES_PER_ELEMENT } from './bytes.ts';
import { arenaLifetimes, runCalls, type Lifetime } from './liveness.ts';
import { rootOf, writtenArgs, type BufferId, type Program } from './types.ts';

export interface Placement {
  readonly buffer: BufferId;
  /** In bytes from the arena's start; a multiple of `ALIGNMENT`, but for parts of other buffers. */
  readonly offset: number;
  readonly bytes: number;
  readonly lifetime: Lifetime;
}

export interface MemoryPlan {
  readonly placements: ReadonlyMap<BufferId, Placement>;
  readonly arenaBytes: number;
  /** The largest sum of bytes alive at one call: no plan of these lifetimes can be smaller. */
  readonly lowerBoundBytes: number;
}

/** A cache line, and enough for every vector access. */
export const ALIGNMENT = 64;

interface Storage {
  readonly buffers: BufferId[];
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export function planMemory(program: Program): MemoryPlan {
  const lifetimes = arenaLifetimes(program);
  const storages = mergeInPlace(program, lifetimes);
  const placements = new Map<BufferId, Placement>();
  let arenaBytes = 0;
  for (const { storage, offset } of placeBySize(storages)) {
    arenaBytes = Math.max(arenaBytes, offset + storage.bytes);
    for (const buffer of storage.buffers) {
      const bytes = program.buffers[buffer]!.length * BYTES_PER_ELEMENT;
      placements.set(buffer, { buffer, offset, bytes, lifetime: lifetimes.get(buffer)! });
    }
  }
  placeParts(program, placements);
  return { placements, arenaBytes, lowerBoundBytes: peakBytes(storages) };
}

/** Parts stand where their whole does; they live as long as it. */
function placeParts(program: Program, placements: Map<BufferId, Placement>): void {
  for (const { id, within, length } of program.buffers) {
    const root = rootOf(program, id);
    const whole = placements.get(root.buffer);
    if (!within || !whole) continue;
    const offset = whole.offset + root.offset * BYTES_PER_ELEMENT;
    placements.set(id, { buffer: id, offset, bytes: length * BYTES_PER_ELEMENT, lifetime: whole.lifetime });
  }
}

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Chains of buffers that pass one storage on: x -> relu in place -> ... */
function mergeInPlace(program: Program, lifetimes: ReadonlyMap<BufferId, Lifetime>): Storage[] {
  const storageOf = new Map<BufferId, { -readonly [K in keyof Storage]: Storage[K] }>();
  for (const [id, lifetime] of lifetimes) {
    storageOf.set(id, {
      buffers: [id],
      bytes: aligned(program.buffers[id]!.length * BYTES_PER_ELEMENT),
      ...lifetime,
    });
  }
  runCalls(program).forEach((call, at) => {
    const written = writtenArgs(call).map((position) => call.args[position]!);
    const [out] = written;
    const result = out === undefined ? undefined : storageOf.get(out);
    if (written.length !== 1 || !result || lifetimes.get(out!)!.from !== at) return;
    for (const position of call.mayOverwrite) {
      const operand = call.args[position]!;
      const storage = storageOf.get(operand);
      const readTwice = call.args.filter((arg) => arg === operand).length > 1;
      if (!storage || storage === result || readTwice || storage.to !== at || storage.bytes !== result.bytes)
        continue;
      storage.buffers.push(...result.buffers);
      storage.to = result.to;
      for (const buffer of result.buffers) storageOf.set(buffer, storage);
      return;
    }
  });
  return [...new Set(storageOf.values())];
}

/** Larger first; among equals the earlier, so that the order is always the same. */
function placeBySize(storages: readonly Storage[]): { storage: Storage; offset: number }[] {
  const order = [...storages].sort(
    (a, b) => b.bytes - a.bytes || a.from - b.from || a.buffers[0]! - b.buffers[0]!,
  );
  const placed: { storage: Storage; offset: number }[] = [];
  for (const storage of order) {
    const rivals = placed
      .filter((other) => other.storage.from <= storage.to && storage.from <= other.storage.to)
      .sort((a, b) => a.offset - b.offset);
    let offset = 0;
    for (const rival of rivals) {
      if (offset + storage.bytes <= rival.offset) break;
      offset = Math.max(offset, rival.offset + rival.storage.bytes);
    }
    placed.push({ storage, offset });
  }
  return placed;
}

function peakBytes(storages: readonly Storage[]): number {
  const times = new Set(storages.flatMap(({ from, to }) => [from, to]));
  let peak = 0;
  for (const time of times) {
    const alive = storages.filter(({ from, to }) => from <= time && time <= to);
    peak = Math.max(
      peak,
      alive.reduce((sum, { bytes }) => sum + bytes, 0),
    );
  }
  return peak;
}
