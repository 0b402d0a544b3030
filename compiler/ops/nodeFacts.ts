/** Questions about nodes that their operators' facts answer. */
import { bodyInputs, bodyNodes, isFusion } from '../ir/fusion.ts';
import type { Node, OpName, ValueId } from '../ir/types.ts';
import type { OpFacts } from './facts.ts';
import { definitionOf } from './index.ts';

/** What the node's operator states. */
export const factsOf = ({ op }: Node): OpFacts<OpName> => definitionOf<OpName>(op);

/** Whether an element of the result is made of its operands' elements at the same place, and of nothing else. */
export const isPointwise = (node: Node): boolean => factsOf(node).pointwise !== undefined;

/** The same elements in the same order under another shape. */
export const isReshape = (node: Node): boolean => factsOf(node).view === 'reshaped';

/** Elements of the first operand, in its memory. */
export const isView = (node: Node): boolean => factsOf(node).view !== undefined;

/**
 * Which operands are read element by element, each right before the same element of the result is stored: the result
 * may take over their memory.
 */
export function overwritableOperands(node: Node): readonly number[] {
  const all = node.inputs.map((_: ValueId, i: number) => i);
  if (!isFusion(node)) return isPointwise(node) ? all : [];
  const [root] = bodyNodes(node.attrs.body);
  if (isPointwise(root!)) return all;
  const read = new Set<ValueId>(root!.inputs);
  const names = bodyInputs(node.attrs.body);
  return all.filter((i) => !read.has(names[i]!.id));
}
