/** Small graphs for the passes: as listings, and as numbers before and after. */
import { expect } from 'vitest';
import type { GraphBuilder } from '../../compiler/ir/builder.ts';
import { printGraph } from '../../compiler/ir/printer.ts';
import {
  sizeOf,
  type DType,
  type Graph,
  type Node,
  type TensorType,
  type ValueId,
} from '../../compiler/ir/types.ts';
import { verifyGraph } from '../../compiler/ir/verifier.ts';
import type { Conv2dAttrs } from '../../compiler/ops/shared/convolution.ts';
import { evaluateGraph, type Bindings } from '../../compiler/ops/evaluate.ts';
import { graphBuilder, infer } from '../../compiler/ops/infer.ts';
import type { Pass } from '../../compiler/passes/types.ts';
import { describeDifferences, maxRelativeError, randomNumbers, seedOf } from './numbers.ts';

/**
 * The oracle computes in doubles; a pass may reorder and factor sums, and constants that it makes are f32: an
 * epsilon of 1e-5 is off by 3e-8 of itself, beside variances of 0.5 and more by 1e-12 of the result.
 */
const PASS_TOLERANCE = 1e-9;

export interface GraphWriter {
  readonly g: GraphBuilder;
  input(name: string, shape: readonly number[], dtype?: DType): ValueId;
  parameter(name: string, shape: readonly number[]): ValueId;
  /** 3x3, padded to keep the size, unless the weight says otherwise. */
  conv(x: ValueId, weight: ValueId, bias?: ValueId, attrs?: Partial<Conv2dAttrs>): ValueId;
  /** A batch norm with the parameters `<name>.weight`, `.bias`, `.mean` and `.variance`. */
  norm(name: string, x: ValueId): ValueId;
}

/** A graph whose outputs are what `build` returns, by name. */
export function graphOf(build: (w: GraphWriter) => Readonly<Record<string, ValueId>>): Graph {
  const w = createWriter(graphBuilder('test'));
  const outputs = build(w);
  const named = Object.entries(outputs).map(([name, value]) => ({ name, value }));
  return verifyGraph(w.g.finish(named), infer, 'the test');
}

function createWriter(g: GraphBuilder): GraphWriter {
  const w: GraphWriter = {
    g,
    input: (name, shape, dtype = 'f32') => g.node('input', [], { name, type: { dtype, shape } }),
    parameter: (name, shape) =>
      g.node('parameter', [], {
        name,
        type: { dtype: 'f32', shape },
        role: 'weight',
        initializer: { kind: 'constant', value: 0 },
      }),
    conv(x, weight, bias, attrs = {}) {
      const [, , height, width] = g.shapeOf(weight);
      const padding = [height! >> 1, width! >> 1, height! >> 1, width! >> 1] as const;
      const inputs = bias === undefined ? [x, weight] : [x, weight, bias];
      return g.node('conv2d', inputs, { stride: [1, 1], padding, dilation: [1, 1], groups: 1, ...attrs });
    },
    norm(name, x) {
      const channels = [g.shapeOf(x)[1]!];
      const parts = ['weight', 'bias', 'mean', 'variance'].map((part) =>
        w.parameter(`${name}.${part}`, channels),
      );
      g.origin = { path: name };
      const value = g.node('batchNorm', [x, ...parts], { epsilon: 1e-5 });
      g.origin = { path: '' };
      return value;
    },
  };
  return w;
}

export const listing = (graph: Graph): string => printGraph(graph, { origins: false });

type Leaf = Node<'input'> | Node<'parameter'>;

/**
 * Numbers for all inputs and parameters, by their names: in [-1, 1), variances in [0.5, 1.5), integers in
 * [0, 10). A filter's numbers are so small that a convolution never makes its input larger.
 */
export function randomBindings(graph: Graph): Bindings {
  const leaves = graph.nodes.filter((node): node is Leaf => node.op === 'input' || node.op === 'parameter');
  return Object.fromEntries(
    leaves.map(({ op, attrs: { name, type } }) => [name, randomLeaf(op, name, type)]),
  );
}

function randomLeaf(op: 'input' | 'parameter', name: string, { dtype, shape }: TensorType): number[] {
  const random = randomNumbers(seedOf(name));
  const filter = op === 'parameter' && shape.length === 4 ? sizeOf(shape.slice(1)) : 1;
  const draw = (): number => {
    if (dtype !== 'f32') return Math.floor(10 * random());
    return /var/.test(name) ? 0.5 + random() : (2 * random() - 1) / filter;
  };
  // As f32 has them, so that targets start from the same numbers.
  return Array.from({ length: sizeOf(shape) }, () => Math.fround(draw()));
}

/** The pass' result: a valid graph that computes the same. */
export function runPass(pass: Pass, before: Graph): Graph {
  const after = verifyGraph(pass.run(before), infer, pass.name);
  expectSameNumbers(after, before);
  return after;
}

/** Outputs and updated values, by the oracle. */
export function expectSameNumbers(after: Graph, before: Graph): void {
  const bindings = randomBindings(before);
  const [actual, expected] = [after, before].map((graph) => resultsOf(graph, bindings));
  expect(Object.keys(actual!)).toEqual(Object.keys(expected!));
  for (const [name, numbers] of Object.entries(expected!)) {
    const found = actual![name]!;
    expect(
      maxRelativeError(found, numbers),
      `${name}: ${describeDifferences(found, numbers, PASS_TOLERANCE)}`,
    ).toBeLessThanOrEqual(PASS_TOLERANCE);
  }
}

type Results = Readonly<Record<string, ArrayLike<number>>>;

/** Results of graphs that were evaluated: the result of one pass is the operand of the next. Bindings depend on names only. */
const known = new WeakMap<Graph, Results>();

function resultsOf(graph: Graph, bindings: Bindings): Results {
  const found = known.get(graph) ?? evaluate(graph, bindings);
  known.set(graph, found);
  return found;
}

function evaluate(graph: Graph, bindings: Bindings): Results {
  const { values, outputs } = evaluateGraph(graph, bindings);
  const updates = graph.updates.map(({ target, value }) => {
    const node = graph.nodes[target] as Node<'parameter'>;
    return [`new ${node.attrs.name}`, values[value]!] as const;
  });
  return { ...outputs, ...Object.fromEntries(updates) };
}
