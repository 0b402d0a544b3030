/**
 * Lists what a training step may compute twice instead of storing it. For each segment of the forward pass, these are
 * first the values that cost almost nothing (activations, normalizations, poolings), then everything between its
 * cuts. The list is sorted by cost per byte.
 */
import { nodeOf, sizeOf, type ValueId } from '../../ir/types.ts';
import { nodeCost } from '../../ops/cost.ts';
import { segmentsOf, type ForwardPass, type Segment } from './segments.ts';

export interface Move {
  readonly dropped: ReadonlySet<ValueId>;
  /** Bytes of the saved values among them. */
  readonly bytes: number;
  /** Cost of computing them again. */
  readonly multiplyAdds: number;
}

/**
 * More multiply-adds than this per number of the result are expensive: convolutions (except depthwise ones) and
 * matrix products.
 */
const LIGHT = 32;

/** Returns the moves. A later move of a segment contains its earlier moves. */
export function movesOf(pass: ForwardPass, segmentBytes: number): Move[] {
  const moves = segmentsOf(pass, segmentBytes).flatMap((segment) => {
    const all = moveOf(pass, new Set(segment.interior));
    const light = moveOf(pass, lightValues(pass, segment));
    return all.multiplyAdds === light.multiplyAdds && all.bytes === light.bytes ? [light] : [light, all];
  });
  const price = ({ multiplyAdds, bytes }: Move): number => multiplyAdds / bytes;
  return moves.filter(({ bytes }) => bytes > 0).sort((a, b) => price(a) - price(b));
}

/** All values that several moves drop. */
export const dropped = (moves: readonly Move[]): ReadonlySet<ValueId> =>
  new Set(moves.flatMap((move) => [...move.dropped]));

/** Cheap values that depend on the segment's start and on expensive values that are saved. */
function lightValues({ graph, saved, isLarge }: ForwardPass, { start, interior }: Segment): Set<ValueId> {
  const light = new Set<ValueId>();
  const inside = new Set(interior);
  for (const value of interior) {
    const node = nodeOf(graph, value);
    const derives = (input: ValueId): boolean => {
      if (!isLarge(input) || input === start || light.has(input)) return true;
      return inside.has(input) && saved.has(input);
    };
    const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
    const isLight = nodeCost(node, types).multiplyAdds <= LIGHT * sizeOf(node.type.shape);
    if (isLight && node.inputs.every(derives)) light.add(value);
  }
  return light;
}

/** The move that drops those of the values that the backward pass reads, together with what they depend on. */
function moveOf({ graph, saved, bytesOf }: ForwardPass, values: ReadonlySet<ValueId>): Move {
  const needed = new Set<ValueId>();
  const open = [...values].filter((value) => saved.has(value));
  const bytes = open.reduce((sum, value) => sum + bytesOf(value), 0);
  let multiplyAdds = 0;
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (needed.has(value) || !values.has(value)) continue;
    needed.add(value);
    const node = nodeOf(graph, value);
    const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
    multiplyAdds += nodeCost(node, types).multiplyAdds;
    open.push(...node.inputs);
  }
  return { dropped: values, bytes, multiplyAdds };
}
