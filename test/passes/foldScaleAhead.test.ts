/** Numbers per channel that move into the layer after them, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Graph, OpName, ValueId } from '../../compiler/ir/types.ts';
import type { Conv2dAttrs } from '../../compiler/ops/shared/convolution.ts';
import { expandBatchNorm } from '../../compiler/passes/expandBatchNorm.ts';
import { foldScaleAhead } from '../../compiler/passes/foldScaleAhead.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { expectSameNumbers, graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

const unpadded = { padding: [0, 0, 0, 0] } as const;

/** What is done to activations, in order. */
function onActivations(graph: Graph): OpName[] {
  const fed = new Set<ValueId>();
  for (const node of graph.nodes)
    if (node.op === 'input' || node.inputs.some((input) => fed.has(input))) fed.add(node.id);
  return graph.nodes.filter(({ id, op }) => fed.has(id) && op !== 'input').map(({ op }) => op);
}

/** A batch norm of `channels`, then a convolution of 3x3. */
const normThenConv = (channels: number, outputs: number, attrs: Partial<Conv2dAttrs>, bias = false): Graph =>
  graphOf((w) => {
    const normed = w.norm('bn', w.input('x', [2, channels, 5, 6]));
    const weight = w.parameter('w', [outputs, channels / (attrs.groups ?? 1), 3, 3]);
    return { y: w.conv(normed, weight, bias ? w.parameter('b', [outputs]) : undefined, attrs) };
  });

const twoSteps = (w: GraphWriter, x: ValueId): ValueId =>
  w.g.node('sub', [w.g.node('div', [x, w.parameter('variance', [2, 1, 1])]), w.parameter('mean', [2, 1, 1])]);

describe('numbers per channel fold', () => {
  it('into the convolution after them', () => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [w.input('x', [1, 2, 4, 4]), w.parameter('scale', [2, 1, 1])]);
      const shifted = w.g.node('add', [scaled, w.parameter('shift', [2, 1, 1])]);
      return { y: w.conv(shifted, w.parameter('w', [3, 2, 3, 3]), w.parameter('b', [3]), unpadded) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter scale  f32[2,1,1]
        %2 = mul(%0, %1)  f32[1,2,4,4]
        %3 = parameter shift  f32[2,1,1]
        %4 = add(%2, %3)  f32[1,2,4,4]
        %5 = parameter w  f32[3,2,3,3]
        %6 = parameter b  f32[3]
        %7 = conv2d(%4, %5, %6) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,3,2,2]
        output y = %7
      "
    `);
    expect(listing(runPass(foldScaleAhead, graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,2,4,4]
        %1 = parameter scale  f32[2,1,1]
        %2 = parameter shift  f32[2,1,1]
        %3 = parameter w  f32[3,2,3,3]
        %4 = parameter b  f32[3]
        %5 = mul(%3, %2)  f32[3,2,3,3]
        %6 = reduceSum(%5) {axes: [1, 2, 3], keepDims: false}  f32[3]
        %7 = add(%4, %6)  f32[3]
        %8 = mul(%3, %1)  f32[3,2,3,3]
        %9 = conv2d(%0, %8, %7) {stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1}  f32[1,3,2,2]
        output y = %9
      "
    `);
  });

  it.each<[string, Graph]>([
    ['without a bias', normThenConv(2, 3, unpadded)],
    [
      'with strides and dilation',
      normThenConv(2, 3, { ...unpadded, stride: [2, 1], dilation: [1, 2] }, true),
    ],
    ['in groups', normThenConv(4, 6, { ...unpadded, groups: 2 }, true)],
    ['depthwise', normThenConv(4, 4, { ...unpadded, groups: 4 })],
    ['depthwise with a multiplier', normThenConv(2, 6, { ...unpadded, groups: 2 })],
    [
      'as one number for all',
      graphOf((w) => {
        const x = w.g.node('sub', [w.input('x', [1, 2, 4, 4]), w.parameter('mean', [1])]);
        return { y: w.conv(x, w.parameter('w', [4, 1, 3, 3]), undefined, { ...unpadded, groups: 2 }) };
      }),
    ],
    [
      'as a divisor and a subtrahend',
      graphOf((w) => ({
        y: w.conv(twoSteps(w, w.input('x', [1, 2, 4, 4])), w.parameter('w', [3, 2, 1, 1])),
      })),
    ],
  ])('%s', (_name, graph) => {
    const after = runPasses(graph, [expandBatchNorm, foldScaleAhead]);
    expectSameNumbers(after, graph);
    expect(onActivations(after)).toEqual(['conv2d']);
  });

  it('into a linear layer, along its last axis', () => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [w.input('x', [2, 3, 5]), w.parameter('s', [5])]);
      const shifted = w.g.node('sub', [scaled, w.parameter('t', [5])]);
      return { y: w.g.node('linear', [shifted, w.parameter('w', [4, 5]), w.parameter('b', [4])]) };
    });
    expect(onActivations(runPass(foldScaleAhead, graph))).toEqual(['linear']);
  });

  it('as a factor, into a padded convolution: zeros stay zeros', () => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [w.input('x', [1, 2, 4, 4]), w.parameter('s', [2, 1, 1])]);
      return { y: w.conv(scaled, w.parameter('w', [3, 2, 3, 3])) };
    });
    expect(onActivations(runPass(foldScaleAhead, graph))).toEqual(['conv2d']);
  });

  it.each([1, 2])('as a factor, into a transposed convolution of %i groups', (groups) => {
    const graph = graphOf((w) => {
      const scaled = w.g.node('mul', [w.input('x', [1, 4, 3, 3]), w.parameter('s', [4, 1, 1])]);
      return { y: transposedConv(w, scaled, groups) };
    });
    expect(onActivations(runPass(foldScaleAhead, graph))).toEqual(['convTranspose2d']);
  });

  it('and the layer says so', () => {
    const after = runPasses(normThenConv(2, 3, unpadded), [expandBatchNorm, foldScaleAhead]);
    expect(after.nodes.at(-1)!.origin.note).toBe('with bn');
  });
});

