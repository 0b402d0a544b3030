/**
 * The reference evaluator: runs a graph in f64 by the plain loops of every operator, with each access checked. It is
 * meant for small graphs; it evaluates nodes in order and optimizes nothing.
 */
import { isConstant, isInput, isParameter } from '../ir/leaves.ts';
import { sizeOf, type Graph, type Node, type TensorType, type ValueId } from '../ir/types.ts';
import { interpretKernel, type InterpreterArray } from '../kernel/interpreter.ts';
import { referenceKernel } from './reference.ts';

/** Numbers of inputs and parameters by name, row-major. */
export type Bindings = Readonly<Record<string, ArrayLike<number>>>;

export interface Evaluation {
  readonly values: readonly InterpreterArray[];
  /** Graph outputs by name. */
  readonly outputs: Readonly<Record<string, InterpreterArray>>;
}

export function evaluateGraph(graph: Graph, bindings: Bindings): Evaluation {
  const values: InterpreterArray[] = [];
  for (const node of graph.nodes) values.push(valueOf(graph, node, values, bindings));
  const outputs = Object.fromEntries(graph.outputs.map(({ name, value }) => [name, values[value]!]));
  return { values, outputs };
}

function valueOf(
  graph: Graph,
  node: Node,
  values: readonly InterpreterArray[],
  bindings: Bindings,
): InterpreterArray {
  if (isConstant(node))
    return emptyFor(node)
      .fill(0)
      .map((_, i) => node.attrs.data[i]!);
  if (isInput(node) || isParameter(node)) return bound(node.attrs.name, node, bindings);
  const types = node.inputs.map((input: ValueId) => graph.nodes[input]!.type);
  return evaluateNode(
    node,
    types,
    node.inputs.map((input: ValueId) => values[input]!),
  );
}

/** Evaluates one node from its operands' numbers, row-major. */
export function evaluateNode(
  node: Node,
  types: readonly TensorType[],
  operands: readonly InterpreterArray[],
): InterpreterArray {
  const out = emptyFor(node);
  interpretKernel(referenceKernel(node, types), [...operands, out]);
  return out;
}

function bound(name: string, node: Node, bindings: Bindings): InterpreterArray {
  const data = bindings[name];
  const size = sizeOf(node.type.shape);
  if (data?.length !== size) throw new Error(`${name} needs ${size} numbers, got ${data?.length}`);
  const copy = emptyFor(node);
  copy.set(data);
  return copy;
}

function emptyFor(node: Node): InterpreterArray {
  const size = sizeOf(node.type.shape);
  switch (node.type.dtype) {
    case 'f32':
      return new Float64Array(size);
    case 'i32':
      return new Int32Array(size);
    case 'u32':
      return new Uint32Array(size);
  }
}
