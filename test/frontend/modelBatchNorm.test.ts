/** Batch norm in both modes, held to PyTorch's formulas by the interpreter. */
import { describe, expect, it } from 'vitest';
import { buildGraph, defineModel, type Graph } from 'cnnc';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';

const model = (shape: readonly number[]) =>
  defineModel({
    name: 'bn',
    inputs: { x: shape },
    build: (net, { x }) => ({ y: net.batchNorm('bn', x, { epsilon: 1e-3, momentum: 0.25 }) }),
    loss: (net, { y }) => net.reduceMean(y),
  });

// Two channels of [N, H, W] = [2, 1, 2].
const x = [1, 2, 10, 20, 3, 6, 30, 60];
const bindings = {
  x,
  'bn.weight': [2, 3],
  'bn.bias': [0.5, -0.5],
  'bn.running_mean': [1, 5],
  'bn.running_var': [4, 9],
};
const channel = (c: number): number[] => x.filter((_, i) => Math.floor(i / 2) % 2 === c);

function normalized(mean: readonly number[], variance: readonly number[]): number[] {
  return x.map((value, i) => {
    const c = Math.floor(i / 2) % 2;
    const [weight, bias] = [bindings['bn.weight'][c]!, bindings['bn.bias'][c]!];
    return (weight * (value - mean[c]!)) / Math.sqrt(variance[c]! + 1e-3) + bias;
  });
}

function expectClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  // The interpreter computes in f64, but constants of the graph are f32: n / (n - 1) is rounded once.
  expected.forEach((value, i) => expect(Math.abs(actual[i]! / value - 1)).toBeLessThan(2 ** -24));
}

const parameterRoles = (graph: Graph) =>
  graph.nodes.flatMap((node) => (node.op === 'parameter' ? [[node.attrs.name, node.attrs.role]] : []));

describe('batchNorm', () => {
  it('has the same parameters and buffers in both modes', () => {
    const [evaluation, training] = [false, true].map((mode) =>
      buildGraph(model([2, 2, 1, 2]), { training: mode }),
    );
    expect(parameterRoles(training!)).toEqual(parameterRoles(evaluation!));
    expect(parameterRoles(training!)).toEqual([
      ['bn.weight', 'weight'],
      ['bn.bias', 'weight'],
      ['bn.running_mean', 'buffer'],
      ['bn.running_var', 'buffer'],
    ]);
  });

  it('takes the running statistics in evaluation', () => {
    const graph = buildGraph(model([2, 2, 1, 2]), { training: false });
    expect(graph.updates).toEqual([]);
    expectClose(evaluateGraph(graph, bindings).outputs['y']!, normalized([1, 5], [4, 9]));
  });

  it("takes the batch's in training and moves the running ones, the variance unbiased", () => {
    const graph = buildGraph(model([2, 2, 1, 2]), { training: true });
    const means = [0, 1].map((c) => channel(c).reduce((sum, value) => sum + value, 0) / 4);
    const squares = [0, 1].map((c) => channel(c).reduce((sum, value) => sum + (value - means[c]!) ** 2, 0));
    const { outputs, values } = evaluateGraph(graph, bindings);
    expectClose(
      outputs['y']!,
      normalized(
        means,
        squares.map((sum) => sum / 4),
      ),
    );
    const updated = Object.fromEntries(
      graph.updates.map(({ target, value }) => {
        const node = graph.nodes[target]!;
        return [node.op === 'parameter' ? node.attrs.name : node.op, values[value]!];
      }),
    );
    expect(Object.keys(updated)).toEqual(['bn.running_mean', 'bn.running_var']);
    expectClose(updated['bn.running_mean']!, [0.75 * 1 + 0.25 * means[0]!, 0.75 * 5 + 0.25 * means[1]!]);
    expectClose(updated['bn.running_var']!, [
      0.75 * 4 + (0.25 * squares[0]!) / 3,
      0.75 * 9 + (0.25 * squares[1]!) / 3,
    ]);
  });

  it('keeps the running statistics in training where it is frozen', () => {
    const graph = buildGraph(model([2, 2, 1, 2]), { training: true, frozen: (path) => path === 'bn' });
    expect(graph.updates).toEqual([]);
    expectClose(evaluateGraph(graph, bindings).outputs['y']!, normalized([1, 5], [4, 9]));
    expect(buildGraph(model([2, 2, 1, 2]), { training: true, frozen: () => false }).updates).toHaveLength(2);
  });

  it('refuses to train on one value per channel', () => {
    expect(() => buildGraph(model([1, 2, 1, 1]), { training: true })).toThrow(
      /^batchNorm at bn \(test\/frontend\/modelBatchNorm.test.ts:\d+\): training needs more than one value per channel/,
    );
    expect(outputRank(buildGraph(model([1, 2, 1, 1]), { training: false }))).toBe(4);
  });
});

const outputRank = (graph: Graph): number => graph.nodes[graph.outputs[0]!.value]!.type.shape.length;