const transposedConv = (w: GraphWriter, x: ValueId, groups = 1): ValueId =>
  w.g.node('convTranspose2d', [x, w.parameter('w', [4, 3, 3, 3])], {
    stride: [2, 2],
    padding: [0, 0, 0, 0],
    dilation: [1, 1],
    groups,
    outputPadding: [0, 0],
  });

describe('they stay', () => {
  const shifted = (w: GraphWriter, extents: readonly number[] = [2, 1, 1]): ValueId =>
    w.g.node('add', [w.input('x', [1, 2, 4, 4]), w.parameter('shift', extents)]);
  const conv = (w: GraphWriter, x: ValueId, attrs: Partial<Conv2dAttrs> = unpadded): ValueId =>
    w.conv(x, w.parameter('w', [3, 2, 3, 3]), undefined, attrs);

  it.each<[string, Graph]>([
    [
      'as summands before a padded convolution',
      graphOf((w) => ({ y: conv(w, shifted(w), { padding: [0, 0, 0, 1] }) })),
    ],
    [
      'as a factor that such a summand follows',
      graphOf((w) => {
        const scaled = w.g.node('mul', [w.input('x', [1, 2, 4, 4]), w.parameter('s', [2, 1, 1])]);
        const sum = w.g.node('add', [scaled, w.parameter('t', [2, 1, 1])]);
        return { y: conv(w, sum, { padding: [1, 1, 1, 1] }) };
      }),
    ],
    [
      'as summands before a transposed convolution',
      graphOf((w) => ({
        y: transposedConv(w, w.g.node('add', [w.input('x', [1, 4, 3, 3]), w.parameter('t', [4, 1, 1])])),
      })),
    ],
    [
      'when the sum has another reader',
      graphOf((w) => {
        const sum = shifted(w);
        return { y: conv(w, sum), z: w.g.node('relu', [sum]) };
      }),
    ],
    [
      'when the sum is an output',
      graphOf((w) => {
        const sum = shifted(w);
        return { y: conv(w, sum), sum };
      }),
    ],
    ['when they vary along another axis', graphOf((w) => ({ y: conv(w, shifted(w, [4])) }))],
    [
      'when they are computed on every call',
      graphOf((w) => {
        const sum = w.g.node('add', [w.input('x', [1, 2, 4, 4]), w.input('shift', [2, 1, 1])]);
        return { y: conv(w, sum) };
      }),
    ],
    ['when an activation stands between', graphOf((w) => ({ y: conv(w, w.g.node('relu', [shifted(w)])) }))],
    [
      'before a linear layer, when they belong to another axis',
      graphOf((w) => {
        const sum = w.g.node('add', [w.input('x', [2, 5, 5]), w.parameter('t', [5, 1])]);
        return { y: w.g.node('linear', [sum, w.parameter('w', [4, 5])]) };
      }),
    ],
  ])('%s', (_name, graph) => {
    expect(listing(runPass(foldScaleAhead, graph))).toBe(listing(graph));
  });

  it.each(['w', 'shift'])('when training moves %s', (name) => {
    const graph = graphOf((w) => ({ y: conv(w, shifted(w)) }));
    const moved = graph.nodes.find((node) => node.op === 'parameter' && node.attrs.name === name)!;
    const training: Graph = { ...graph, updates: [{ target: moved.id, value: moved.id }] };
    expect(runPass(foldScaleAhead, training)).toBe(training);
  });
});
