/**
 * Improves an order of placing, step by step, until the plan is as small as its lower bound or the steps are used up.
 * A step takes a storage of the stack that reaches the arena's top and places it before another storage that it
 * overlaps in time. Steps that make the plan much larger are taken back. Steps are counted, not timed, and the random
 * numbers have a fixed seed, so the plan is the same on every machine.
 */
import { placeInOrder, type Order, type Plan } from './placement.ts';
import type { Storage } from './storages.ts';

/** Placements of single storages in all steps together: about a second. */
const BUDGET = 200_000;
const MOST_STEPS = 2000;
/** Steps without a smaller plan before the search stops. */
const PATIENCE = 500;
/**
 * A step is kept if its plan is no larger than the one this many steps ago, because an improvement may need some
 * larger plans first.
 */
const MEMORY = 20;

export function searchPlacement(storages: readonly Storage[], start: Plan, lowerBoundBytes: number): Plan {
  const random = createRandom();
  const steps = Math.min(MOST_STEPS, Math.floor(BUDGET / storages.length));
  const past: number[] = [];
  let [current, best, since] = [start, start, 0];
  for (let step = 0; step < steps && since < PATIENCE && best.arenaBytes > lowerBoundBytes; step++, since++) {
    const order = moveOne(storages, current, random);
    const plan: Plan = { ...placeInOrder(storages, order), order, placedBy: 'search' };
    const then = past[step % MEMORY] ?? start.arenaBytes;
    if (plan.arenaBytes <= Math.max(current.arenaBytes, then)) current = plan;
    past[step % MEMORY] = current.arenaBytes;
    if (plan.arenaBytes < best.arenaBytes) [best, since] = [plan, 0];
  }
  return best;
}

function moveOne(storages: readonly Storage[], { order, offsets, arenaBytes }: Plan, random: Random): Order {
  const stack = stackOf(storages, offsets, arenaBytes);
  const moved = stack[random(stack.length)]!;
  const turn = order.indexOf(moved);
  const sooner = order.slice(0, turn).filter((other) => isAliveWith(storages[moved]!, storages[other]!));
  // The first storage cannot go earlier, so it moves to a random place.
  const target = sooner.length > 0 ? order.indexOf(sooner[random(sooner.length)]!) : random(order.length);
  const rest = order.filter((index) => index !== moved);
  return [...rest.slice(0, target), moved, ...rest.slice(target)];
}

/** Returns the storages that reach the top, those below them, and so on down to offset 0. */
function stackOf(storages: readonly Storage[], offsets: readonly number[], top: number): number[] {
  const ends = new Map<number, number[]>();
  storages.forEach(({ bytes }, index) => {
    const end = offsets[index]! + bytes;
    const known = ends.get(end);
    if (known) known.push(index);
    else ends.set(end, [index]);
  });
  const stack = [...ends.get(top)!];
  const seen = new Set(stack);
  for (let i = 0; i < stack.length; i++) {
    const upper = stack[i]!;
    for (const lower of ends.get(offsets[upper]!) ?? []) {
      if (seen.has(lower) || !isAliveWith(storages[upper]!, storages[lower]!)) continue;
      seen.add(lower);
      stack.push(lower);
    }
  }
  return stack;
}

const isAliveWith = (a: Storage, b: Storage): boolean => a.from <= b.to && b.from <= a.to;

/** Returns a whole number below the limit. */
type Random = (limit: number) => number;

/** Mulberry32. */
function createRandom(): Random {
  let state = 1;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  };
}
