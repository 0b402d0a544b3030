/** Batch normalizations as one multiplication and one addition, and those that stay what they are. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { expandBatchNorm } from '../../compiler/passes/expandBatchNorm.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { graphOf, listing, runPass } from '../support/graphs.ts';

const expanded = (graph: Graph): string => listing(runPass(expandBatchNorm, graph));

describe('a batch norm with fixed statistics', () => {
  it('is a factor and a summand per channel', () => {
    const graph = graphOf((w) => ({ y: w.norm('bn', w.input('x', [2, 3, 4, 4])) }));
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,4,4]
        %1 = parameter bn.weight  f32[3]
        %2 = parameter bn.bias  f32[3]
        %3 = parameter bn.mean  f32[3]
        %4 = parameter bn.variance  f32[3]
        %5 = batchNorm(%0, %1, %2, %3, %4) {epsilon: 0.00001}  f32[2,3,4,4]
        output y = %5
      "
    `);
    expect(expanded(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,4,4]
        %1 = parameter bn.weight  f32[3]
        %2 = parameter bn.bias  f32[3]
        %3 = parameter bn.mean  f32[3]
        %4 = parameter bn.variance  f32[3]
        %5 = constant [0.00001]  f32[]
        %6 = add(%4, %5)  f32[3]
        %7 = sqrt(%6)  f32[3]
        %8 = div(%1, %7)  f32[3]
        %9 = mul(%3, %8)  f32[3]
        %10 = sub(%2, %9)  f32[3]
        %11 = reshape(%8) {shape: [3, 1, 1]}  f32[3,1,1]
        %12 = mul(%0, %11)  f32[2,3,4,4]
        %13 = reshape(%10) {shape: [3, 1, 1]}  f32[3,1,1]
        %14 = add(%12, %13)  f32[2,3,4,4]
        output y = %14
      "
    `);
  });

  it('needs no reshape on a matrix', () => {
    const graph = graphOf((w) => ({ y: w.norm('bn', w.input('x', [4, 3])) }));
    expect(expanded(graph)).not.toContain('reshape');
  });

  it('after another one is a single pair of them', () => {
    const graph = graphOf((w) => ({ y: w.norm('bn2', w.norm('bn1', w.input('x', [1, 2, 4, 4]))) }));
    const overPlanes = runPass(expandBatchNorm, graph).nodes.filter(({ type }) => type.shape.length === 4);
    expect(overPlanes.map(({ op }) => op)).toEqual(['input', 'mul', 'add']);
  });

  it('after one with another reader stays a pair of its own', () => {
    const graph = graphOf((w) => {
      const first = w.norm('bn1', w.input('x', [1, 2, 4, 4]));
      return { y: w.norm('bn2', first), z: w.g.node('relu', [first]) };
    });
    const overPlanes = runPass(expandBatchNorm, graph).nodes.filter(({ type }) => type.shape.length === 4);
    expect(overPlanes.map(({ op }) => op)).toEqual(['input', 'mul', 'add', 'mul', 'add', 'relu']);
  });

  it('joins the layer before it when it cannot be folded, as an epilogue', () => {
    const graph = graphOf((w) => {
      const pooled = w.g.node('maxPool', [w.input('x', [1, 2, 4, 4])], {
        kernel: [2, 2],
        stride: [2, 2],
        padding: [0, 0, 0, 0],
        dilation: [1, 1],
        ceilMode: false,
      });
      return { y: w.g.node('relu', [w.norm('bn', pooled)]) };
    });
    const fused = runPass(fuse, runPass(expandBatchNorm, graph));
    expect(listing(fused).slice(listing(fused).indexOf('fusion'))).toMatchInlineSnapshot(`
      "fusion(x: %0, b: %11, residual: %12)  f32[1,2,2,2]
            %13.1 = maxPool(x) {kernel: [2, 2], stride: [2, 2], padding: [0, 0, 0, 0], dilation: [1, 1], ceilMode: false}  f32[1,2,2,2]
            %13.2 = mul(%13.1, b)  f32[1,2,2,2]
            %13.3 = add(%13.2, residual)  f32[1,2,2,2]
            %13.4 = relu(%13.3)  f32[1,2,2,2]
        output y = %13
      "
    `);
  });

  it('gives its numbers names', () => {
    const graph = graphOf((w) => ({ y: w.norm('norm1', w.input('x', [1, 2, 4, 4])) }));
    const paths = runPass(expandBatchNorm, graph).nodes.map(({ origin }) => origin.path);
    expect(paths).toEqual(expect.arrayContaining(['norm1.scale', 'norm1.shift', 'norm1']));
  });
});

describe('a batch norm stays', () => {
  it('when its statistics are those of the batch', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [2, 2, 4, 4]);
      const mean = w.g.node('batchMean', [x]);
      const variance = w.g.node('batchVariance', [x, mean]);
      const parts = [w.parameter('bn.weight', [2]), w.parameter('bn.bias', [2]), mean, variance];
      return { y: w.g.node('batchNorm', [x, ...parts], { epsilon: 1e-5 }) };
    });
    expect(runPass(expandBatchNorm, graph)).toBe(graph);
  });

  it.each(['weight', 'bias', 'mean', 'variance'])('when training moves its %s', (part) => {
    const graph = graphOf((w) => ({ y: w.norm('bn', w.input('x', [1, 2, 4, 4])) }));
    const moved = graph.nodes.find((node) => node.op === 'parameter' && node.attrs.name === `bn.${part}`)!;
    const training: Graph = { ...graph, updates: [{ target: moved.id, value: moved.id }] };
    expect(runPass(expandBatchNorm, training)).toBe(training);
  });
});
