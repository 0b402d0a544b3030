/**
 * Postcondition: no factor or summand per channel is directly before a layer with a fixed weight (conv2d,
 * convTranspose2d, linear) that is its only reader, if the layer can take it in. It can always take factors. It can
 * take summands if every output sums over the whole filter: without padding (padded zeros do not get the summand) and not
 * transposed.
 *
 *     w (x * s) + b  =  (w * s) x + b               one factor per input channel
 *     w (x + t) + b  =  w x + (b + sum of w * t)
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, OpName, ValueId } from '../ir/types.ts';
import { add } from '../ops/add.ts';
import { mul } from '../ops/mul.ts';
import { neg } from '../ops/neg.ts';
import { factsOf } from '../ops/nodeFacts.ts';
import { reduceSum } from '../ops/reduceSum.ts';
import { channelAxis, laidProduct, scaledWeight } from './shared/channelMaps.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { isScale, originWith, ownStep, reshaped, type ChannelStep } from './shared/perChannel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldScaleAhead: Pass = { name: 'foldScaleAhead', run };

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    if (!factsOf(node).channelMap || !facts.isFixed(inputs[1]!)) return undefined;
    let operands = inputs;
    let { origin } = node;
    for (
      let step = stepBefore(node, operands[0]!, g, facts);
      step;
      step = stepBefore(node, step.x, g, facts)
    ) {
      operands = fold(node, operands, step, g);
      origin = originWith(origin, step);
    }
    if (operands === inputs) return undefined;
    folded = true;
    g.origin = origin;
    return g.node<OpName>(node.op, operands, node.attrs);
  });
  return folded ? withoutDeadNodes(after) : graph;
}

function stepBefore(layer: Node, x: ValueId, g: GraphBuilder, facts: Facts): ChannelStep | undefined {
  const axis = channelAxis(layer);
  const step = ownStep(x, g, facts, () => axis);
  const takesShift = factsOf(layer).channelMap!.seesWholeFilters(layer.attrs);
  return step && (isScale(step) || takesShift) ? step : undefined;
}

/** Returns the operands of a layer that reads `step.x` instead. */
function fold(layer: Node, operands: readonly ValueId[], step: ChannelStep, g: GraphBuilder): ValueId[] {
  const [, weight, ...bias] = operands;
  const { path } = layer.origin;
  if (isScale(step)) {
    g.origin = { ...layer.origin, path: `${path}.weight.folded` };
    return [step.x, scaledWeight(g, layer, weight!, 'inputs', step), ...bias];
  }
  g.origin = { ...layer.origin, path: `${path}.bias.folded` };
  const sums = sumOverInputs(g, layer, weight!, step.numbers);
  if (bias.length > 0) return [step.x, weight!, g.node(step.op, [bias[0]!, sums])];
  return [step.x, weight!, step.op === add.name ? sums : g.node(neg.name, [sums])];
}

/** The sum of each output's filter times the numbers. */
function sumOverInputs(g: GraphBuilder, layer: Node, weight: ValueId, numbers: ValueId): ValueId {
  const products = laidProduct(g, layer, weight, 'inputs', { op: mul.name, numbers });
  const { outputs, shape } = factsOf(layer).channelMap!.weightAxes(g.shapeOf(weight), layer.attrs);
  const axes = shape.map((_, axis) => axis).filter((axis) => !outputs.includes(axis));
  const sums = g.node(reduceSum.name, [products], { axes, keepDims: false });
  return reshaped(g, sums, [layer.type.shape[channelAxis(layer)]!]);
}
