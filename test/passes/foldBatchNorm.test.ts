/** Batch normalizations that fold into the layer before them, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { foldBatchNorm } from '../../compiler/passes/foldBatchNorm.ts';
import { removeDeadNodes } from '../../compiler/passes/removeDeadNodes.ts';
import { graphOf, listing, runPass } from '../support/graphs.ts';

/** What is left of it, without the replaced layer. */
const folded = (graph: Graph): Graph => runPass(removeDeadNodes, runPass(foldBatchNorm, graph));

const opsOf = (graph: Graph): string[] => graph.nodes.map(({ op }) => op as string);

describe('a batch norm folds', () => {
  it('into a convolution without a bias', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      return { y: w.norm('bn', w.conv(x, w.parameter('w', [3, 2, 3, 3]))) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[3,2,3,3]
        %2 = conv2d(%0, %1) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,3,4,4]
        %3 = parameter bn.weight  f32[3]
        %4 = parameter bn.bias  f32[3]
        %5 = parameter bn.mean  f32[3]
        %6 = parameter bn.variance  f32[3]
        %7 = batchNorm(%2, %3, %4, %5, %6) {epsilon: 0.00001}  f32[1,3,4,4]
        output y = %7
      "
    `);
    expect(listing(folded(graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[3,2,3,3]
        %2 = parameter bn.weight  f32[3]
        %3 = parameter bn.bias  f32[3]
        %4 = parameter bn.mean  f32[3]
        %5 = parameter bn.variance  f32[3]
        %6 = constant [0.00001]  f32[]
        %7 = add(%5, %6)  f32[3]
        %8 = sqrt(%7)  f32[3]
        %9 = div(%2, %8)  f32[3]
        %10 = reshape(%9) {shape: [3, 1, 1, 1]}  f32[3,1,1,1]
        %11 = mul(%1, %10)  f32[3,2,3,3]
        %12 = neg(%4)  f32[3]
        %13 = mul(%12, %9)  f32[3]
        %14 = add(%13, %3)  f32[3]
        %15 = conv2d(%0, %11, %14) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,3,4,4]
        output y = %15
      "
    `);
  });

  it('into a convolution with one, whatever its groups and strides', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [2, 4, 5, 5]);
      const attrs = { groups: 2, stride: [2, 1] as const };
      return {
        y: w.g.node('relu', [
          w.norm('bn', w.conv(x, w.parameter('w', [6, 2, 3, 3]), w.parameter('b', [6]), attrs)),
        ]),
      };
    });
    expect(listing(folded(graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,4,5,5]
        %1 = parameter w  f32[6,2,3,3]
        %2 = parameter b  f32[6]
        %3 = parameter bn.weight  f32[6]
        %4 = parameter bn.bias  f32[6]
        %5 = parameter bn.mean  f32[6]
        %6 = parameter bn.variance  f32[6]
        %7 = constant [0.00001]  f32[]
        %8 = add(%6, %7)  f32[6]
        %9 = sqrt(%8)  f32[6]
        %10 = div(%3, %9)  f32[6]
        %11 = reshape(%10) {shape: [6, 1, 1, 1]}  f32[6,1,1,1]
        %12 = mul(%1, %11)  f32[6,2,3,3]
        %13 = sub(%2, %5)  f32[6]
        %14 = mul(%13, %10)  f32[6]
        %15 = add(%14, %4)  f32[6]
        %16 = conv2d(%0, %12, %15) {stride: [2, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 2}  f32[2,6,3,5]
        %17 = relu(%16)  f32[2,6,3,5]
        output y = %17
      "
    `);
  });

  it('into a linear layer', () => {
    const graph = graphOf((w) => {
      const y = w.g.node('linear', [w.input('x', [2, 5]), w.parameter('w', [3, 5]), w.parameter('b', [3])]);
      return { y: w.norm('bn', y) };
    });
    expect(listing(folded(graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,5]
        %1 = parameter w  f32[3,5]
        %2 = parameter b  f32[3]
        %3 = parameter bn.weight  f32[3]
        %4 = parameter bn.bias  f32[3]
        %5 = parameter bn.mean  f32[3]
        %6 = parameter bn.variance  f32[3]
        %7 = constant [0.00001]  f32[]
        %8 = add(%6, %7)  f32[3]
        %9 = sqrt(%8)  f32[3]
        %10 = div(%3, %9)  f32[3]
        %11 = reshape(%10) {shape: [3, 1]}  f32[3,1]
        %12 = mul(%1, %11)  f32[3,5]
        %13 = sub(%2, %5)  f32[3]
        %14 = mul(%13, %10)  f32[3]
        %15 = add(%14, %4)  f32[3]
        %16 = linear(%0, %12, %15)  f32[2,3]
        output y = %16
      "
    `);
  });

  it('where there are several, each into its own', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      const first = w.norm('bn1', w.conv(x, w.parameter('w1', [2, 2, 3, 3])));
      const second = w.norm('bn2', w.conv(first, w.parameter('w2', [2, 2, 1, 1])));
      return { y: w.g.node('add', [second, first]) };
    });
    expect(opsOf(folded(graph)).filter((op) => op === 'conv2d' || op === 'batchNorm')).toEqual([
      'conv2d',
      'conv2d',
    ]);
  });

  it('behind another one', () => {
    const graph = graphOf((w) => {
      const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
      return { y: w.norm('bn2', w.norm('bn1', conv)) };
    });
    expect(opsOf(folded(graph))).not.toContain('batchNorm');
  });

  it('and says so in the origin of the new layer', () => {
    const graph = graphOf((w) => {
      const [x, weight] = [w.input('x', [1, 2, 4, 4]), w.parameter('w', [3, 2, 3, 3])];
      w.g.origin = { path: 'conv1', file: 'model.ts', line: 3 };
      return { y: w.norm('bn1', w.conv(x, weight)) };
    });
    const conv = folded(graph).nodes.find(({ op }) => op === 'conv2d')!;
    expect(conv.origin).toEqual({ path: 'conv1', file: 'model.ts', line: 3, note: 'with bn1' });
  });
});

