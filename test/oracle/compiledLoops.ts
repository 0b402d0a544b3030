/**
 * A graph as a function: the plain loops of every node, as JavaScript in f64. It gives the interpreter's numbers much
 * faster, without the checks of every access.
 */
import type { Graph, Node } from '../../compiler/ir/types.ts';
import { sizeOf } from '../../compiler/ir/types.ts';
import { compileKernel, type KernelArray } from '../../compiler/kernel/javascript.ts';
import type { Bindings, Evaluation } from '../../compiler/ops/evaluate.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';

type Values = Evaluation['values'][number];
type Evaluate = (values: readonly Values[], bindings: Bindings) => Values;

export function compileLoops(graph: Graph): (bindings: Bindings) => Evaluation {
  const nodes = graph.nodes.map((node) => compileNode(graph, node));
  return (bindings) => {
    const values: Values[] = [];
    for (const evaluate of nodes) values.push(evaluate(values, bindings));
    const outputs = graph.outputs.map(({ name, value }) => [name, values[value]!] as const);
    return { values, outputs: Object.fromEntries(outputs) };
  };
}

function compileNode(graph: Graph, node: Node): Evaluate {
  const array = { f32: Float64Array, i32: Int32Array, u32: Uint32Array }[node.type.dtype];
  if (node.op === 'constant') return () => array.from(node.attrs.data);
  if (node.op === 'input' || node.op === 'parameter') {
    const { name } = node.attrs;
    return (_values, bindings) => array.from(bindings[name]!);
  }
  const inputs: readonly number[] = node.inputs;
  const types = inputs.map((input) => graph.nodes[input]!.type);
  const kernel = compileKernel(referenceKernel(node, types));
  return (values) => {
    const out = new array(sizeOf(node.type.shape));
    kernel(...inputs.map((input) => values[input] as KernelArray), out);
    return out;
  };
}
