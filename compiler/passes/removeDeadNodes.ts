/** Postcondition: every node but the inputs reaches an output or an update; inputs stay, they are the face. */
import { createGraphBuilder } from '../ir/builder.ts';
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
  const outputs = graph.outputs.map(({ name, value }) => ({ name, value: renamed.get(value)! }));
  const updates = graph.updates.map(({ target, value }) => ({
    target: renamed.get(target)!,
    value: renamed.get(value)!,
  }));
  return builder.finish(outputs, updates);
}

function liveValues(graph: Graph): ReadonlySet<ValueId> {
  const live = new Set<ValueId>();
  for (const { value } of graph.outputs) live.add(value);
  for (const { target, value } of graph.updates) live.add(target).add(value);
  for (const node of [...graph.nodes].reverse()) {
    if (node.op === 'input') live.add(node.id);
    if (live.has(node.id)) for (const input of node.inputs) live.add(input);
  }
  return live;
}
