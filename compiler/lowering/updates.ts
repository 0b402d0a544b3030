/**
 * Where a training step leaves the new values of parameters, statistics and optimizer state: written over
 * the old ones by the kernel that computes them when nothing reads the old ones later, copied at the end of
 * the phase otherwise.
 */
import { nodeOf, type Node, type Update, type ValueId } from '../ir/types.ts';
import { PHASES, type BufferId } from '../program/types.ts';
import { addCopy, type Lowering } from './state.ts';

/** The parameter's buffer, when the node's kernel may write its result straight over it. */
export function updatedInPlace(
  lowering: Lowering,
  node: Node,
  overwritable: readonly number[],
): BufferId | undefined {
  const updates = lowering.graph.updates.filter(({ value }) => value === node.id);
  const [update] = updates;
  if (!update || updates.length > 1) return undefined;
  const position = overwritable.find((i) => node.inputs[i] === update.target);
  if (position === undefined || isReadLater(lowering, update.target, node)) return undefined;
  return lowering.located.get(update.target)!.buffer;
}

/** Nodes run phase by phase, in graph order within a phase. A reshape may share the old values' memory. */
function isReadLater({ graph, phaseOf }: Lowering, target: ValueId, writer: Node): boolean {
  const turn = (node: Node): number => PHASES.indexOf(phaseOf(node)) * graph.nodes.length + node.id;
  const shared = new Set([target]);
  for (const node of graph.nodes) {
    const reads = node.inputs.some((input: ValueId) => shared.has(input));
    if (reads && turn(node) > turn(writer)) return true;
    if (reads && (node.op === 'reshape' || node.op === 'flatten')) shared.add(node.id);
  }
  return graph.outputs.some(({ value }) => shared.has(value));
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
