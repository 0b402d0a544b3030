/** Numbers per channel that move into the layer before them, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName, ValueId } from '../../compiler/ir/types.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import { expandBatchNorm } from '../../compiler/passes/expandBatchNorm.ts';
import { foldScale } from '../../compiler/passes/foldScale.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { expectSameNumbers, graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

const opsOf = (graph: Graph): OpName[] => graph.nodes.map(({ op }) => op);

/** What reads activations is one layer, and the last node. */
function expectOneLayer(graph: Graph, op: OpName): void {
  const after = runPass(foldScale, graph);
  expect(opsOf(after).at(-1)).toBe(op);
  expect(opsOf(after).filter((name) => name === op)).toHaveLength(1);
}

const convOf = (w: GraphWriter, bias = true): ValueId =>
  w.conv(
    w.input('x', [2, 2, 4, 4]),
    w.parameter('w', [3, 2, 3, 3]),
    bias ? w.parameter('b', [3]) : undefined,
  );

const convTransposeOf = (w: GraphWriter, groups: number): ValueId =>
  w.g.node('convTranspose2d', [w.input('x', [1, 4, 3, 3]), w.parameter('w', [4, 6 / groups, 3, 3])], {
    stride: [2, 2],
    padding: [1, 1, 1, 1],
    dilation: [1, 1],
    groups,
    outputPadding: [1, 1],
  });

