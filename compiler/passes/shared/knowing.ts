/**
 * Rewriting for passes that ask who else reads a value and whether it is computed once: `rewrite`, with
 * answers about the graph that is being written.
 */
import { soleUser, usesOf, type GraphBuilder } from '../../ir/builder.ts';
import { isInput, isParameter } from '../../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../../ir/types.ts';
import { rewrite } from '../../ops/infer.ts';

export interface Facts {
  /**
   * Whether one node at most reads this value, and the outside does not. Asked from that reader upwards: a value
   * that a pass has put between two others is its reader's own.
   */
  isOwn(value: ValueId): boolean;
  /** Whether it depends only on constants and on parameters that stay as they are. */
  isFixed(value: ValueId): boolean;
}

export type Replace = (
  node: Node,
  inputs: readonly ValueId[],
  g: GraphBuilder,
  facts: Facts,
) => ValueId | undefined;

export function rewriteKnowing(graph: Graph, replace: Replace): Graph {
  const uses = usesOf(graph);
  const isFixed = fixedValues(graph);
  // By new value: the old one that it stands for; undefined where it stands for several.
  const stands = new Map<ValueId, ValueId | undefined>();
  const isOwn = (value: ValueId): boolean => {
    if (!stands.has(value)) return true;
    const old = stands.get(value);
    return old !== undefined && soleUser(graph, uses, old) !== undefined;
  };
  return rewrite(graph, (node, inputs, g) => {
    const facts: Facts = { isOwn, isFixed: (value) => isFixed(g, value) };
    const value = replace(node, inputs, g, facts) ?? g.copy(node, inputs);
    stands.set(value, stands.has(value) ? undefined : node.id);
    return value;
  });
}

/** As `parameterValues`, of a graph that grows: every value is looked at once. */
function fixedValues({ nodes, updates }: Graph): (g: GraphBuilder, value: ValueId) => boolean {
  const updated = new Set(updates.map(({ target }) => (nodes[target] as Node<'parameter'>).attrs.name));
  const fixed: boolean[] = [];
  const isLeafFixed = (node: Node): boolean =>
    !isInput(node) && !(isParameter(node) && updated.has(node.attrs.name));
  return (g, value) => {
    for (let id = fixed.length; id <= value; id++) {
      const node = g.nodes[id]!;
      fixed[id] = isLeafFixed(node) && node.inputs.every((input) => fixed[input]);
    }
    return fixed[value]!;
  };
}
