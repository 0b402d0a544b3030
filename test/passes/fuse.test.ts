/** Pointwise tails that join the node before them, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../compiler/ir/types.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import { fuse } from '../../compiler/passes/fuse.ts';
import { graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

const fused = (graph: Graph): string => listing(runPass(fuse, graph));

const convOf = (w: GraphWriter, x: number, name = 'w'): number => {
  const channels = w.g.shapeOf(x)[1]!;
  return w.conv(x, w.parameter(name, [channels, channels, 3, 3]));
};

describe('a tail joins', () => {
  it('a convolution: bias, residual sum and activation are one kernel', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      const conv = w.conv(x, w.parameter('w', [2, 2, 3, 3]), w.parameter('b', [2]));
      return { y: w.g.node('relu', [w.g.node('add', [conv, x])]) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[2,2,3,3]
        %2 = parameter b  f32[2]
        %3 = conv2d(%0, %1, %2) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
        %4 = add(%3, %0)  f32[1,2,4,4]
        %5 = relu(%4)  f32[1,2,4,4]
        output y = %5
      "
    `);
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[2,2,3,3]
        %2 = parameter b  f32[2]
        %3 = fusion(x: %0, weight: %1, bias: %2)  f32[1,2,4,4]
            %3.1 = conv2d(x, weight, bias) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
            %3.2 = add(%3.1, x)  f32[1,2,4,4]
            %3.3 = relu(%3.2)  f32[1,2,4,4]
        output y = %3
      "
    `);
  });

  it('the costlier of two operands; the other one is ready by then', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      const projection = w.conv(x, w.parameter('projection', [2, 2, 1, 1]));
      return { y: w.g.node('relu', [w.g.node('add', [convOf(w, x), projection])]) };
    });
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter projection  f32[2,2,1,1]
        %2 = conv2d(%0, %1) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
        %3 = parameter w  f32[2,2,3,3]
        %4 = fusion(x: %0, weight: %3, residual: %2)  f32[1,2,4,4]
            %4.1 = conv2d(x, weight) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
            %4.2 = add(%4.1, residual)  f32[1,2,4,4]
            %4.3 = relu(%4.2)  f32[1,2,4,4]
        output y = %4
      "
    `);
  });

  it('other pointwise nodes, from all sides', () => {
    const graph = graphOf((w) => {
      const [x, z] = [w.input('x', [2, 3]), w.input('z', [2, 3])];
      return { y: w.g.node('mul', [w.g.node('sigmoid', [x]), w.g.node('tanh', [w.g.node('neg', [z])])]) };
    });
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3]
        %1 = input z  f32[2,3]
        %2 = fusion(x: %0, x2: %1)  f32[2,3]
            %2.1 = sigmoid(x)  f32[2,3]
            %2.2 = neg(x2)  f32[2,3]
            %2.3 = tanh(%2.2)  f32[2,3]
            %2.4 = mul(%2.1, %2.3)  f32[2,3]
        output y = %2
      "
    `);
  });

  it('with operands that broadcast to its shape', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [2, 3, 4, 4]);
      const scaled = w.g.node('mul', [convOf(w, x), w.parameter('scale', [3, 1, 1])]);
      return { y: w.g.node('add', [scaled, w.g.node('constant', [], constantAttrs([], [0.5]))]) };
    });
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,4,4]
        %1 = parameter w  f32[3,3,3,3]
        %2 = parameter scale  f32[3,1,1]
        %3 = constant [0.5]  f32[]
        %4 = fusion(x: %0, weight: %1, b: %2, residual: %3)  f32[2,3,4,4]
            %4.1 = conv2d(x, weight) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[2,3,4,4]
            %4.2 = mul(%4.1, b)  f32[2,3,4,4]
            %4.3 = add(%4.2, residual)  f32[2,3,4,4]
        output y = %4
      "
    `);
  });

  it('up to where another reader stands', () => {
    const graph = graphOf((w) => {
      const inner = w.g.node('relu', [convOf(w, w.input('x', [1, 2, 4, 4]))]);
      return { y: w.g.node('add', [w.g.node('neg', [inner]), inner]) };
    });
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[2,2,3,3]
        %2 = fusion(x: %0, weight: %1)  f32[1,2,4,4]
            %2.1 = conv2d(x, weight) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
            %2.2 = relu(%2.1)  f32[1,2,4,4]
        %3 = fusion(x: %2)  f32[1,2,4,4]
            %3.1 = neg(x)  f32[1,2,4,4]
            %3.2 = add(%3.1, x)  f32[1,2,4,4]
        output y = %3
      "
    `);
  });

  it('with an operand that the root reads as well', () => {
    const graph = graphOf((w) => {
      const x = w.input('x', [1, 2, 4, 4]);
      const conv = convOf(w, x);
      return { y: w.g.node('mul', [w.g.node('relu', [conv]), x]), z: w.g.node('neg', [x]) };
    });
    expect(fused(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter w  f32[2,2,3,3]
        %2 = fusion(x: %0, weight: %1)  f32[1,2,4,4]
            %2.1 = conv2d(x, weight) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[1,2,4,4]
            %2.2 = relu(%2.1)  f32[1,2,4,4]
            %2.3 = mul(%2.2, x)  f32[1,2,4,4]
        %3 = neg(%0)  f32[1,2,4,4]
        output y = %2
        output z = %3
      "
    `);
  });
});

describe('a tail stays apart', () => {
  const unchanged: [string, Graph][] = [
    [
      'when two nodes read what it follows',
      graphOf((w) => {
        const conv = convOf(w, w.input('x', [1, 2, 4, 4]));
        return { y: w.g.node('relu', [conv]), z: w.g.node('neg', [conv]) };
      }),
    ],
    [
      'when it reads it twice itself',
      graphOf((w) => {
        const conv = convOf(w, w.input('x', [1, 2, 4, 4]));
        return { y: w.g.node('mul', [conv, conv]) };
      }),
    ],
    [
      'when what it follows is an output',
      graphOf((w) => {
        const conv = convOf(w, w.input('x', [1, 2, 4, 4]));
        return { y: w.g.node('relu', [conv]), conv };
      }),
    ],
    [
      'when it broadcasts what it follows',
      graphOf((w) => {
        const x = w.input('x', [1, 2, 4, 4]);
        return { y: w.g.node('add', [w.g.node('globalAveragePool', [x]), x]) };
      }),
    ],
    [
      'when it follows an input or a parameter',
      graphOf((w) => ({ y: w.g.node('add', [w.input('x', [3]), w.parameter('w', [3])]) })),
    ],
    [
      'when what it follows is made of integers',
      graphOf((w) => {
        const labels = w.g.node('reshape', [w.input('labels', [2, 3], 'i32')], { shape: [6] });
        return { y: w.g.node('cast', [labels], { dtype: 'f32' }) };
      }),
    ],
    [
      'when it depends on parameters only, which is computed once',
      graphOf((w) => {
        const scale = w.g.node('neg', [
          w.g.node('sqrt', [w.g.node('relu', [w.parameter('variance', [2, 2, 3, 3])])]),
        ]);
        return { y: w.conv(w.input('x', [1, 2, 4, 4]), scale) };
      }),
    ],
  ];
  it.each(unchanged)('%s', (_name, graph) => {
    expect(fused(graph)).toBe(listing(graph));
  });
});
