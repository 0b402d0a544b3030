/** An operation's samples as graphs with numbers: alone, between activations, and with a tail after them. */
import type { Graph, OpName, TensorType, ValueId } from '../../compiler/ir/types.ts';
import type { Bindings } from '../../compiler/ops/evaluate.ts';
import { graphBuilder } from '../../compiler/ops/infer.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { seedOf } from './numbers.ts';
import { sampleArray, sampleArrays } from './samples.ts';

export interface Case {
  readonly graph: Graph;
  readonly bindings: Bindings;
}

type Numbers = Record<string, ArrayLike<number>>;

/** Inputs `operand0`, `operand1` ... with the sample's numbers. */
function operandsOf(
  g: ReturnType<typeof graphBuilder>,
  op: OpName,
  sample: Sample<OpName>,
  bindings: Numbers,
): ValueId[] {
  const arrays = sampleArrays(op, sample);
  return sample.inputs.map(({ dtype, shape }, i) =>
    addInput(g, `operand${i}`, { dtype, shape }, arrays[i]!, bindings),
  );
}

function addInput(
  g: ReturnType<typeof graphBuilder>,
  name: string,
  type: TensorType,
  numbers: ArrayLike<number>,
  bindings: Numbers,
): ValueId {
  bindings[name] = numbers;
  return g.node('input', [], { name, type });
}

type Build = (
  g: ReturnType<typeof graphBuilder>,
  op: OpName,
  sample: Sample<OpName>,
  bindings: Numbers,
) => ValueId;

/** The operation between the outside and the outside: everything row-major. */
export const alone: Build = (g, op, sample, bindings) =>
  g.node(op, operandsOf(g, op, sample, bindings), sample.attrs);

/** Between other nodes, where activations lie as the target likes them. */
export const inside: Build = (g, op, sample, bindings) => {
  const negated = operandsOf(g, op, sample, bindings).map((operand) => {
    if (g.typeOf(operand).dtype !== 'f32') return operand;
    return g.node('neg', [g.node('neg', [operand])]);
  });
  const result = g.node(op, negated, sample.attrs);
  return g.typeOf(result).dtype === 'f32' ? g.node('neg', [result]) : result;
};

/** The operation with a residual sum and an activation after it. */
export const withTail: Build = (g, op, sample, bindings) => {
  const result = alone(g, op, sample, bindings);
  const type = g.typeOf(result);
  const numbers = sampleArray(type, seedOf(`${op}/${sample.name}/residual`));
  return g.node('relu', [g.node('add', [result, addInput(g, 'residual', type, numbers, bindings)])]);
};

export function caseOf(op: OpName, sample: Sample<OpName>, build: Build): Case {
  const g = graphBuilder(op);
  const bindings: Numbers = {};
  const result = build(g, op, sample, bindings);
  return { graph: g.finish([{ name: 'result', value: result }]), bindings };
}

/** Tails follow f32 results; the operation itself must not depend on constants only. */
export function takesTail(op: OpName, sample: Sample<OpName>): boolean {
  const { graph } = caseOf(op, sample, alone);
  return graph.nodes.at(-1)!.type.dtype === 'f32' && sample.inputs.length > 0;
}
