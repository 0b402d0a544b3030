/**
 * An operation's gradient, twice: by its rule (evaluated by the interpreter in f64) and by central
 * differences of its reference kernel. The loss is the sum of the result times fixed random numbers.
 */
import {
  sizeOf,
  type Attrs,
  type Graph,
  type Node,
  type OpName,
  type TensorType,
  type ValueId,
} from '../../compiler/ir/types.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { definitionOf } from '../../compiler/ops/index.ts';
import { graphBuilder } from '../../compiler/ops/infer.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import { randomNumbers, seedOf } from './numbers.ts';
import type { SampleArray } from './samples.ts';

export type Numbers = Float64Array | Int32Array | Uint32Array;

/** A graph of one operation on inputs `operand0`, `operand1`, ... */
export function singleNodeGraph<K extends OpName>(
  op: K,
  inputs: readonly TensorType[],
  attrs: Attrs[K],
): { graph: Graph; node: Node } {
  const g = graphBuilder(op);
  const operands = inputs.map((type, i) =>
    g.node('input', [], { name: `operand${i}`, type: { dtype: type.dtype, shape: type.shape } }),
  );
  const result = g.node(op, operands, attrs);
  const graph = g.finish([{ name: 'result', value: result }]);
  return { graph, node: graph.nodes[result]! };
}

export const toF64 = (data: SampleArray): Numbers =>
  data instanceof Float32Array ? Float64Array.from(data) : data;

/** The numbers that weigh the result's elements in the loss. */
function lossWeights(type: TensorType): Float64Array {
  const random = randomNumbers(seedOf(`loss/${type.shape.join()}`));
  return Float64Array.from({ length: sizeOf(type.shape) }, () => 2 * random() - 1);
}

export interface RuleResult {
  readonly graph: Graph;
  /** Gradients by operand; undefined where the rule gives none. */
  readonly gradients: readonly (ValueId | undefined)[];
  /** The first node that the rule built. */
  readonly firstBuilt: ValueId;
}

/** Applies the rule to the operation on inputs, the loss' gradient coming in as the input `seed`. */
export function applyRule<K extends OpName>(
  op: K,
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  needs: (operand: number) => boolean,
): RuleResult {
  const rule = definitionOf(op).gradient;
  if (rule === 'notDifferentiable') throw new Error(`${op} is not differentiable`);
  const { graph: forward, node } = singleNodeGraph(op, inputs, attrs);
  const g = graphBuilder(`gradient of ${op}`);
  for (const each of forward.nodes) g.copy(each, each.inputs);
  const gradient = g.node('input', [], { name: 'seed', type: node.type });
  const firstBuilt = g.nodes.length;
  const site = { node: node as Node<K>, attrs, inputs: node.inputs, output: node.id, gradient, g, needs };
  const gradients = rule(site);
  const outputs = gradients.flatMap((value, i) =>
    value === undefined ? [] : [{ name: `gradient${i}`, value }],
  );
  return { graph: g.finish(outputs), gradients, firstBuilt };
}

/** Gradients by operand; undefined where the rule gives none. */
export function ruleGradients<K extends OpName>(
  op: K,
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  data: readonly Numbers[],
): (ArrayLike<number> | undefined)[] {
  const { graph, gradients } = applyRule(op, inputs, attrs, (operand) => inputs[operand]!.dtype === 'f32');
  const { node } = singleNodeGraph(op, inputs, attrs);
  const bindings = Object.fromEntries(data.map((values, i) => [`operand${i}`, values]));
  const { values } = evaluateGraph(graph, { ...bindings, seed: lossWeights(node.type) });
  return gradients.map((value) => (value === undefined ? undefined : values[value]!));
}

/** (L(x + h) - L(x - h)) / 2h for every element of one operand. */
export function centralDifferences<K extends OpName>(
  op: K,
  inputs: readonly TensorType[],
  attrs: Attrs[K],
  data: readonly Numbers[],
  operand: number,
  step: number,
): Float64Array {
  const { node } = singleNodeGraph(op, inputs, attrs);
  const kernel = compileKernel(referenceKernel(node, inputs));
  const weights = lossWeights(node.type);
  const out = new Float64Array(weights.length);
  const moved = Float64Array.from(data[operand]!);
  const operands = data.map((values, i) => (i === operand ? moved : values));
  const lossAt = (i: number, value: number): number => {
    moved[i] = value;
    kernel(...operands, out);
    return out.reduce((loss, y, j) => loss + y * weights[j]!, 0);
  };
  return moved.map((value, i) => {
    const difference = lossAt(i, value + step) - lossAt(i, value - step);
    moved[i] = value;
    return difference / (2 * step);
  });
}
