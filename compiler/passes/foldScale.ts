/**
 * Postcondition: nothing per channel (a factor, a divisor, a summand: a parameter or a constant) directly
 * follows a conv2d, convTranspose2d or linear that nobody else reads; it has moved into the weight and bias, as
 * arithmetic on parameters that is done once.
 *
 *     (x * w + b) * s     =  x * (w * s) + b * s         one factor per output channel
 *     (x * w + b) + s     =  x * w + (b + s)
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import {
  asVector,
  channelStep,
  isScale,
  laidAlong,
  originWith,
  reshaped,
  type ChannelStep,
} from './shared/perChannel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldScale: Pass = { name: 'foldScale', run };

type Layer = Node<'conv2d'> | Node<'convTranspose2d'> | Node<'linear'>;

export const isLayer = (node: Node): node is Layer =>
  node.op === 'conv2d' || node.op === 'convTranspose2d' || node.op === 'linear';

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    // A linear layer has its outputs at the last axis.
    const axisOf = (x: ValueId): number => (g.nodes[x]!.op === 'linear' ? g.shapeOf(x).length - 1 : 1);
    const step = channelStep(node, inputs, g, facts, axisOf);
    const layer = step && g.nodes[step.x]!;
    if (!layer || !isLayer(layer) || !facts.isOwn(layer.id) || !isParameter(layer, g, facts))
      return undefined;
    folded = true;
    return fold(layer, step, g);
  });
  return folded ? withoutDeadNodes(after) : graph;
}

/** A weight that is itself computed on every call would have to be scaled on every call. */
const isParameter = ({ inputs: [, weight] }: Layer, g: GraphBuilder, facts: Facts): boolean =>
  facts.isFixed(weight!) || g.nodes[weight!]!.op === 'parameter';

function fold(layer: Layer, step: ChannelStep, g: GraphBuilder): ValueId {
  const [x, weight, bias] = layer.inputs;
  const { origin } = layer;
  g.origin = { ...origin, path: `${origin.path}.weight.folded` };
  const changed = isScale(step) ? scaleOutputs(layer, weight!, step, g) : weight!;
  g.origin = { ...origin, path: `${origin.path}.bias.folded` };
  const shifted = shiftedBias(bias, step, layer, g);
  g.origin = originWith(origin, step);
  return g.node(layer.op, shifted === undefined ? [x!, changed] : [x!, changed, shifted], layer.attrs);
}

function shiftedBias(
  bias: ValueId | undefined,
  step: ChannelStep,
  layer: Layer,
  g: GraphBuilder,
): ValueId | undefined {
  const channels = layer.type.shape[layer.op === 'linear' ? layer.type.shape.length - 1 : 1]!;
  if (bias !== undefined) return g.node(step.op, [bias, laidAlong(g, step.numbers, [channels])]);
  if (isScale(step)) return undefined;
  const shift = asVector(g, step.numbers, channels);
  return step.op === 'add' ? shift : g.node('neg', [shift]);
}

function scaleOutputs(layer: Layer, weight: ValueId, { op, numbers }: ChannelStep, g: GraphBuilder): ValueId {
  const shape = g.shapeOf(weight);
  if (layer.op !== 'convTranspose2d')
    return g.node(op, [
      weight,
      laidAlong(
        g,
        numbers,
        shape.map((extent, axis) => (axis === 0 ? extent : 1)),
      ),
    ]);
  // [I, O / groups, ...]: each group's rows have their own outputs.
  const { groups } = layer.attrs;
  const [inputs, perGroup, ...kernel] = shape;
  const grouped = reshaped(
    g,
    weight,
    groups === 1 ? shape : [groups, inputs! / groups, perGroup!, ...kernel],
  );
  const factors = laidAlong(g, numbers, [...(groups === 1 ? [] : [groups, 1]), perGroup!, 1, 1]);
  return reshaped(g, g.node(op, [grouped, factors]), shape);
}
