/** The cost of a node. A fusion costs the arithmetic of its body, but only the memory traffic with the outside. */
import { nodeOf, type Node, type OpName, type TensorType } from '../ir/types.ts';
import { bodyNodes, isFusion } from '../ir/fusion.ts';
import { definitionOf } from './index.ts';
import { bytesOf } from './shared/cost.ts';
import type { Cost } from './types.ts';

export function nodeCost(node: Node, inputs: readonly TensorType[]): Cost {
  if (!isFusion(node)) return definitionOf<OpName>(node.op).cost(inputs, node.attrs, node.type);
  const { body } = node.attrs;
  const multiplyAdds = bodyNodes(body).reduce((sum, inner) => {
    const types = inner.inputs.map((input) => nodeOf(body, input).type);
    return sum + definitionOf<OpName>(inner.op).cost(types, inner.attrs, inner.type).multiplyAdds;
  }, 0);
  return { multiplyAdds, bytes: bytesOf([...inputs, node.type]) };
}
