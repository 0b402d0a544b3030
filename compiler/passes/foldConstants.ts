/**
 * Postcondition: a small node that reads only constants has become a constant. Large ones are left to `prepare`, so
 * that a graph never holds more numbers than its author wrote.
 */
import { isConstant } from '../ir/leaves.ts';
import { sizeOf, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { evaluateNode } from '../ops/evaluate.ts';
import { rewrite } from '../ops/infer.ts';
import { constant, constantAttrs } from '../ops/leaves.ts';
import { factsOf } from '../ops/nodeFacts.ts';
import type { Pass } from './types.ts';

const LARGEST = 4096;

export const foldConstants: Pass = {
  name: 'foldConstants',
  run: (graph) =>
    rewrite(graph, (node, inputs, g) => {
      if (!isFoldable(node, inputs, g.nodes)) return undefined;
      const values = inputs.map((input) => (g.nodes[input] as Node<'constant'>).attrs.data);
      const types = inputs.map((input) => g.typeOf(input));
      const data = evaluateNode(node, types, values);
      return g.node(constant.name, [], constantAttrs(node.type.shape, Array.from(data), node.type.dtype));
    }),
};

function isFoldable(node: Node, inputs: readonly ValueId[], nodes: Graph['nodes']): boolean {
  if (factsOf(node).structural || inputs.length === 0 || sizeOf(node.type.shape) > LARGEST) return false;
  return inputs.every((input) => isConstant(nodes[input]!));
}
