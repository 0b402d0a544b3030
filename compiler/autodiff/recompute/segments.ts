/**
 * Finds the points where a forward pass can be cut: after a value that is the only large one still needed. Then
 * everything between two cuts can be computed again from the first of them.
 */
import { isLeaf } from '../../ir/leaves.ts';
import { nodeOf, sizeOf, type Graph, type Node, type ValueId } from '../../ir/types.ts';

/** The forward pass, as the search for cuts and moves sees it. */
export interface ForwardPass {
  readonly graph: Graph;
  readonly isForward: (node: Node) => boolean;
  /** Whether the value is computed in the forward pass and large enough to matter. */
  readonly isLarge: (value: ValueId) => boolean;
  /** Large values that the backward pass reads. All of them are alive between the two passes. */
  readonly saved: ReadonlySet<ValueId>;
  bytesOf(value: ValueId): number;
}

export interface Segment {
  /** The value that is kept. Except for leaves and small values, it is enough to compute the rest again. */
  readonly start?: ValueId;
  /** The large values up to the next cut, without the next cut's value. */
  readonly interior: readonly ValueId[];
}

/**
 * A hundredth of the largest value. Smaller values, such as statistics of batch norms, are not worth computing twice.
 */
const SMALL = 1 / 100;

export function forwardPass(graph: Graph, isForward: (node: Node) => boolean): ForwardPass {
  const computed = graph.nodes.filter((node) => isForward(node) && !isLeaf(node));
  const bytesOf = (value: ValueId): number => 4 * sizeOf(nodeOf(graph, value).type.shape);
  const largest = computed.reduce((most, { id }) => Math.max(most, bytesOf(id)), 0);
  const large = new Set(computed.map(({ id }) => id).filter((id) => bytesOf(id) >= SMALL * largest));
  const saved = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (isForward(node)) continue;
    for (const input of node.inputs) if (large.has(input)) saved.add(input);
  }
  return { graph, isForward, isLarge: (value) => large.has(value), saved, bytesOf };
}

interface Cut {
  readonly value: ValueId;
  /** The node after which the forward pass still reads no other large value. */
  readonly at: ValueId;
}

function cutsOf({ graph, isForward, isLarge }: ForwardPass): Cut[] {
  const lastRead = new Map<ValueId, ValueId>();
  for (const node of graph.nodes) {
    if (!isForward(node)) continue;
    for (const input of node.inputs) if (isLarge(input)) lastRead.set(input, node.id);
  }
  const dying = new Map<ValueId, ValueId[]>();
  for (const [value, reader] of lastRead) dying.set(reader, [...(dying.get(reader) ?? []), value]);
  const alive = new Set<ValueId>();
  const cuts: Cut[] = [];
  for (const { id } of graph.nodes) {
    for (const value of dying.get(id) ?? []) alive.delete(value);
    if (lastRead.has(id)) alive.add(id);
    const [only] = alive;
    if (alive.size === 1 && cuts.at(-1)?.value !== only) cuts.push({ value: only!, at: id });
  }
  return cuts;
}

/**
 * Returns segments whose interiors hold at most `bytes` of saved values each (or that cannot be cut), with the
 * smallest sum of cut values: a shortest path over the cuts.
 */
export function segmentsOf(pass: ForwardPass, bytes: number): Segment[] {
  const cuts = cutsOf(pass);
  const savedUpTo = savedBytes(pass);
  const places: (Cut | undefined)[] = [undefined, ...cuts];
  const end = pass.graph.nodes.length - 1;
  const interior = (from: number, to: number): number => {
    const next = places[to];
    const own = next && pass.saved.has(next.value) ? pass.bytesOf(next.value) : 0;
    return savedUpTo(next?.at ?? end) - savedUpTo(places[from]?.at ?? -1) - own;
  };
  const best: { cost: number; previous: number }[] = [{ cost: 0, previous: -1 }];
  for (let to = 1; to <= places.length; to++) {
    let found = { cost: Infinity, previous: -1 };
    for (let from = to - 1; from >= 0; from--) {
      if (from < to - 1 && interior(from, to) > bytes) break;
      if (best[from]!.cost < found.cost) found = { cost: best[from]!.cost, previous: from };
    }
    const own = to < places.length ? pass.bytesOf(places[to]!.value) : 0;
    best.push({ ...found, cost: found.cost + own });
  }
  const chosen: number[] = [];
  for (let at = best[places.length]!.previous; at >= 0; at = best[at]!.previous) chosen.unshift(at);
  return chosen.map((place, i) => segmentBetween(pass, places[place], places[chosen[i + 1] ?? -1]));
}

/** Returns a function that gives the bytes of saved values up to a node. */
function savedBytes({ graph, saved, bytesOf }: ForwardPass): (at: ValueId) => number {
  let sum = 0;
  const sums = graph.nodes.map(({ id }) => (sum += saved.has(id) ? bytesOf(id) : 0));
  return (at) => (at < 0 ? 0 : sums[at]!);
}

function segmentBetween(
  { graph, isLarge }: ForwardPass,
  from: Cut | undefined,
  to: Cut | undefined,
): Segment {
  const [first, last] = [(from?.at ?? -1) + 1, to?.at ?? graph.nodes.length - 1];
  const ids = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  const interior = ids.filter((id) => isLarge(id) && id !== to?.value);
  return { ...(from && { start: from.value }), interior };
}
