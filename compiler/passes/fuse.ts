/**
 * Postcondition: a pointwise node that is the only reader of its operand has joined the node that computes this
 * operand, as its epilogue. So convolution + bias + residual add + activation are one `fusion`. If it could join
 * several nodes, it joins the costliest (of equals the last one). Pointwise chains join from all sides.
 */
import { createGraphBuilder, renamedEnds, soleUser, usesOf } from '../ir/builder.ts';
import { nodeOf, sameShape, type Graph, type Node, type ValueId } from '../ir/types.ts';
import { concat } from '../ops/concat.ts';
import { nodeCost } from '../ops/cost.ts';
import { fusion } from '../ops/fusion.ts';
import { definitionOf } from '../ops/index.ts';
import { graphBuilder, infer, operandName } from '../ops/infer.ts';
import { isOp } from '../ops/isOp.ts';
import { input } from '../ops/leaves.ts';
import { factsOf, isPointwise } from '../ops/nodeFacts.ts';
import { withoutDeadNodes } from './removeDeadNodes.ts';
import { parameterValues } from '../ir/parameterValues.ts';
import type { Pass } from './types.ts';

export const fuse: Pass = { name: 'fuse', run };

/** A root and its tail, in order. */
type Group = readonly Node[];

function run(graph: Graph): Graph {
  const groups = groupNodes(graph);
  const builder = graphBuilder(graph.name);
  const renamed = new Map<ValueId, ValueId>();
  for (const node of graph.nodes) {
    const group = groups.get(node.id);
    if (group && group[group.length - 1]!.id !== node.id) continue;
    builder.origin = node.origin;
    const rename = (value: ValueId): ValueId => renamed.get(value)!;
    renamed.set(
      node.id,
      group ? buildFusion(group, graph, rename, builder) : builder.copy(node, node.inputs.map(rename)),
    );
  }
  return withoutDeadNodes(builder.finish(...renamedEnds(graph, (value) => renamed.get(value)!)));
}

/** Returns, for every node of a group with a tail, its group. */
function groupNodes(graph: Graph): ReadonlyMap<ValueId, Group> {
  const uses = usesOf(graph);
  const fixed = parameterValues(graph);
  const groups = new Map<ValueId, Group>();
  for (const node of graph.nodes) {
    if (!isPointwise(node) || fixed.has(node.id)) continue;
    const hosts = [...new Set(node.inputs)].filter(
      (input) => canHost(nodeOf(graph, input), node) && soleUser(graph, uses, input) && !fixed.has(input),
    );
    if (hosts.length === 0) continue;
    const group = join(
      graph,
      hosts.map((host) => groups.get(host) ?? [nodeOf(graph, host)]),
      node,
    );
    for (const member of group) groups.set(member.id, group);
  }
  return groups;
}

/**
 * Joins these into one group: all operands' groups that are completely pointwise, the costliest group that is not,
 * and the node that reads them. The part that is not pointwise comes first, because the rest runs at its stores.
 */
function join(graph: Graph, hosts: readonly Group[], node: Node): Group {
  const work = ([root]: Group): number =>
    nodeCost(
      root!,
      root!.inputs.map((input: ValueId) => nodeOf(graph, input).type),
    ).multiplyAdds;
  const rooted = hosts
    .filter(([root]) => !isPointwise(root!))
    .sort((a, b) => work(a) - work(b) || a[0]!.id - b[0]!.id);
  const [root, ...tail] = rooted.at(-1) ?? [];
  const pointwise = hosts.filter(([first]) => isPointwise(first!)).flat();
  const rest = [...tail, ...pointwise, node].sort((a, b) => a.id - b.id);
  return root ? [root, ...rest] : rest;
}

/** Whether the shapes agree. A tail element is computed where the root's element is stored. */
function canHost(host: Node, tail: Node): boolean {
  return (
    !factsOf(host).structural &&
    // A concatenation costs nothing as long as its operands are computed in place.
    !isOp(host, concat) &&
    host.type.dtype === 'f32' &&
    sameShape(host.type.shape, tail.type.shape)
  );
}

function buildFusion(
  group: Group,
  graph: Graph,
  rename: (value: ValueId) => ValueId,
  builder: ReturnType<typeof graphBuilder>,
): ValueId {
  const inner = new Set(group.map((node) => node.id));
  const outside = [...new Set(group.flatMap((node) => node.inputs.filter((input) => !inner.has(input))))];
  const body = createGraphBuilder(graph.name, infer);
  const values = new Map<ValueId, ValueId>();
  const names = nameOperands(group, outside);
  outside.forEach((value, i) => {
    values.set(value, body.node(input.name, [], { name: names[i]!, type: nodeOf(graph, value).type }));
  });
  for (const node of group)
    values.set(
      node.id,
      body.copy(
        node,
        node.inputs.map((input) => values.get(input)!),
      ),
    );
  const last = group[group.length - 1]!;
  const [root] = group;
  builder.origin = root!.origin;
  const finished = body.finish([{ name: 'out', value: values.get(last.id)! }]);
  return builder.node(fusion.name, outside.map(rename), { body: finished });
}

/** Names the operands: those of the root keep their names, those of the tail are named after their role. */
function nameOperands(group: Group, outside: readonly ValueId[]): string[] {
  const [root] = group;
  const taken = new Set<string>();
  return outside.map((value) => {
    const position = root!.inputs.indexOf(value);
    const wanted =
      position >= 0 ? operandName(definitionOf(root!.op).operands, position) : tailOperandName(group, value);
    let name = wanted;
    for (let n = 2; taken.has(name); n++) name = `${wanted}${n}`;
    taken.add(name);
    return name;
  });
}

function tailOperandName(group: Group, value: ValueId): string {
  const reader = group.find((node) => node.inputs.includes(value))!;
  const { nameInTail } = factsOf(reader);
  return nameInTail ?? operandName(definitionOf(reader.op).operands, reader.inputs.indexOf(value));
}
