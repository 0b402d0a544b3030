/**
 * Which bytes are taken when, for placing storages one by one: a segment tree over the calls. Every node knows the
 * bytes that are taken during all of its calls (`throughout`) and during any of them (`ever`), as ranges that are
 * merged where they touch. Memory plans are stacks with few gaps, so these lists stay short, and placing a storage
 * costs little more than the tree's depth, however many storages there are.
 */

/** Alternating starts and ends, in ascending order: [0, 64, 128, 192]. */
type Ranges = number[];

export interface Occupancy {
  /** Returns the lowest offset at which `bytes` bytes are free during all calls from `from` to `to`. */
  lowestFree(from: number, to: number, bytes: number): number;
  take(from: number, to: number, offset: number, bytes: number): void;
}

/** Creates the tree for the calls `first` to `last`. */
export function createOccupancy(first: number, last: number): Occupancy {
  let leaves = 1;
  while (leaves < last - first + 1) leaves *= 2;
  const throughout: (Ranges | undefined)[] = [];
  const ever: (Ranges | undefined)[] = [];
  const add = (ranges: (Ranges | undefined)[], node: number, start: number, end: number): void =>
    insert((ranges[node] ??= []), start, end);
  return {
    lowestFree(from, to, bytes) {
      const lists: Ranges[] = [];
      const collect = (ranges: Ranges | undefined): void => void (ranges && lists.push(ranges));
      forEachWhole(leaves + from - first, leaves + to - first, (node) => collect(ever[node]));
      forEachAbove(leaves + from - first, leaves + to - first, (node) => collect(throughout[node]));
      return lowestGap(lists, bytes);
    },
    take(from, to, offset, bytes) {
      if (bytes === 0) return;
      const end = offset + bytes;
      forEachWhole(leaves + from - first, leaves + to - first, (node) => {
        add(throughout, node, offset, end);
        add(ever, node, offset, end);
      });
      forEachAbove(leaves + from - first, leaves + to - first, (node) => add(ever, node, offset, end));
    },
  };
}

/** Visits the few nodes that together cover exactly the calls between two leaves. */
function forEachWhole(left: number, right: number, visit: (node: number) => void): void {
  for (let [l, r] = [left, right + 1]; l < r; l >>= 1, r >>= 1) {
    if (l & 1) visit(l++);
    if (r & 1) visit(--r);
  }
}

/** Visits every node on the paths from the two leaves to the root, each once. */
function forEachAbove(left: number, right: number, visit: (node: number) => void): void {
  for (let [l, r] = [left, right]; l > 0; l >>= 1, r >>= 1) {
    visit(l);
    if (r !== l) visit(r);
  }
}

function lowestGap(lists: readonly Ranges[], bytes: number): number {
  let offset = 0;
  for (let agreed = 0, i = 0; agreed < lists.length; i = (i + 1) % lists.length) {
    const free = gapFrom(lists[i]!, offset, bytes);
    agreed = free === offset ? agreed + 1 : 1;
    offset = free;
  }
  return offset;
}

/** The lowest offset, at least `offset`, with a gap of `bytes` bytes in one list. */
function gapFrom(ranges: Ranges, offset: number, bytes: number): number {
  let found = offset;
  for (let i = rangeBehind(ranges, offset); i < ranges.length && ranges[i]! < found + bytes; i += 2)
    found = Math.max(found, ranges[i + 1]!);
  return found;
}

/** Index of the first range in the list that ends after `offset`. */
function rangeBehind(ranges: Ranges, offset: number): number {
  let [low, high] = [0, ranges.length / 2];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1]! > offset) high = middle;
    else low = middle + 1;
  }
  return 2 * low;
}

/** Adds a range and merges it with all ranges that it touches. */
function insert(ranges: Ranges, start: number, end: number): void {
  // Ends are whole numbers, so a range that ends at `start` ends after `start - 1`.
  const first = rangeBehind(ranges, start - 1);
  let behind = first;
  let [from, to] = [start, end];
  for (; behind < ranges.length && ranges[behind]! <= end; behind += 2) {
    from = Math.min(from, ranges[behind]!);
    to = Math.max(to, ranges[behind + 1]!);
  }
  if (behind - first === 2) {
    ranges[first] = from;
    ranges[first + 1] = to;
  } else ranges.splice(first, behind - first, from, to);
}
