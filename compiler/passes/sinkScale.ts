/**
 * Postcondition: no arithmetic per channel is directly before an average that is its only reader and has fewer
 * elements. It is after the average, where there is less to compute. If a linear layer reads it through a flatten, or
 * a reshape to [N, features], it is after that, with one number per feature.
 */
import { soleUser, usesOf, type GraphBuilder } from '../ir/builder.ts';
import { sizeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { expand } from '../ops/expand.ts';
import { factsOf, isReshape } from '../ops/nodeFacts.ts';
import { reshape } from '../ops/reshape.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { isScale, laidAlong, ownStep, reshaped, type ChannelStep } from './shared/perChannel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const sinkScale: Pass = { name: 'sinkScale', run };

function run(graph: Graph): Graph {
  const uses = usesOf(graph);
  const feedsFeatures = (node: Node): boolean => {
    const reader = soleUser(graph, uses, node.id);
    return reader !== undefined && factsOf(reader).channelMap?.axis === -1 && reader.inputs[0] === node.id;
  };
  let sunk = false;
  const after = rewriteKnowing(graph, (node, [x], g, facts) => {
    const isFlattened = isReshape(node) && keepsRows(node, g, x!) && feedsFeatures(node);
    const movable = isFlattened ? 'factors and summands' : movableOver(node, g, x);
    const steps = movable ? stepsBefore(movable, x!, g, facts) : [];
    if (steps.length === 0) return undefined;
    sunk = true;
    const from = steps.at(-1)!.x;
    let value = g.copy(node, [from]);
    for (const { op, numbers, origin } of steps.reverse()) {
      g.origin = origin;
      value = g.node(op, [value, isFlattened ? perFeature(g, numbers, g.shapeOf(from)) : numbers]);
    }
    return value;
  });
  return sunk ? withoutDeadNodes(after) : graph;
}

/** Whether the node makes [N, features] from [N, C, ...]. */
const keepsRows = ({ type: { shape } }: Node, g: GraphBuilder, x: ValueId): boolean =>
  shape.length === 2 && g.shapeOf(x).length > 2 && shape[0] === g.shapeOf(x)[0];

type Movable = 'factors' | 'factors and summands';

/** Returns what may move from before the node to after it, if there are fewer elements then. */
function movableOver(node: Node, g: GraphBuilder, x: ValueId | undefined): Movable | undefined {
  const movable = factsOf(node).commutesPerChannel?.(node.attrs);
  return movable && sizeOf(node.type.shape) < sizeOf(g.shapeOf(x!)) ? movable : undefined;
}

/** The steps before the node, from the last one up, as far as they may move. */
function stepsBefore(movable: Movable, x: ValueId, g: GraphBuilder, facts: Facts): ChannelStep[] {
  const steps: ChannelStep[] = [];
  for (let step = ownStep(x, g, facts); step; step = ownStep(step.x, g, facts)) {
    if (movable === 'factors' && !isScale(step)) break;
    steps.push(step);
  }
  return steps;
}

/** Turns one number per channel of [N, C, ...spatial] into one per feature of [N, C * spatial]. */
function perFeature(g: GraphBuilder, numbers: ValueId, [, channels, ...spatial]: readonly number[]): ValueId {
  const alongChannels = laidAlong(g, numbers, [channels!, ...spatial.map(() => 1)]);
  if (g.shapeOf(alongChannels).length === 0) return alongChannels;
  const places = sizeOf(spatial);
  if (places === 1) return reshaped(g, numbers, [channels!]);
  const spread = g.node(expand.name, [alongChannels], { shape: [channels!, ...spatial] });
  return g.node(reshape.name, [spread], { shape: [channels! * places] });
}
