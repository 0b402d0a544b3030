/**
 * Layers that are linear maps over channels: the position of their channels, and weights with a factor per channel.
 */
import type { GraphBuilder } from '../../ir/builder.ts';
import type { Node, ValueId } from '../../ir/types.ts';
import { factsOf } from '../../ops/nodeFacts.ts';
import { laidAlong, reshaped, type ChannelStep } from './perChannel.ts';

/** The axis of a result that counts channels; for most values the second. */
export const channelAxis = (node: Node): number =>
  factsOf(node).channelMap?.axis === -1 ? node.type.shape.length - 1 : 1;

/** A weight in a shape where the axes `along` count channels, and the numbers in a shape along these axes. */
interface Laid {
  readonly shape: readonly number[];
  readonly along: readonly number[];
}

/**
 * The weight multiplied or divided by one number per input or output channel. The result has the weight's shape, or
 * an axis for groups.
 */
export function laidProduct(
  g: GraphBuilder,
  layer: Node,
  weight: ValueId,
  side: 'inputs' | 'outputs',
  { op, numbers }: Pick<ChannelStep, 'op' | 'numbers'>,
): ValueId {
  const axes = factsOf(layer).channelMap!.weightAxes(g.shapeOf(weight), layer.attrs);
  const { shape, along } = merged({ shape: axes.shape, along: axes[side] });
  const factors = shape.map((extent, axis) => (along.includes(axis) ? extent : 1));
  // Axes before the first one are left to broadcasting.
  return g.node(op, [reshaped(g, weight, shape), laidAlong(g, numbers, factors.slice(along[0]))]);
}

export const scaledWeight = (
  g: GraphBuilder,
  layer: Node,
  weight: ValueId,
  side: 'inputs' | 'outputs',
  step: ChannelStep,
): ValueId => reshaped(g, laidProduct(g, layer, weight, side, step), g.shapeOf(weight));

/** Merges two neighbouring axes that count the same channels. */
function merged({ shape, along }: Laid): Laid {
  const [first, second] = along;
  if (second === undefined || second !== first! + 1) return { shape, along };
  return { shape: shape.toSpliced(first!, 2, shape[first!]! * shape[second]!), along: [first!] };
}
