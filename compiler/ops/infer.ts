/** The shape rule of any operator, with errors in the compiler's format. */
import { fail, table } from '../diagnostics/diagnostic.ts';
import { createGraphBuilder, rewrite as rewriteWith, type GraphBuilder, type Infer } from '../ir/builder.ts';
import { formatType, type Graph, type Node, type TensorType, type ValueId } from '../ir/types.ts';
import { definitionOf } from './index.ts';
import type { Reject } from './types.ts';

export const infer: Infer = (op, inputs, attrs, origin) => {
  const definition = definitionOf(op);
  const reject: Reject = (code, found) =>
    fail(code, op, origin, found, operandTable(definition.operands, inputs));
  checkOperandCount(definition.operands, inputs.length, reject);
  return definition.infer(inputs, attrs, reject);
};

function checkOperandCount(operands: readonly string[], count: number, reject: Reject): void {
  const variadic = operands.some((name) => name.startsWith('...'));
  const required = operands.filter((name) => !name.endsWith('?') && !name.startsWith('...')).length;
  if (count < required || (!variadic && count > operands.length)) {
    reject('CNNC1201', `${count} operands were given, expected ${operands.join(', ') || 'none'}`);
  }
}

/** The name of operand `index`. Variadic operands are numbered. */
export function operandName(operands: readonly string[], index: number): string {
  const name = operands[Math.min(index, operands.length - 1)] ?? `operand${index}`;
  if (name.startsWith('...')) return `${name.slice(3)}${index - operands.length + 1}`;
  return name.replace('?', '');
}

const operandTable = (operands: readonly string[], inputs: readonly TensorType[]): string[] =>
  table(inputs.map((type, i) => [operandName(operands, i), formatType(type)]));

export const graphBuilder = (name: string): GraphBuilder => createGraphBuilder(name, infer);

export const rewrite = (
  graph: Graph,
  replace: (node: Node, inputs: readonly ValueId[], builder: GraphBuilder) => ValueId | undefined,
): Graph => rewriteWith(graph, infer, replace);
