/**
 * Offsets of all arena buffers in one block of memory. Buffers that are alive at the same time never overlap. The
 * only exception is a result that takes over the storage of an operand that is last used in the same call. The plan
 * tries several orders of placing, then a search; both stop when the plan is as small as its lower bound.
 */
import { BYTES_PER_ELEMENT } from './bytes.ts';
import { arenaLifetimes, runCalls, type Lifetime, type LifetimeOptions } from './liveness.ts';
import { describePeak, peakOf, type Peak } from './peak.ts';
import { placeByOrders, type Plan } from './placement.ts';
import { searchPlacement } from './searchPlacement.ts';
import { storagesOf, type Storage } from './storages.ts';
import { rootOf, type BufferId, type KernelCall, type Program } from './types.ts';

export { ALIGNMENT } from './storages.ts';

export interface Placement {
  readonly buffer: BufferId;
  /** Bytes from the arena's start. It is a multiple of the alignment, except for parts of other buffers. */
  readonly offset: number;
  readonly bytes: number;
  readonly lifetime: Lifetime;
}

export interface MemoryPlan {
  readonly placements: ReadonlyMap<BufferId, Placement>;
  readonly arenaBytes: number;
  /** The largest sum of bytes alive at one call. No plan of these lifetimes can be smaller. */
  readonly lowerBoundBytes: number;
  /** The call where that is, and the buffers that are alive then. */
  readonly peak: Peak;
  /** The order of placing that gave the smallest plan, or `search` if the search improved it. */
  readonly placedBy: Plan['placedBy'];
}

export interface PlanOptions extends LifetimeOptions {
  /** Skips the search. The plan takes no time and is mostly the same, never smaller. For comparing many programs. */
  readonly isQuick?: boolean;
  /** Alignment of every buffer in bytes, a power of two. Default: `ALIGNMENT`. */
  readonly alignment?: number | undefined;
}

/** Plans the memory of one timeline. In another timeline the same buffers may have other places. */
export function planMemory(program: Program, options: PlanOptions = {}): MemoryPlan {
  return planLifetimes(
    program,
    runCalls(program, options.timeline),
    arenaLifetimes(program, options),
    options,
  );
}

/** Plans memory for these lifetimes, which count the calls. */
export function planLifetimes(
  program: Program,
  calls: readonly KernelCall[],
  lifetimes: ReadonlyMap<BufferId, Lifetime>,
  options: Pick<PlanOptions, 'alignment' | 'isQuick'>,
): MemoryPlan {
  const storages = storagesOf(program, calls, lifetimes, options.alignment);
  const peak = peakOf(storages);
  const placed = placeByOrders(storages);
  const plan = options.isQuick ? placed : searchPlacement(storages, placed, peak.bytes);
  const placements = placeBuffers(program, storages, plan, lifetimes);
  placeParts(program, placements);
  return {
    placements,
    arenaBytes: plan.arenaBytes,
    lowerBoundBytes: peak.bytes,
    peak: describePeak(program, calls, lifetimes, storages, peak.call),
    placedBy: plan.placedBy,
  };
}

function placeBuffers(
  program: Program,
  storages: readonly Storage[],
  { order, offsets }: Plan,
  lifetimes: ReadonlyMap<BufferId, Lifetime>,
): Map<BufferId, Placement> {
  const placements = new Map<BufferId, Placement>();
  for (const index of order) {
    for (const buffer of storages[index]!.buffers) {
      const bytes = program.buffers[buffer]!.length * BYTES_PER_ELEMENT;
      placements.set(buffer, { buffer, offset: offsets[index]!, bytes, lifetime: lifetimes.get(buffer)! });
    }
  }
  return placements;
}

/** Places the parts of buffers inside their wholes. Parts live as long as the whole. */
function placeParts(program: Program, placements: Map<BufferId, Placement>): void {
  for (const { id, within, length } of program.buffers) {
    const root = rootOf(program, id);
    const whole = placements.get(root.buffer);
    if (!within || !whole) continue;
    const offset = whole.offset + root.offset * BYTES_PER_ELEMENT;
    placements.set(id, { buffer: id, offset, bytes: length * BYTES_PER_ELEMENT, lifetime: whole.lifetime });
  }
}
