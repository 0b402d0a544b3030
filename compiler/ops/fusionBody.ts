/** Rebuilds the body of a fusion for operands of other types. */
import { createGraphBuilder } from '../ir/builder.ts';
import { isInput } from '../ir/leaves.ts';
import type { Graph, TensorType, ValueId } from '../ir/types.ts';
import { infer } from './infer.ts';
import { input as inputOp } from './leaves.ts';

/** Returns the body with new types. `typeOf` gives the new type of each operand; the other types follow. */
export function retypedBody(body: Graph, typeOf: (operand: TensorType, index: number) => TensorType): Graph {
  const g = createGraphBuilder(body.name, infer);
  const renamed: ValueId[] = [];
  let operands = 0;
  for (const node of body.nodes) {
    g.origin = node.origin;
    const inputs = node.inputs.map((input: ValueId) => renamed[input]!);
    renamed[node.id] = isInput(node)
      ? g.node(inputOp.name, [], { ...node.attrs, type: typeOf(node.attrs.type, operands++) })
      : g.copy(node, inputs);
  }
  return g.finish(body.outputs.map(({ name, value }) => ({ name, value: renamed[value]! })));
}
