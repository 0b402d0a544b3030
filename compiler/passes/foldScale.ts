/**
 * Postcondition: no factor, divisor or summand per channel (a parameter or a constant) directly follows a layer of
 * which it is the only reader and whose weight has output channels (conv2d, convTranspose2d, linear). It has moved into
 * the weight and bias, as arithmetic on parameters that runs once.
 *
 *     (x * w + b) * s     =  x * (w * s) + b * s         one factor per output channel
 *     (x * w + b) + s     =  x * w + (b + s)
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { isParameter } from '../ir/leaves.ts';
import type { Graph, Node, OpName, ValueId } from '../ir/types.ts';
import { add } from '../ops/add.ts';
import { neg } from '../ops/neg.ts';
import { factsOf } from '../ops/nodeFacts.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { channelAxis, scaledWeight } from './shared/channelMaps.ts';
import {
  asVector,
  channelStep,
  isScale,
  laidAlong,
  originWith,
  type ChannelStep,
} from './shared/perChannel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldScale: Pass = { name: 'foldScale', run };

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    const step = channelStep(node, inputs, g, facts, (x) => channelAxis(g.nodes[x]!));
    const layer = step && g.nodes[step.x]!;
    if (!layer || !facts.isOwn(layer.id) || !hasScalableWeight(layer, g, facts)) return undefined;
    folded = true;
    return fold(layer, step, g);
  });
  return folded ? withoutDeadNodes(after) : graph;
}

/**
 * Whether scaling the weight costs nothing per call. A weight that every call computes would be scaled on every call.
 */
function hasScalableWeight(layer: Node, g: GraphBuilder, facts: Facts): boolean {
  if (!factsOf(layer).channelMap) return false;
  const [, weight] = layer.inputs;
  return facts.isFixed(weight!) || isParameter(g.nodes[weight!]!);
}

function fold(layer: Node, step: ChannelStep, g: GraphBuilder): ValueId {
  const [x, weight, bias] = layer.inputs;
  const { origin } = layer;
  g.origin = { ...origin, path: `${origin.path}.weight.folded` };
  const changed = isScale(step) ? scaledWeight(g, layer, weight!, 'outputs', step) : weight!;
  g.origin = { ...origin, path: `${origin.path}.bias.folded` };
  const shifted = shiftedBias(bias, step, layer, g);
  g.origin = originWith(origin, step);
  const operands = shifted === undefined ? [x!, changed] : [x!, changed, shifted];
  return g.node<OpName>(layer.op, operands, layer.attrs);
}

function shiftedBias(
  bias: ValueId | undefined,
  step: ChannelStep,
  layer: Node,
  g: GraphBuilder,
): ValueId | undefined {
  const channels = layer.type.shape[channelAxis(layer)]!;
  if (bias !== undefined) return g.node(step.op, [bias, laidAlong(g, step.numbers, [channels])]);
  if (isScale(step)) return undefined;
  const shift = asVector(g, step.numbers, channels);
  return step.op === add.name ? shift : g.node(neg.name, [shift]);
}
