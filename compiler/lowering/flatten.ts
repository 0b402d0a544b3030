/**
 * Pointwise nodes whose operands all lie as their result does need no axes: they run over the numbers in the
 * order of memory. One loop instead of four, and one kernel for all shapes of the same size.
 */
import { createGraphBuilder } from '../ir/builder.ts';
import { sizeOf, type Graph, type Node, type OpName, type TensorType, type ValueId } from '../ir/types.ts';
import { rowMajor, sameLayout, type Layout } from '../kernel/layout.ts';
import { bodyNodes } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { infer } from '../ops/infer.ts';
import type { NodeLayouts } from '../ops/reference.ts';

export interface FlatNode {
  readonly node: Node;
  readonly types: readonly TensorType[];
  readonly layouts: NodeLayouts;
}

/** Undefined where an operand lies otherwise, or an operation of the chain looks at axes. */
export function flattenPointwise(
  node: Node,
  types: readonly TensorType[],
  layouts: NodeLayouts,
): FlatNode | undefined {
  const size = sizeOf(node.type.shape);
  const parts = node.op === 'fusion' ? bodyNodes(node.attrs.body) : [node];
  if (node.type.shape.length < 2 || !parts.every((part) => isBlind(part))) return undefined;
  if (layouts.output.size !== size) return undefined;
  const isFlat = (layout: Layout): boolean => layout.size === 1 || sameLayout(layout, layouts.output);
  if (!layouts.inputs.every(isFlat) || parts.some((part) => sizeOf(part.type.shape) !== size))
    return undefined;
  const flat = (type: TensorType): TensorType => ({ ...type, shape: [sizeOf(type.shape)] });
  const flatLayout = (layout: Layout): Layout => rowMajor([layout.size]);
  const attrs = node.op === 'fusion' ? { body: flattenBody(node.attrs.body, flat) } : node.attrs;
  return {
    node: { ...node, attrs, type: flat(node.type) } as Node,
    types: types.map(flat),
    layouts: { ...layouts, inputs: layouts.inputs.map(flatLayout), output: flatLayout(layouts.output) },
  };
}

/** Nothing but the element's own numbers decides its value. */
const isBlind = (node: Node): boolean =>
  definitionOf<OpName>(node.op).pointwise !== undefined && !('shape' in node.attrs);

function flattenBody(body: Graph, flat: (type: TensorType) => TensorType): Graph {
  const g = createGraphBuilder(body.name, infer);
  const renamed: ValueId[] = [];
  for (const node of body.nodes) {
    g.origin = node.origin;
    renamed[node.id] =
      node.op === 'input'
        ? g.node('input', [], { ...node.attrs, type: flat(node.attrs.type) })
        : g.copy(
            node,
            node.inputs.map((input: ValueId) => renamed[input]!),
          );
  }
  return g.finish(body.outputs.map(({ name, value }) => ({ name, value: renamed[value]! })));
}
