/**
 * Postcondition: nodes of the backward pass read copies of the dropped forward values. The copies are directly before
 * their first reader and are computed from values that are kept. So the values themselves are freed in the forward
 * pass. (Chen et al. 2016, "Training Deep Nets with Sublinear Memory Cost".)
 */
import { renamedEnds } from '../../ir/builder.ts';
import type { Graph, Node, ValueId } from '../../ir/types.ts';
import { graphBuilder } from '../../ops/infer.ts';

export function recompute(
  graph: Graph,
  dropped: ReadonlySet<ValueId>,
  isForward: (node: Node) => boolean,
): Graph {
  const builder = graphBuilder(graph.name);
  const renamed = new Map<ValueId, ValueId>();
  const copies = new Map<ValueId, ValueId>();
  const available = (value: ValueId): ValueId => copies.get(value) ?? renamed.get(value)!;
  for (const node of graph.nodes) {
    if (isForward(node)) {
      renamed.set(
        node.id,
        builder.copy(
          node,
          node.inputs.map((value) => renamed.get(value)!),
        ),
      );
      continue;
    }
    for (const value of missing(graph, node, dropped, copies)) {
      const source = graph.nodes[value]!;
      const origin = { ...source.origin, note: 'again for the backward pass' };
      copies.set(value, builder.copy({ ...source, origin }, source.inputs.map(available)));
    }
    renamed.set(node.id, builder.copy(node, node.inputs.map(available)));
  }
  return builder.finish(...renamedEnds(graph, (value) => renamed.get(value)!));
}

/**
 * Returns the dropped values that a node needs and that have no copy yet, in an order in which they can be computed.
 */
function missing(
  graph: Graph,
  node: Node,
  dropped: ReadonlySet<ValueId>,
  copies: ReadonlyMap<ValueId, ValueId>,
): readonly ValueId[] {
  const found = new Set<ValueId>();
  const open: ValueId[] = [...node.inputs];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (!dropped.has(value) || copies.has(value) || found.has(value)) continue;
    found.add(value);
    open.push(...graph.nodes[value]!.inputs);
  }
  return [...found].sort((a, b) => a - b);
}