describe('numbers per channel fold', () => {
  it('into the convolution before them', () => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [convOf(w), w.parameter('scale', [3, 1, 1])]);
      return { y: w.g.node('relu', [w.g.node('add', [scaled, w.parameter('shift', [1, 3, 1, 1])])]) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,2,4,4]
        %1 = parameter w  f32[3,2,3,3]
        %2 = parameter b  f32[3]
        %3 = conv2d(%0, %1, %2) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[2,3,4,4]
        %4 = parameter scale  f32[3,1,1]
        %5 = mul(%3, %4)  f32[2,3,4,4]
        %6 = parameter shift  f32[1,3,1,1]
        %7 = add(%5, %6)  f32[2,3,4,4]
        %8 = relu(%7)  f32[2,3,4,4]
        output y = %8
      "
    `);
    expect(listing(runPass(foldScale, graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,2,4,4]
        %1 = parameter w  f32[3,2,3,3]
        %2 = parameter b  f32[3]
        %3 = parameter scale  f32[3,1,1]
        %4 = reshape(%3) {shape: [3, 1, 1, 1]}  f32[3,1,1,1]
        %5 = mul(%1, %4)  f32[3,2,3,3]
        %6 = reshape(%3) {shape: [3]}  f32[3]
        %7 = mul(%2, %6)  f32[3]
        %8 = parameter shift  f32[1,3,1,1]
        %9 = reshape(%8) {shape: [3]}  f32[3]
        %10 = add(%7, %9)  f32[3]
        %11 = conv2d(%0, %5, %10) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[2,3,4,4]
        %12 = relu(%11)  f32[2,3,4,4]
        output y = %12
      "
    `);
  });

  it.each<[string, (w: GraphWriter, x: ValueId) => ValueId]>([
    ['a factor', (w, x) => w.g.node('mul', [x, w.parameter('s', [3, 1, 1])])],
    ['a factor on the left', (w, x) => w.g.node('mul', [w.parameter('s', [3, 1, 1]), x])],
    ['a divisor', (w, x) => w.g.node('div', [x, w.parameter('variance', [1, 3, 1, 1])])],
    ['a summand', (w, x) => w.g.node('add', [x, w.parameter('s', [3, 1, 1])])],
    ['a subtrahend', (w, x) => w.g.node('sub', [x, w.parameter('s', [3, 1, 1])])],
    [
      'one number for all',
      (w, x) => w.g.node('mul', [x, w.g.node('constant', [], constantAttrs([], [0.5]))]),
    ],
    ['one summand for all', (w, x) => w.g.node('sub', [x, w.parameter('s', [1])])],
    [
      'arithmetic on parameters',
      (w, x) => w.g.node('mul', [x, w.g.node('sigmoid', [w.parameter('s', [3, 1, 1])])]),
    ],
  ])('%s, with and without a bias', (_name, step) => {
    for (const bias of [true, false])
      expectOneLayer(
        graphOf((w) => ({ y: step(w, convOf(w, bias)) })),
        'conv2d',
      );
  });

  it.each([1, 2])('into a transposed convolution of %i groups', (groups) => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [convTransposeOf(w, groups), w.parameter('scale', [6, 1, 1])]);
      return { y: w.g.node('add', [scaled, w.parameter('shift', [6, 1, 1])]) };
    });
    expectOneLayer(graph, 'convTranspose2d');
  });

  it('into grouped and depthwise convolutions', () => {
    for (const groups of [2, 4]) {
      const graph = graphOf((w) => {
        const x = w.input('x', [1, 4, 5, 5]);
        const conv = w.conv(x, w.parameter('w', [8, 4 / groups, 3, 3]), undefined, { groups });
        return { y: w.g.node('div', [conv, w.parameter('variance', [8, 1, 1])]) };
      });
      expectOneLayer(graph, 'conv2d');
    }
  });

  it('into a linear layer of any rank, along its last axis', () => {
    for (const rows of [[], [2], [2, 3]]) {
      const graph = graphOf((w) => {
        const linear = w.g.node('linear', [w.input('x', [...rows, 5]), w.parameter('w', [3, 5])]);
        return {
          y: w.g.node('add', [w.g.node('mul', [linear, w.parameter('s', [3])]), w.parameter('t', [3])]),
        };
      });
      expectOneLayer(graph, 'linear');
    }
  });

  it('where they stand for a batch norm: the arithmetic is done once', () => {
    const graph = graphOf((w) => ({ y: w.norm('bn', convOf(w, false)) }));
    const after = runPasses(graph, [expandBatchNorm, foldScale]);
    expectSameNumbers(after, graph);
    expect(listing(after)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,2,4,4]
        %1 = parameter w  f32[3,2,3,3]
        %2 = parameter bn.weight  f32[3]
        %3 = parameter bn.bias  f32[3]
        %4 = parameter bn.mean  f32[3]
        %5 = parameter bn.variance  f32[3]
        %6 = constant [0.00001]  f32[]
        %7 = add(%5, %6)  f32[3]
        %8 = sqrt(%7)  f32[3]
        %9 = div(%2, %8)  f32[3]
        %10 = mul(%4, %9)  f32[3]
        %11 = sub(%3, %10)  f32[3]
        %12 = reshape(%9) {shape: [3, 1, 1, 1]}  f32[3,1,1,1]
        %13 = mul(%1, %12)  f32[3,2,3,3]
        %14 = conv2d(%0, %13, %11) {stride: [1, 1], padding: [1, 1, 1, 1], dilation: [1, 1], groups: 1}  f32[2,3,4,4]
        output y = %14
      "
    `);
  });

  it('and the layer says so, once for each', () => {
    const graph = graphOf((w) => {
      const [x, weight] = [w.input('x', [1, 2, 4, 4]), w.parameter('w', [3, 2, 3, 3])];
      w.g.origin = { path: 'conv1', file: 'model.ts', line: 3 };
      const scaled = w.norm('bn1', w.conv(x, weight));
      w.g.origin = { path: 'gain' };
      return { y: w.g.node('mul', [scaled, w.parameter('gain', [1])]) };
    });
    const after = runPasses(graph, [expandBatchNorm, foldScale]);
    expect(after.nodes.at(-1)!.origin).toEqual({
      path: 'conv1',
      file: 'model.ts',
      line: 3,
      note: 'with bn1 and gain',
    });
  });

  it('in training, where they stay and the weight moves', () => {
    const graph = graphOf((w) => ({ y: w.g.node('mul', [convOf(w), w.parameter('s', [3, 1, 1])]) }));
    const training: Graph = { ...graph, updates: [{ target: 1, value: 1 }] };
    expectOneLayer(training, 'conv2d');
  });
});

describe('they stay', () => {
  it.each<[string, Graph]>([
    [
      'when the layer has another reader',
      graphOf((w) => {
        const conv = convOf(w);
        return { y: w.g.node('add', [w.g.node('mul', [conv, w.parameter('s', [3, 1, 1])]), conv]) };
      }),
    ],
    [
      'when the layer is an output',
      graphOf((w) => {
        const conv = convOf(w);
        return { conv, y: w.g.node('mul', [conv, w.parameter('s', [3, 1, 1])]) };
      }),
    ],
    [
      'when they vary along another axis',
      graphOf((w) => {
        const x = w.input('x', [1, 2, 3, 3]);
        return { y: w.g.node('mul', [w.conv(x, w.parameter('w', [3, 2, 3, 3])), w.parameter('s', [3])]) };
      }),
    ],
    [
      'when they vary with the image',
      graphOf((w) => ({ y: w.g.node('mul', [convOf(w), w.parameter('s', [2, 3, 1, 1])]) })),
    ],
    [
      'when there is one for each element',
      graphOf((w) => ({ y: w.g.node('add', [convOf(w), w.parameter('s', [3, 4, 4])]) })),
    ],
    [
      'when they make the result larger',
      graphOf((w) => {
        const linear = w.g.node('linear', [w.input('x', [1, 5]), w.parameter('w', [3, 5])]);
        return { y: w.g.node('mul', [linear, w.parameter('s', [4, 1])]) };
      }),
    ],
    [
      'when they are computed on every call',
      graphOf((w) => ({ y: w.g.node('mul', [convOf(w), w.input('s', [3, 1, 1])]) })),
    ],
    [
      'when the weight is computed on every call',
      graphOf((w) => {
        const conv = w.conv(w.input('x', [1, 2, 4, 4]), w.g.node('relu', [w.input('w', [3, 2, 3, 3])]));
        return { y: w.g.node('mul', [conv, w.parameter('s', [3, 1, 1])]) };
      }),
    ],
    [
      'when the layer is what is subtracted, or divides',
      graphOf((w) => ({
        y: w.g.node('div', [
          w.parameter('t', [3, 1, 1]),
          w.g.node('sub', [w.parameter('s', [3, 1, 1]), convOf(w)]),
        ]),
      })),
    ],
    [
      'after an activation',
      graphOf((w) => ({
        y: w.g.node('mul', [w.g.node('relu', [convOf(w)]), w.parameter('s', [3, 1, 1])]),
      })),
    ],
    [
      'after a linear layer, when they belong to another axis than its outputs',
      graphOf((w) => {
        const linear = w.g.node('linear', [w.input('x', [2, 3, 5]), w.parameter('w', [3, 5])]);
        return { y: w.g.node('mul', [linear, w.parameter('s', [3, 1])]) };
      }),
    ],
  ])('%s', (_name, graph) => {
    expect(listing(runPass(foldScale, graph))).toBe(listing(graph));
  });

  it('when training moves them', () => {
    const graph = graphOf((w) => ({ y: w.g.node('mul', [convOf(w), w.parameter('s', [3, 1, 1])]) }));
    const moved = graph.nodes.find((node) => node.op === 'parameter' && node.attrs.name === 's')!;
    const training: Graph = { ...graph, updates: [{ target: moved.id, value: moved.id }] };
    expect(runPass(foldScale, training)).toBe(training);
  });

  it('after a linear layer of rank 3, as a batch norm of its second axis', () => {
    const graph = graphOf((w) => {
      const linear = w.g.node('linear', [w.input('x', [2, 3, 5]), w.parameter('w', [3, 5])]);
      return { y: w.norm('bn', linear) };
    });
    const after = runPasses(graph, [expandBatchNorm, foldScale]);
    expectSameNumbers(after, graph);
    expect(opsOf(after).slice(-3)).toContain('mul');
  });
});
