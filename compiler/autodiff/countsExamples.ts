/**
 * Whether a training step can leave out examples of its batch by labels that are no class. Then the loss is computed
 * from cross-entropies of single examples only, and nothing else that outlives the step depends on any example.
 */
import { isInput } from '../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../ir/types.ts';
import { nodeOf } from '../ir/types.ts';
import { crossEntropy } from '../ops/crossEntropy.ts';
import { isOp } from '../ops/isOp.ts';
import { factsOf, isPointwise } from '../ops/nodeFacts.ts';

/**
 * What a value depends on: `shared`: on no example; `separate`: its part n on example n; `mean`: on the examples that
 * count; `mixed`: possibly on any example.
 */
type Dependence = 'shared' | 'separate' | 'mean' | 'mixed';

/** `forward` is the model's graph in training mode, with the output `loss`. */
export function countsExamples(forward: Graph): boolean {
  const known = new Map<ValueId, Dependence>();
  for (const node of forward.nodes) known.set(node.id, dependenceOf(forward, node, known));
  const loss = forward.outputs.find(({ name }) => name === 'loss');
  const lasting = [...(loss ? [loss.value] : []), ...forward.updates.map(({ value }) => value)];
  return lasting.every((value) => ['shared', 'mean'].includes(known.get(value)!));
}

function dependenceOf(graph: Graph, node: Node, known: ReadonlyMap<ValueId, Dependence>): Dependence {
  // The seed is the only input of whole numbers without a sign.
  if (isInput(node)) return node.type.dtype === 'u32' ? 'shared' : 'separate';
  const operands = node.inputs.map((input: ValueId) => known.get(input)!);
  if (operands.every((one) => one === 'shared')) return 'shared';
  if (operands.includes('mixed')) return 'mixed';
  if (isOp(node, crossEntropy)) return lossDependence(graph, node, operands);
  if (!operands.includes('separate')) return isPointwise(node) ? 'mean' : 'mixed';
  return !operands.includes('mean') && keepsExamples(graph, node, operands) ? 'separate' : 'mixed';
}

/** Labels that the trainer replaces are inputs, and class weights belong to no example. */
function lossDependence(graph: Graph, node: Node, [logits, , weights]: readonly Dependence[]): Dependence {
  const isLabel = isInput(nodeOf(graph, node.inputs[1]!));
  return isLabel && logits === 'separate' && (weights ?? 'shared') === 'shared' ? 'mean' : 'mixed';
}

function keepsExamples(graph: Graph, node: Node, operands: readonly Dependence[]): boolean {
  const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
  const { rank, images } = { rank: node.type.shape.length, images: node.type.shape[0] };
  // Broadcasting aligns the last axes, so an operand of the same rank has its examples along the same axis.
  const isAligned = operands.every(
    (one, i) => one === 'shared' || (types[i]!.shape.length === rank && types[i]!.shape[0] === images),
  );
  if (isPointwise(node)) return isAligned;
  const { keepsExamples: fact } = factsOf(node);
  const keeps = typeof fact === 'function' ? fact(types, node.attrs, node.type) : fact === true;
  return keeps && operands.every((one, i) => one === 'shared' || types[i]!.shape[0] === images);
}
