/** Postcondition: every node except inputs reaches an output or an update. Inputs stay, because callers pass them. */
import { createGraphBuilder, renamedEnds } from '../ir/builder.ts';
import { isInput } from '../ir/leaves.ts';
import type { Graph, ValueId } from '../ir/types.ts';
import { infer } from '../ops/infer.ts';
import type { Pass } from './types.ts';

export const removeDeadNodes: Pass = { name: 'removeDeadNodes', run: withoutDeadNodes };

export function withoutDeadNodes(graph: Graph): Graph {
  const live = liveValues(graph);
  if (live.size === graph.nodes.length) return graph;
  const builder = createGraphBuilder(graph.name, infer);
  const renamed = new Map<ValueId, ValueId>();
  for (const node of graph.nodes) {
    if (live.has(node.id))
      renamed.set(
        node.id,
        builder.copy(
          node,
          node.inputs.map((input) => renamed.get(input)!),
        ),
      );
  }
  return builder.finish(...renamedEnds(graph, (value) => renamed.get(value)!));
}

function liveValues(graph: Graph): ReadonlySet<ValueId> {
  const live = new Set<ValueId>();
  for (const { value } of graph.outputs) live.add(value);
  for (const { target, value } of graph.updates) live.add(target).add(value);
  for (const node of [...graph.nodes].reverse()) {
    if (isInput(node)) live.add(node.id);
    if (live.has(node.id)) for (const input of node.inputs) live.add(input);
  }
  return live;
}
