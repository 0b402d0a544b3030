/**
 * Batch normalization in training: mean and variance are computed from x, and the gradient of x that follows
 * by composing the rules is the closed form of Ioffe & Szegedy 2015.
 */
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../compiler/autodiff/differentiate.ts';
import { f32, type Graph } from '../../compiler/ir/types.ts';
import { evaluateGraph } from '../../compiler/ops/evaluate.ts';
import { graphBuilder } from '../../compiler/ops/infer.ts';
import { maxRelativeError } from '../support/numbers.ts';
import { sampleArray } from '../support/samples.ts';

const [N, C, P] = [3, 2, 5];
const epsilon = 1e-3;

function trainingGraph(): Graph {
  const g = graphBuilder('training');
  const input = (name: string, ...shape: number[]) => g.node('input', [], { name, type: f32(...shape) });
  const [x, weight, bias] = [input('x', N, C, P), input('weight', C), input('bias', C)];
  const gradient = input('gradient', N, C, P);
  const mean = g.node('batchMean', [x]);
  const variance = g.node('batchVariance', [x, mean]);
  const out = g.node('batchNorm', [x, weight, bias, mean, variance], { epsilon });
  const gradients = differentiate(g, new Map([[out, gradient]]), [x, weight, bias]);
  const named = Object.entries({ x, weight, bias }).map(([name, value]) => ({
    name,
    value: gradients.get(value)!,
  }));
  return g.finish(named);
}

const x = sampleArray(f32(N, C, P), 1);
const gradient = sampleArray(f32(N, C, P), 2);
const weight = sampleArray(f32(C), 3);

/** dx = weight / sqrt(variance + epsilon) * (g - mean(g) - xhat * mean(g * xhat)) */
function closedForm(): { x: number[]; weight: number[]; bias: number[] } {
  const result = { x: Array<number>(N * C * P).fill(0), weight: [0, 0], bias: [0, 0] };
  for (let c = 0; c < C; c++) {
    const places = [...x.keys()].filter((i) => Math.floor(i / P) % C === c);
    const mean = (value: (i: number) => number) =>
      places.reduce((sum, i) => sum + value(i), 0) / places.length;
    const center = mean((i) => x[i]!);
    const inverse = 1 / Math.sqrt(mean((i) => (x[i]! - center) ** 2) + epsilon);
    const normalized = (i: number) => (x[i]! - center) * inverse;
    const [g, gx] = [mean((i) => gradient[i]!), mean((i) => gradient[i]! * normalized(i))];
    for (const i of places) result.x[i] = weight[c]! * inverse * (gradient[i]! - g - normalized(i) * gx);
    result.weight[c] = gx * places.length;
    result.bias[c] = g * places.length;
  }
  return result;
}

describe('batchNorm on the statistics of its own input', () => {
  const graph = trainingGraph();

  it('has the gradients of the closed form', () => {
    const { outputs } = evaluateGraph(graph, { x, gradient, weight, bias: [0.5, -1] });
    const expected = closedForm();
    // f64 throughout; only the order of the sums differs.
    for (const name of ['x', 'weight', 'bias'] as const) {
      expect(maxRelativeError(outputs[name]!, expected[name]), name).toBeLessThan(1e-12);
    }
  });

  it('does not build the gradient of the variance by the mean, which is 0 there', () => {
    const ops = graph.nodes.map((node) => node.op);
    expect(ops.filter((op) => op === 'batchMean')).toHaveLength(1);
    expect(ops).not.toContain('sub');
  });

  it('sums the gradient over each channel once', () => {
    expect(graph.nodes.filter((node) => node.op === 'reduceSum')).toHaveLength(1);
    expect(graph.nodes.filter((node) => node.op === 'batchNormWeightGradient')).toHaveLength(1);
  });
});
