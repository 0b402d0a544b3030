/**
 * The places where a training step stores the new values of parameters, statistics and optimizer state. If nothing
 * reads the old values later, the kernel that computes the new ones writes over them. Otherwise the new values are
 * copied at the end of the phase.
 */
import { usesOf } from '../ir/builder.ts';
import { nodeOf, type Graph, type Node, type Update, type ValueId } from '../ir/types.ts';
import { isReshape } from '../ops/nodeFacts.ts';
import { PHASES, type BufferId } from '../program/types.ts';
import { addCopy, type Lowering } from './state.ts';

/** Returns the parameter's buffer if the node's kernel may write its result directly over it. */
export function updatedInPlace(
  lowering: Lowering,
  node: Node,
  overwritable: readonly number[],
): BufferId | undefined {
  const updates = indexOf(lowering.graph).updates.get(node.id) ?? [];
  const [update] = updates;
  if (!update || updates.length > 1) return undefined;
  const position = overwritable.find((i) => node.inputs[i] === update.target);
  if (position === undefined || isReadLater(lowering, update.target, node)) return undefined;
  return lowering.located.get(update.target)!.buffer;
}

interface Index {
  /** Updates by the value that a target takes. */
  readonly updates: ReadonlyMap<ValueId, readonly Update[]>;
  readonly readers: readonly (readonly ValueId[])[];
  readonly outputs: ReadonlySet<ValueId>;
}

/** Built once per graph, because a training step has thousands of updates and each of them asks. */
const indices = new WeakMap<Graph, Index>();

function indexOf(graph: Graph): Index {
  const known = indices.get(graph);
  if (known) return known;
  const updates = new Map<ValueId, Update[]>();
  for (const update of graph.updates) {
    const others = updates.get(update.value);
    if (others) others.push(update);
    else updates.set(update.value, [update]);
  }
  const outputs = new Set(graph.outputs.map(({ value }) => value));
  const index = { updates, readers: usesOf(graph).users, outputs };
  indices.set(graph, index);
  return index;
}

/**
 * Whether a later node reads the old value. Nodes run phase by phase, and in graph order within a phase. A reshape
 * may share the old value's memory.
 */
function isReadLater({ graph, phaseOf }: Lowering, target: ValueId, writer: Node): boolean {
  const { readers, outputs } = indexOf(graph);
  const turn = (node: Node): number => PHASES.indexOf(phaseOf(node)) * graph.nodes.length + node.id;
  const written = turn(writer);
  const shared = [target];
  for (let value = shared.pop(); value !== undefined; value = shared.pop()) {
    if (outputs.has(value)) return true;
    for (const id of readers[value]!) {
      const reader = nodeOf(graph, id);
      if (turn(reader) > written) return true;
      if (isReshape(reader)) shared.push(id);
    }
  }
  return false;
}

export function ensureUpdate(lowering: Lowering, { target, value }: Update): void {
  const { graph, located } = lowering;
  const [source, kept] = [located.get(value)!, located.get(target)!];
  if (source.buffer === kept.buffer) return;
  const node = nodeOf(graph, value);
  addCopy(
    lowering,
    lowering.phaseOf(node),
    source,
    kept,
    `new ${lowering.buffers[kept.buffer]!.name}`,
    node.origin,
  );
}
