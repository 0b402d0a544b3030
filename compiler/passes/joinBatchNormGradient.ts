/**
 * Postcondition: where the three ways in which a batch norm's input reaches the loss are added up, and nobody else reads
 * them, they are one node: seven tensors less in memory's traffic become three.
 *
 *     batchNormInputGradient + batchMeanGradient + batchVarianceGradient -> batchNormTrainingGradient
 */
import type { GraphBuilder } from '../ir/builder.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { rewriteKnowing, type Facts } from './shared/knowing.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import type { Pass } from './types.ts';

export const joinBatchNormGradient: Pass = { name: 'joinBatchNormGradient', run };

function run(graph: Graph): Graph {
  let joined = false;
  const after = rewriteKnowing(graph, (node, inputs, g, facts) => {
    if (node.op !== 'add') return undefined;
    const value = join(node, inputs, g, facts);
    joined ||= value !== undefined;
    return value;
  });
  return joined ? withoutDeadNodes(after) : graph;
}

function join(node: Node, inputs: readonly ValueId[], g: GraphBuilder, facts: Facts): ValueId | undefined {
  const shape = node.type.shape.join();
  const terms = inputs.flatMap((input) => termsOf(input, shape, g, facts));
  const nodes = terms.filter((term) => facts.isOwn(term)).map((term) => g.nodes[term]!);
  const direct = nodes.find((one) => one.op === 'batchNormInputGradient');
  const byMean = nodes.find((one) => one.op === 'batchMeanGradient');
  const byVariance = nodes.find((one) => one.op === 'batchVarianceGradient');
  if (!direct || !byMean || !byVariance) return undefined;
  const [gradient, weight, variance] = direct.inputs;
  const [meanGradient] = byMean.inputs;
  const [varianceGradient, x, mean] = byVariance.inputs;
  const operands = [gradient!, weight!, variance!, meanGradient!, varianceGradient!, x!, mean!];
  const whole = g.node('batchNormTrainingGradient', operands, direct.attrs);
  const others = [...terms];
  // One of each: the same value may be added twice.
  for (const { id } of [direct, byMean, byVariance]) others.splice(others.indexOf(id), 1);
  return others.reduce((sum, other) => g.node('add', [sum, other]), whole);
}

/** Of a sum of sums, as long as nobody else reads them and nothing is repeated along an axis. */
function termsOf(value: ValueId, shape: string, g: GraphBuilder, facts: Facts): ValueId[] {
  const node = g.nodes[value]!;
  const isSum = node.op === 'add' && facts.isOwn(value) && node.type.shape.join() === shape;
  const isWhole = isSum && node.inputs.every((input) => g.shapeOf(input).join() === shape);
  return isWhole ? node.inputs.flatMap((input) => termsOf(input, shape, g, facts)) : [value];
}
