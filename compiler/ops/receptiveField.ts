/**
 * Receptive fields: how many rows and columns of the input one element of a value can depend on, ignoring borders, and
 * the distance between the fields of neighbours. Luo et al. 2016, "Understanding the Effective Receptive Field".
 *
 *     field' = field + (window - 1) * jump       jump' = jump * stride
 */
import { isInput } from '../ir/leaves.ts';
import { nodeOf, type Graph, type Node, type TensorType, type ValueId } from '../ir/types.ts';
import type { Sight } from './facts.ts';
import { factsOf } from './nodeFacts.ts';
import { pair, planeOf } from './shared/sight.ts';
import type { Pair } from './shared/window.ts';

export interface ReceptiveField {
  /** Rows and columns of the input. */
  readonly size: Pair;
  /** Distance in the input between two neighbours. */
  readonly jump: Pair;
}

/**
 * Returns the fields of all values that depend on an input of planes. After an operator with unknown sight there are
 * none.
 */
export function receptiveFields(graph: Graph): ReadonlyMap<ValueId, ReceptiveField> {
  const fields = new Map<ValueId, ReceptiveField>();
  for (const node of graph.nodes) {
    const field = fieldOf(graph, node, fields);
    if (field) fields.set(node.id, field);
  }
  return fields;
}

function fieldOf(
  graph: Graph,
  node: Node,
  fields: ReadonlyMap<ValueId, ReceptiveField>,
): ReceptiveField | undefined {
  if (isInput(node)) return node.type.shape.length === 4 ? { size: [1, 1], jump: [1, 1] } : undefined;
  const known = node.inputs.filter((input: ValueId) => fields.has(input));
  if (known.length === 0) return undefined;
  const sight = sightOf(graph, node, nodeOf(graph, known[0]!).type);
  return sight && seen(known.map((input: ValueId) => fields.get(input)!).reduce(larger), sight);
}

const larger = (a: ReceptiveField, b: ReceptiveField): ReceptiveField => ({
  size: pair((axis) => Math.max(a.size[axis], b.size[axis])),
  jump: pair((axis) => Math.max(a.jump[axis], b.jump[axis])),
});

/** The field after a window of this many elements, of which only every `stride`th result is kept. */
const seen = (before: ReceptiveField, { window, stride }: Sight): ReceptiveField => ({
  size: pair((axis) => before.size[axis] + (window[axis] - 1) * before.jump[axis]),
  jump: pair((axis) => before.jump[axis] * stride[axis]),
});

const SAME_PLACE: Sight = { window: [1, 1], stride: [1, 1] };

/** The sight of a node. `data` is the operand whose field is known. */
function sightOf(graph: Graph, node: Node, data: TensorType): Sight | undefined {
  const { sight } = factsOf(node);
  const types = node.inputs.map((input: ValueId) => nodeOf(graph, input).type);
  if (typeof sight === 'function') return sight(types, node.attrs, node.type);
  if (sight === 'whole plane') return { window: planeOf(data), stride: [1, 1] };
  const [from, to] = [data.shape.length, node.type.shape.length];
  const isSamePlace = (from === 4 && to === 4 && sight !== 'unknown') || (from === 2 && to === 2);
  return isSamePlace ? SAME_PLACE : undefined;
}
