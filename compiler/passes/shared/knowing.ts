/**
 * `rewrite` for passes that need to know who else reads a value and whether it is computed once. The answers are
 * about the graph that is being written.
 */
import { soleUser, usesOf, type GraphBuilder } from '../../ir/builder.ts';
import { isInput, isParameter } from '../../ir/leaves.ts';
import type { Graph, Node, ValueId } from '../../ir/types.ts';
import { rewrite } from '../../ops/infer.ts';

export interface Facts {
  /**
   * Whether at most one node reads this value, and no output or update does. A pass asks on behalf of that reader. A
   * value that the pass itself has inserted between two others belongs to its reader.
   */
  isOwn(value: ValueId): boolean;
  /** Whether it depends only on constants and on parameters that do not change. */
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
  // The old value for each new value. Undefined if the new value replaces several.
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

/** `parameterValues` for a growing graph, where each value is examined once. */
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
