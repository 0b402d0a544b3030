/**
 * Finds values that depend only on parameters and constants. They are computed once, not on every call. In a graph
 * that updates its parameters (training) these are the values that depend only on constants.
 */
import { isInput } from './leaves.ts';
import type { Graph, ValueId } from './types.ts';

export function parameterValues(graph: Graph): ReadonlySet<ValueId> {
  const updated = new Set(graph.updates.map(({ target }) => target));
  const fixed = new Set<ValueId>();
  for (const node of graph.nodes) {
    if (isInput(node) || updated.has(node.id)) continue;
    if (node.inputs.every((input) => fixed.has(input))) fixed.add(node.id);
  }
  return fixed;
}
