/** Offsets for storages: they never overlap, and need less memory than placement by size where that is possible. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { peakOf } from '../../compiler/program/peak.ts';
import { placeByOrders, placeInOrder, type Placed } from '../../compiler/program/placement.ts';
import { searchPlacement } from '../../compiler/program/searchPlacement.ts';
import type { Storage } from '../../compiler/program/storages.ts';

const LINE = 64;

/** Each: from, to, cache lines. */
const storagesOf = (...all: readonly (readonly [number, number, number])[]): Storage[] =>
  all.map(([from, to, lines], i) => ({ from, to, bytes: lines * LINE, buffers: [i] }));

const meet = (a: Storage, b: Storage): boolean => a.from <= b.to && b.from <= a.to;

/** Pairs that are alive together and share bytes. */
function overlaps(storages: readonly Storage[], { offsets }: Placed): string[] {
  const found: string[] = [];
  for (let i = 0; i < storages.length; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [storages[i]!, storages[j]!];
      const share = offsets[i]! < offsets[j]! + b.bytes && offsets[j]! < offsets[i]! + a.bytes;
      if (share && meet(a, b)) found.push(`${i} and ${j}`);
    }
  return found;
}

/** The first of all offsets that is free, found by trying each of them. */
function placeNaively(storages: readonly Storage[], order: readonly number[]): number[] {
  const offsets = new Map<number, number>();
  for (const index of order) {
    const one = storages[index]!;
    const isFree = (offset: number): boolean =>
      [...offsets].every(([other, at]) => {
        const rival = storages[other]!;
        return !meet(one, rival) || at + rival.bytes <= offset || offset + one.bytes <= at;
      });
    let offset = 0;
    while (!isFree(offset)) offset += LINE;
    offsets.set(index, offset);
  }
  return storages.map((_, index) => offsets.get(index)!);
}

const bySize = (storages: readonly Storage[]): number[] =>
  storages.map((_, index) => index).sort((a, b) => storages[b]!.bytes - storages[a]!.bytes || a - b);

const randomStorages = (maxLength: number): fc.Arbitrary<Storage[]> =>
  fc
    .array(fc.tuple(fc.integer({ min: -1, max: 20 }), fc.nat({ max: 8 }), fc.integer({ min: 1, max: 9 })), {
      minLength: 1,
      maxLength,
      size: 'max',
    })
    .map((all) => storagesOf(...all.map(([from, length, lines]) => [from, from + length, lines] as const)));

describe('placing in an order', () => {
  it('takes the lowest offset that is free, as trying all of them does', () => {
    fc.assert(
      fc.property(randomStorages(25), (storages) => {
        const order = bySize(storages);
        expect(placeInOrder(storages, order).offsets).toEqual(placeNaively(storages, order));
      }),
      { numRuns: 200, seed: 31 },
    );
  });
});

describe('the best of several orders', () => {
  it('is smaller than by size where large ones leave gaps that are too small for any other', () => {
    // By size the two of 3 lines stand on the ground, and the one of 1 line, which meets the second only, on the 2.
    const storages = storagesOf([0, 1, 3], [3, 3, 3], [1, 2, 2], [2, 4, 1]);
    const plain = placeInOrder(storages, bySize(storages));
    const best = placeByOrders(storages);
    expect([plain.arenaBytes, best.arenaBytes, best.placedBy]).toEqual([6 * LINE, 5 * LINE, 'lifetime']);
    expect(peakOf(storages).bytes).toBe(best.arenaBytes);
  });

  it('says by size where the others are no better', () => {
    expect(placeByOrders(storagesOf([0, 1, 1], [1, 2, 2])).placedBy).toBe('size');
  });
});

describe('plans of random storages', () => {
  it('never overlap, and are no smaller than what is alive at once', () => {
    let [above, improved] = [0, 0];
    fc.assert(
      fc.property(randomStorages(40), (storages) => {
        const bound = peakOf(storages).bytes;
        const sums = Array.from({ length: 32 }, (_, i) =>
          storages.reduce(
            (sum, { from, to, bytes }) => (from <= i - 1 && i - 1 <= to ? sum + bytes : sum),
            0,
          ),
        );
        expect(bound).toBe(Math.max(...sums));
        const start = placeByOrders(storages);
        const plan = searchPlacement(storages, start, bound);
        expect([overlaps(storages, start), overlaps(storages, plan)]).toEqual([[], []]);
        expect(plan.arenaBytes).toBe(Math.max(...storages.map(({ bytes }, i) => plan.offsets[i]! + bytes)));
        expect(plan.arenaBytes).toBeGreaterThanOrEqual(bound);
        expect(plan.arenaBytes).toBeLessThanOrEqual(start.arenaBytes);
        expect(start.arenaBytes).toBeLessThanOrEqual(placeInOrder(storages, bySize(storages)).arenaBytes);
        if (start.arenaBytes > bound) above++;
        if (plan.arenaBytes < start.arenaBytes) improved++;
      }),
      { numRuns: 60, seed: 32 },
    );
    // The search is worth its time: most plans that no order could place tightly get smaller.
    expect(above).toBeGreaterThan(5);
    expect(improved / above).toBeGreaterThan(0.5);
  });
});

describe('the search', () => {
  it('reaches the lower bound where no single order does', () => {
    const storages = hardCase();
    const bound = peakOf(storages).bytes;
    const start = placeByOrders(storages);
    expect(start.arenaBytes).toBeGreaterThan(bound);
    const plan = searchPlacement(storages, start, bound);
    expect([plan.arenaBytes, plan.placedBy]).toEqual([bound, 'search']);
    expect(overlaps(storages, plan)).toEqual([]);
    expect(searchPlacement(storages, start, bound)).toEqual(plan);
  });
});

/** A block of 20 calls x 40 lines, cut in two again and again: a plan without any gap exists. */
function hardCase(): Storage[] {
  const pieces: [number, number, number][] = [];
  let state = 23;
  const random = (limit: number): number => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 16) % limit;
  };
  const cut = (from: number, to: number, lines: number, depth: number): void => {
    if (depth === 0 || (to === from && lines < 2)) return void pieces.push([from, to, lines]);
    if (to > from && (lines < 2 || random(2) === 0)) {
      const middle = from + random(to - from);
      cut(from, middle, lines, depth - 1);
      cut(middle + 1, to, lines, depth - 1);
    } else {
      const lower = 1 + random(lines - 1);
      cut(from, to, lower, depth - 1);
      cut(from, to, lines - lower, depth - 1);
    }
  };
  cut(0, 19, 40, 5);
  return storagesOf(...pieces);
}

describe('many storages', () => {
  it('are planned in time: 20,000 of a training step', () => {
    // Half are saved from their layer to its backward pass, half are passed on from call to call.
    const layers = 10_000;
    const last = 2 * layers;
    const storages = storagesOf(
      ...Array.from({ length: layers }, (_, i) => [i, last - i, 1 + (i % 7)] as const),
      ...Array.from({ length: layers }, (_, i) => [2 * i, 2 * i + 2, 1 + (i % 5)] as const),
    );
    const started = performance.now();
    const bound = peakOf(storages).bytes;
    const plan = searchPlacement(storages, placeByOrders(storages), bound);
    // Some seconds on a machine that does other things besides; what is quadratic takes minutes.
    expect(performance.now() - started).toBeLessThan(20_000);
    expect(plan.arenaBytes / bound).toBeLessThan(1.05);
  }, 60_000);
});
