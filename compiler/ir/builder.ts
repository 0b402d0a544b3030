/**
 * Builds graphs node by node, in topological order by construction. The caller passes the shape rule (`ops` has it,
 * `ir` does not), so a builder never holds a node whose type was not inferred.
 */
import {
  nodeOf,
  type Attrs,
  type Graph,
  type NamedValue,
  type Node,
  type OpName,
  type Origin,
  type TensorType,
  type Update,
  type ValueId,
} from './types.ts';

export type Infer = <K extends OpName>(
  op: K,
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  origin: Origin,
) => TensorType;

/** Attributes may be left out if the operator has none. */
export type AttrsArgument<K extends OpName> = keyof Attrs[K] extends never
  ? [attrs?: Attrs[K]]
  : [attrs: Attrs[K]];

export interface GraphBuilder {
  readonly nodes: readonly Node[];
  /** The origin of the nodes that are added next. */
  origin: Origin;
  node<K extends OpName>(op: K, inputs: readonly ValueId[], ...attrs: AttrsArgument<K>): ValueId;
  typeOf(value: ValueId): TensorType;
  shapeOf(value: ValueId): readonly number[];
  /** Copies a node of another graph, with new inputs. */
  copy(node: Node, inputs: readonly ValueId[]): ValueId;
  finish(outputs: readonly NamedValue[], updates?: readonly Update[]): Graph;
}

export function createGraphBuilder(name: string, infer: Infer): GraphBuilder {
  const nodes: Node[] = [];
  const typeOf = (value: ValueId): TensorType => {
    const node = nodes[value];
    if (!node) throw new Error(`graph ${name} has no value %${value} yet`);
    return node.type;
  };
  const push = (op: OpName, inputs: readonly ValueId[], attrs: Attrs[OpName], origin: Origin): ValueId => {
    const type = infer(op, inputs.map(typeOf), attrs, origin);
    // TypeScript cannot build the union of all nodes from unions of its fields. `infer` has just checked them.
    nodes.push({ id: nodes.length, op, inputs, attrs, type, origin } as Node);
    return nodes.length - 1;
  };
  return {
    nodes,
    origin: { path: '' },
    node(op, inputs, ...[attrs]) {
      return push(op, inputs, attrs ?? {}, this.origin);
    },
    typeOf,
    shapeOf: (value) => typeOf(value).shape,
    copy: (node, inputs) => push(node.op, inputs, node.attrs, node.origin),
    finish: (outputs, updates = []) => ({ name, nodes: [...nodes], outputs, updates }),
  };
}

/** A graph's outputs and updates with new value ids, as `finish` takes them. */
export const renamedEnds = (
  { outputs, updates }: Graph,
  rename: (value: ValueId) => ValueId,
): [outputs: NamedValue[], updates: Update[]] => [
  outputs.map(({ name, value }) => ({ name, value: rename(value) })),
  updates.map(({ target, value }) => ({ target: rename(target), value: rename(value) })),
];

/**
 * Rebuilds a graph in order. `replace` may return another value of the new graph for a node; undefined copies the
 * node. Outputs and updates follow. Unused nodes stay until `removeDeadNodes`.
 */
export function rewrite(
  graph: Graph,
  infer: Infer,
  replace: (node: Node, inputs: readonly ValueId[], builder: GraphBuilder) => ValueId | undefined,
): Graph {
  const builder = createGraphBuilder(graph.name, infer);
  const renamed: ValueId[] = [];
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => renamed[input]!);
    builder.origin = node.origin;
    renamed[node.id] = replace(node, inputs, builder) ?? builder.copy(node, inputs);
  }
  return builder.finish(...renamedEnds(graph, (value) => renamed[value]!));
}

/**
 * The nodes that read each value (a node that reads it twice appears twice), and the values that outputs or updates
 * use.
 */
export interface Uses {
  readonly users: readonly (readonly ValueId[])[];
  /** Values that are an output of the graph or one end of an update. */
  readonly kept: ReadonlySet<ValueId>;
}

export function usesOf(graph: Graph): Uses {
  const users: ValueId[][] = graph.nodes.map(() => []);
  for (const node of graph.nodes) for (const input of node.inputs) users[input]!.push(node.id);
  const kept = new Set<ValueId>();
  for (const output of graph.outputs) kept.add(output.value);
  for (const update of graph.updates) kept.add(update.target).add(update.value);
  return { users, kept };
}

/** Returns the only node that reads this value. Undefined if there are several, or if an output or update uses it. */
export function soleUser(graph: Graph, uses: Uses, value: ValueId): Node | undefined {
  const [user, another] = uses.users[value]!;
  if (user === undefined || another !== undefined || uses.kept.has(value)) return undefined;
  return nodeOf(graph, user);
}
