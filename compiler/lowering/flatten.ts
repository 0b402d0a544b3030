/**
 * Pointwise nodes whose operands have the same layout as the result need no axes: they run over the numbers in memory
 * order. This gives one loop instead of four, and one kernel for all shapes of the same size.
 */
import { isFusion, partsOf } from '../ir/fusion.ts';
import { sizeOf, type Node, type TensorType } from '../ir/types.ts';
import { rowMajor, sameLayout, type Layout } from '../kernel/layout.ts';
import { retypedBody } from '../ops/fusionBody.ts';
import { isPointwise } from '../ops/nodeFacts.ts';
import type { NodeLayouts } from '../ops/reference.ts';

export interface FlatNode {
  readonly node: Node;
  readonly types: readonly TensorType[];
  readonly layouts: NodeLayouts;
}

/** Undefined if an operand has another layout, or an operator of the chain is not pointwise. */
export function flattenPointwise(
  node: Node,
  types: readonly TensorType[],
  layouts: NodeLayouts,
): FlatNode | undefined {
  const size = sizeOf(node.type.shape);
  const parts = partsOf(node);
  if (node.type.shape.length < 2 || !parts.every(isPointwise)) return undefined;
  if (layouts.output.size !== size) return undefined;
  const isFlat = (layout: Layout): boolean => layout.size === 1 || sameLayout(layout, layouts.output);
  if (!layouts.inputs.every(isFlat) || parts.some((part) => sizeOf(part.type.shape) !== size))
    return undefined;
  const flat = (type: TensorType): TensorType => ({ ...type, shape: [sizeOf(type.shape)] });
  const flatLayout = (layout: Layout): Layout => rowMajor([layout.size]);
  const attrs = isFusion(node) ? { body: retypedBody(node.attrs.body, flat) } : node.attrs;
  return {
    node: { ...node, attrs, type: flat(node.type) } as Node,
    types: types.map(flat),
    layouts: { ...layouts, inputs: layouts.inputs.map(flatLayout), output: flatLayout(layouts.output) },
  };
}
