/** The numbers of a node that depends on parameters and constants only: folded weights and biases. */
import { nodeOf, sizeOf, type Graph, type ValueId } from '../../compiler/ir/types.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';

/** Numbers by name, row-major. */
export type Parameters = ReadonlyMap<string, Float32Array>;

export function numbersOf(graph: Graph, value: ValueId, parameters: Parameters): Float32Array {
  const node = nodeOf(graph, value);
  if (node.op === 'constant') return Float32Array.from(node.attrs.data);
  if (node.op === 'parameter') return parameters.get(node.attrs.name)!;
  const inputs: readonly ValueId[] = node.inputs;
  const types = inputs.map((input) => nodeOf(graph, input).type);
  const operands = inputs.map((input) => numbersOf(graph, input, parameters));
  const result = new Float32Array(sizeOf(node.type.shape));
  compileKernel(referenceKernel(node, types))(...operands, result);
  return result;
}
