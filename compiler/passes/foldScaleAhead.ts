/**
 * Postcondition: nothing per channel that only a conv2d, convTranspose2d or linear with fixed weights reads stands
 * before it, as far as the layer can take it in: factors always, summands where every output sees every
 * filter element, that is without padding (a padded zero is not shifted) and not transposed.
 *
 *     w (x * s) + b  =  (w * s) x + b               one factor per input channel
 *     w (x + t) + b  =  w x + (b + sum of w * t)
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { isLayer } from './foldScale.ts';
import { isScale, laidAlong, originWith, ownStep, reshaped, type ChannelStep } from './shared/perChannel.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const foldScaleAhead: Pass = { name: 'foldScaleAhead', run };

type Layer = Node<'conv2d'> | Node<'convTranspose2d'> | Node<'linear'>;

function run(graph: Graph): Graph {
  let folded = false;
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    if (!isLayer(node) || !facts.isFixed(inputs[1]!)) return undefined;
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
    return g.node(node.op, operands, node.attrs);
  });
  return folded ? withoutDeadNodes(after) : graph;
}

function stepBefore(layer: Layer, x: ValueId, g: GraphBuilder, facts: Facts): ChannelStep | undefined {
  const axis = layer.op === 'linear' ? g.shapeOf(x).length - 1 : 1;
  const step = ownStep(x, g, facts, () => axis);
  return step && (isScale(step) || takesShift(layer)) ? step : undefined;
}

function takesShift(layer: Layer): boolean {
  if (layer.op === 'convTranspose2d') return false;
  return layer.op === 'linear' || layer.attrs.padding.every((amount) => amount === 0);
}

/** The operands of the layer that reads `step.x` instead. */
function fold(layer: Layer, operands: readonly ValueId[], step: ChannelStep, g: GraphBuilder): ValueId[] {
  const [, weight, ...bias] = operands;
  const { path } = layer.origin;
  if (isScale(step)) {
    g.origin = { ...layer.origin, path: `${path}.weight.folded` };
    const scaled = overInputs(layer, weight!, step.op, step.numbers, g);
    return [step.x, reshaped(g, scaled, g.shapeOf(weight!)), ...bias];
  }
  g.origin = { ...layer.origin, path: `${path}.bias.folded` };
  const sums = sumOverInputs(g, overInputs(layer, weight!, 'mul', step.numbers, g), g.shapeOf(weight!)[0]!);
  if (bias.length > 0) return [step.x, weight!, g.node(step.op, [bias[0]!, sums])];
  return [step.x, weight!, step.op === 'add' ? sums : g.node('neg', [sums])];
}

/** The weight times or by a number per input channel; where there are groups, with an axis for them in front. */
function overInputs(
  layer: Layer,
  weight: ValueId,
  op: ChannelStep['op'],
  numbers: ValueId,
  g: GraphBuilder,
): ValueId {
  const shape = g.shapeOf(weight);
  const [rows, columns, ...kernel] = shape;
  const ones = kernel.map(() => 1);
  if (layer.op === 'convTranspose2d') return g.node(op, [weight, laidAlong(g, numbers, [rows!, 1, ...ones])]);
  const groups = layer.op === 'conv2d' ? layer.attrs.groups : 1;
  if (groups === 1) return g.node(op, [weight, laidAlong(g, numbers, [columns!, ...ones])]);
  const grouped = reshaped(g, weight, [groups, rows! / groups, columns!, ...kernel]);
  return g.node(op, [grouped, laidAlong(g, numbers, [groups, 1, columns!, ...ones])]);
}

function sumOverInputs(g: GraphBuilder, products: ValueId, outputs: number): ValueId {
  const rank = g.shapeOf(products).length;
  const first = rank === 5 ? 2 : 1;
  const axes = Array.from({ length: rank - first }, (_, i) => i + first);
  return reshaped(g, g.node('reduceSum', [products], { axes, keepDims: false }), [outputs]);
}
