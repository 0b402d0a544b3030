/** Questions about nodes, answered by the facts of their operators. */
import { bodyInputs, bodyNodes, isFusion } from '../ir/fusion.ts';
import type { Node, OpName, ValueId } from '../ir/types.ts';
import type { OpFacts } from './facts.ts';
import { definitionOf } from './index.ts';

/** The facts of the node's operator. */
export const factsOf = ({ op }: Node): OpFacts<OpName> => definitionOf<OpName>(op);

/** Whether an element of the result depends only on its operands' elements at the same place. */
export const isPointwise = (node: Node): boolean => factsOf(node).pointwise !== undefined;

/** Whether the result has the same elements in the same order with another shape. */
export const isReshape = (node: Node): boolean => factsOf(node).view === 'reshaped';

/** Whether the result consists of elements of the first operand, in its memory. */
export const isView = (node: Node): boolean => factsOf(node).view !== undefined;

/**
 * The operands that are read element by element, each directly before the same element of the result is stored. The
 * result may take over their memory.
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
