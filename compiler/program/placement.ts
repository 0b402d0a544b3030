/**
 * Offsets for storages: places them one after the other in some order, each at the lowest offset that is free for its
 * lifetime. No order is best for all programs, so several are tried, until one reaches the lower bound.
 */
import { createOccupancy } from './occupancy.ts';
import { peakOf } from './peak.ts';
import type { Storage } from './storages.ts';

export interface Placed {
  /** Offsets by the index of the storage. */
  readonly offsets: readonly number[];
  readonly arenaBytes: number;
}

/** Indices of storages in the order in which they are placed. */
export type Order = readonly number[];

export type OrderName = 'size' | 'lifetime' | 'area' | 'first use' | 'last use' | 'around the peak';

/** An order of storages and the resulting placement. */
export interface Plan extends Placed {
  readonly order: Order;
  readonly placedBy: OrderName | 'search';
}

export function placeInOrder(storages: readonly Storage[], order: Order): Placed {
  const first = storages.reduce((least, { from }) => Math.min(least, from), 0);
  const last = storages.reduce((most, { to }) => Math.max(most, to), 0);
  const occupancy = createOccupancy(first, last);
  const offsets = new Array<number>(storages.length).fill(0);
  let arenaBytes = 0;
  for (const index of order) {
    const { from, to, bytes } = storages[index]!;
    const offset = occupancy.lowestFree(from, to, bytes);
    occupancy.take(from, to, offset, bytes);
    offsets[index] = offset;
    arenaBytes = Math.max(arenaBytes, offset + bytes);
  }
  return { offsets, arenaBytes };
}

/** Storages with a smaller rank are placed sooner. */
type Rank = (storage: Storage) => number;

const lengthOf = ({ from, to }: Storage): number => to - from + 1;

/** Size comes first: if it is as good as the others, small changes of a model change little of its plan. */
function ranks(peakCall: number): Readonly<Record<OrderName, Rank>> {
  return {
    size: ({ bytes }) => -bytes,
    lifetime: (storage) => -lengthOf(storage),
    area: (storage) => -lengthOf(storage) * storage.bytes,
    'first use': ({ from }) => from,
    'last use': ({ to }) => -to,
    'around the peak': ({ from, to }) => Math.max(0, from - peakCall, peakCall - to),
  };
}

/**
 * Sorts by rank. If ranks are equal, the larger storage comes first, then the earlier one, so the order is the same
 * on every machine.
 */
function orderBy(storages: readonly Storage[], rank: Rank): Order {
  const keys = storages.map(rank);
  const compare = (a: number, b: number): number =>
    keys[a]! - keys[b]! ||
    storages[b]!.bytes - storages[a]!.bytes ||
    storages[a]!.from - storages[b]!.from ||
    storages[a]!.buffers[0]! - storages[b]!.buffers[0]!;
  return storages.map((_, index) => index).sort(compare);
}

/** Returns the smallest plan of all orders. */
export function placeByOrders(storages: readonly Storage[]): Plan {
  const peak = peakOf(storages);
  let best: Plan | undefined;
  for (const [name, rank] of Object.entries(ranks(peak.call)) as [OrderName, Rank][]) {
    if (best && best.arenaBytes === peak.bytes) break;
    const order = orderBy(storages, rank);
    const placed = placeInOrder(storages, order);
    if (!best || placed.arenaBytes < best.arenaBytes) best = { ...placed, order, placedBy: name };
  }
  return best!;
}
