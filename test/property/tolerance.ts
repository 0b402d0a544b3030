/**
 * How far f32 results may be from the interpreter's. Stored numbers are rounded: each is off by up to 2^-24 of
 * itself, and so are weights that were folded into others. What becomes of that in a network is measured, not
 * guessed: the interpreter runs again with every value and every weight moved by as much, up or down at random.
 * Where a network stands on a kink (a maximum between equals, a ReLU at zero) its gradients jump in these runs too.
 */
import { nodeOf, type Graph, type Node, type ValueId } from '../../compiler/ir/types.ts';
import type { InterpreterArray } from '../../compiler/kernel/interpreter.ts';
import { evaluateNode, type Bindings } from '../../compiler/ops/evaluate.ts';
import type { Backend } from '../support/backends.ts';
import { maxAbs, randomNumbers } from '../support/numbers.ts';
import { expectedResults, type Results } from './runNet.ts';

const ROUNDING = 2 ** -24;

/** Growth of the error in a dozen layers that do not amplify, relative to the largest number anywhere. */
const LAYERS = 16;

/**
 * A run draws one of many combinations of roundings, the program has another one: of eight runs the largest is
 * about two deviations, and no sum of that many independent errors is likely to reach ten.
 */
const RUNS = 8;
const FACTOR = 8;

/** Each result as far off as roundings have put it in the worst of the runs. */
export function conditionOf(
  graph: Graph,
  bindings: Bindings,
  expected: Results,
): ReadonlyMap<string, number> {
  const worst = new Map<string, number>();
  for (let seed = 1; seed <= RUNS; seed++) {
    const moved = expectedResults(graph, evaluateRounded(graph, bindings, seed));
    for (const [name, numbers] of Object.entries(expected)) {
      const off = maxDifference(moved[name]!, numbers);
      worst.set(name, Math.max(worst.get(name) ?? 0, off));
    }
  }
  return worst;
}

/** What no network can be better than: `values` are all of its numbers. */
export const floorOf = (values: readonly ArrayLike<number>[]): number =>
  LAYERS * ROUNDING * Math.max(1, ...values.map(maxAbs));

/** `roundings`: what the back end's arithmetic is off by, in roundings of each stored number. */
export const allowed = (
  condition: number,
  floor: number,
  { roundings }: Pick<Backend, 'roundings'>,
): number => roundings * (FACTOR * condition + floor);

/** NaN where one of them is. */
export function maxDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return NaN;
  let worst = 0;
  for (let i = 0; i < actual.length; i++) worst = Math.max(worst, Math.abs(actual[i]! - expected[i]!));
  return worst;
}

function evaluateRounded(graph: Graph, bindings: Bindings, seed: number): ArrayLike<number>[] {
  const random = randomNumbers(seed);
  const values: InterpreterArray[] = [];
  for (const node of graph.nodes) values.push(rounded(valueOf(graph, node, values, bindings), node, random));
  return values;
}

function rounded(numbers: InterpreterArray, node: Node, random: () => number): InterpreterArray {
  if (node.type.dtype !== 'f32' || node.op === 'input') return numbers;
  return Float64Array.from(numbers, (value) => value * (1 + (random() < 0.5 ? ROUNDING : -ROUNDING)));
}

function valueOf(
  graph: Graph,
  node: Node,
  values: readonly InterpreterArray[],
  bindings: Bindings,
): InterpreterArray {
  if (node.op === 'constant') return Float64Array.from(node.attrs.data);
  if (node.op === 'input' || node.op === 'parameter') {
    const kind = node.type.dtype === 'f32' ? Float64Array : Int32Array;
    return kind.from(bindings[node.attrs.name]!);
  }
  const inputs: readonly ValueId[] = node.inputs;
  const types = inputs.map((input) => nodeOf(graph, input).type);
  return evaluateNode(
    node,
    types,
    inputs.map((input) => values[input]!),
  );
}
