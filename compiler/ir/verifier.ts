/**
 * Checks what every pass must preserve: ids are indices, inputs come before their users, every type is the one of the
 * shape rule, and outputs and updates exist and have matching types. It runs after each pass. A failure is a bug in
 * the named pass, not a user's mistake.
 */
import type { Infer } from './builder.ts';
import { isFusion } from './fusion.ts';
import { isParameter } from './leaves.ts';
import { formatType, sameShape, type Graph, type Node, type TensorType } from './types.ts';

export function verifyGraph(graph: Graph, infer: Infer, after: string): Graph {
  const reject = (problem: string): never => {
    throw new Error(`graph ${graph.name} after ${after}: ${problem}`);
  };
  graph.nodes.forEach((node, index) => {
    if (node.id !== index) reject(`node ${index} has the id ${node.id}`);
    for (const input of node.inputs)
      if (!(input >= 0 && input < index)) reject(`%${index} reads %${input}, which comes later`);
    verifyType(node, graph, infer, reject);
    if (isFusion(node)) verifyGraph(node.attrs.body, infer, after);
  });
  const names = new Set<string>();
  for (const { name, value } of graph.outputs) {
    if (!graph.nodes[value]) reject(`output ${name} names no value`);
    if (names.has(name)) reject(`two outputs are called ${name}`);
    names.add(name);
  }
  for (const { target, value } of graph.updates) {
    const [from, to] = [graph.nodes[value], graph.nodes[target]];
    if (!to || !isParameter(to)) reject(`an update's target %${target} is no parameter`);
    if (!from || !sameType(from.type, to!.type)) reject(`%${value} updates %${target} of another type`);
  }
  return graph;
}

const sameType = (a: TensorType, b: TensorType): boolean =>
  a.dtype === b.dtype && sameShape(a.shape, b.shape);

function verifyType(node: Node, graph: Graph, infer: Infer, reject: (problem: string) => never): void {
  const inputs = node.inputs.map((input: number) => graph.nodes[input]!.type);
  const type = infer(node.op, inputs, node.attrs, node.origin);
  if (!sameType(type, node.type))
    reject(`%${node.id} (${node.op}) is ${formatType(node.type)}, its rule says ${formatType(type)}`);
}