describe('a batch norm stays', () => {
  it.each<[string, Graph]>([
    [
      'when somebody else reads the convolution',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
        return { y: w.g.node('add', [w.norm('bn', conv), conv]) };
      }),
    ],
    [
      'when two of them read the convolution',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
        return { y: w.g.node('add', [w.norm('bn1', conv), w.norm('bn2', conv)]) };
      }),
    ],
    [
      'when the convolution is an output',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
        return { y: w.norm('bn', conv), conv };
      }),
    ],
    [
      'when its statistics are those of the batch',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [2, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
        const mean = w.g.node('batchMean', [conv]);
        const variance = w.g.node('batchVariance', [conv, mean]);
        const parts = [w.parameter('bn.weight', [2]), w.parameter('bn.bias', [2]), mean, variance];
        return { y: w.g.node('batchNorm', [conv, ...parts], { epsilon: 1e-5 }) };
      }),
    ],
    ['behind an input', graphOf((w) => ({ y: w.norm('bn', w.input('x', [1, 2, 4, 4])) }))],
    [
      'behind an activation',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
        return { y: w.norm('bn', w.g.node('relu', [conv])) };
      }),
    ],
  ])('%s', (_name, graph) => {
    expect(listing(runPass(foldBatchNorm, graph))).toBe(listing(graph));
  });

  it('when training moves one of its parameters', () => {
    const graph = graphOf((w) => {
      const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.parameter('w', [2, 2, 3, 3]));
      return { y: w.norm('bn', conv) };
    });
    const bias = graph.nodes.find((node) => node.op === 'parameter' && node.attrs.name === 'bn.bias')!;
    const training: Graph = { ...graph, updates: [{ target: bias.id, value: bias.id }] };
    expect(listing(runPass(foldBatchNorm, training))).toBe(listing(training));
  });
});
