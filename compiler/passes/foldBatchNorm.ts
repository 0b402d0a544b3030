/**
 * Postcondition: no batchNorm with fixed statistics directly follows a conv2d or linear that nobody else
 * reads; its scale and shift have moved into the weight and bias, as arithmetic on parameters that is done
 * once, at compile time or at load.
 *
 *     scale   = weight / sqrt(variance + epsilon)
 *     weight' = convWeight * scale         one factor per output channel
 *     bias'   = (convBias - mean) * scale + bias
 */
import { usesOf, soleUser, type GraphBuilder } from '../ir/builder.ts';
import { nodeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { constantAttrs } from '../ops/leaves.ts';
import { rewrite } from '../ops/infer.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import { parameterValues } from '../ir/parameterValues.ts';
import type { Pass } from './types.ts';

export const foldBatchNorm: Pass = { name: 'foldBatchNorm', run };

type Foldable = Node<'conv2d'> | Node<'linear'>;

const isFoldable = (node: Node): node is Foldable => node.op === 'conv2d' || node.op === 'linear';

/** A batch norm behind a folded one is folded in turn. */
function run(graph: Graph): Graph {
  const folded = foldOnce(graph);
  return folded ? run(withoutDeadNodes(folded)) : graph;
}

/** Undefined where there is nothing to fold. */
function foldOnce(graph: Graph): Graph | undefined {
  const uses = usesOf(graph);
  const fixed = parameterValues(graph);
  const before = new Map<ValueId, Foldable>();
  for (const node of graph.nodes) {
    if (node.op !== 'batchNorm' || !node.inputs.slice(1).every((input) => fixed.has(input))) continue;
    const producer = nodeOf(graph, node.inputs[0]!);
    if (isFoldable(producer) && soleUser(graph, uses, producer.id)) before.set(node.id, producer);
  }
  if (before.size === 0) return undefined;
  // The producer's inputs in the new graph; it is only built once its batchNorm comes up.
  const renamed = new Map<ValueId, readonly ValueId[]>();
  return rewrite(graph, (node, inputs, g) => {
    if (isFoldable(node)) renamed.set(node.id, inputs);
    const producer = before.get(node.id);
    if (!producer || node.op !== 'batchNorm') return undefined;
    return fold(producer, renamed.get(producer.id)!, node, inputs, g);
  });
}

function fold(
  producer: Foldable,
  operands: readonly ValueId[],
  norm: Node<'batchNorm'>,
  inputs: readonly ValueId[],
  g: GraphBuilder,
): ValueId {
  const [x, weight, bias] = operands;
  const [, gamma, beta, mean, variance] = inputs;
  const epsilon = g.node('constant', [], constantAttrs([], [norm.attrs.epsilon]));
  const scale = g.node('div', [gamma!, g.node('sqrt', [g.node('add', [variance!, epsilon])])]);
  const perFilter = g.shapeOf(weight!).map((extent, axis) => (axis === 0 ? extent : 1));
  const { path } = producer.origin;
  const factors = g.node('reshape', [scale], { shape: perFilter });
  g.origin = { ...producer.origin, path: `${path}.weight.folded` };
  const scaledWeight = g.node('mul', [weight!, factors]);
  g.origin = norm.origin;
  const centred = bias === undefined ? g.node('neg', [mean!]) : g.node('sub', [bias, mean!]);
  const rescaled = g.node('mul', [centred, scale]);
  g.origin = { ...producer.origin, path: `${path}.bias.folded` };
  const shifted = g.node('add', [rescaled, beta!]);
  g.origin = { ...producer.origin, note: `with ${norm.origin.path}` };
  return producer.op === 'conv2d'
    ? g.node('conv2d', [x!, scaledWeight, shifted], producer.attrs)
    : g.node('linear', [x!, scaledWeight, shifted]);
}
