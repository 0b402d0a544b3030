/** Numbers per channel that move after averages and flattens, and those that must not. */
import { describe, expect, it } from 'vitest';
import type { Attrs, Graph, OpName, ValueId } from '../../compiler/ir/types.ts';
import { expandBatchNorm } from '../../compiler/passes/expandBatchNorm.ts';
import { foldScaleAhead } from '../../compiler/passes/foldScaleAhead.ts';
import { sinkScale } from '../../compiler/passes/sinkScale.ts';
import { runPasses } from '../../compiler/passes/run.ts';
import { expectSameNumbers, graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

const opsOf = (graph: Graph): OpName[] => graph.nodes.map(({ op }) => op);

const pool = (attrs: Partial<Attrs['averagePool']> = {}): Attrs['averagePool'] => ({
  kernel: [2, 2],
  stride: [2, 2],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  ceilMode: false,
  countIncludePad: false,
  ...attrs,
});

const scaled = (w: GraphWriter): ValueId =>
  w.g.node('mul', [w.input('x', [2, 3, 4, 4]), w.parameter('scale', [3, 1, 1])]);
const shifted = (w: GraphWriter): ValueId => w.g.node('add', [scaled(w), w.parameter('shift', [3, 1, 1])]);

describe('numbers per channel sink', () => {
  it('after a global average, where there is one element a channel', () => {
    const graph = graphOf((w) => ({ y: w.g.node('globalAveragePool', [shifted(w)]) }));
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,4,4]
        %1 = parameter scale  f32[3,1,1]
        %2 = mul(%0, %1)  f32[2,3,4,4]
        %3 = parameter shift  f32[3,1,1]
        %4 = add(%2, %3)  f32[2,3,4,4]
        %5 = globalAveragePool(%4)  f32[2,3,1,1]
        output y = %5
      "
    `);
    expect(listing(runPass(sinkScale, graph))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,4,4]
        %1 = parameter scale  f32[3,1,1]
        %2 = parameter shift  f32[3,1,1]
        %3 = globalAveragePool(%0)  f32[2,3,1,1]
        %4 = mul(%3, %1)  f32[2,3,1,1]
        %5 = add(%4, %2)  f32[2,3,1,1]
        output y = %5
      "
    `);
  });

  it.each<[string, (w: GraphWriter, x: ValueId) => ValueId]>([
    ['an average', (w, x) => w.g.node('averagePool', [x], pool())],
    [
      'an average that does not count its padding',
      (w, x) => w.g.node('averagePool', [x], pool({ padding: [1, 1, 0, 0] })),
    ],
    [
      'an average in ceil mode',
      (w, x) => w.g.node('averagePool', [x], pool({ kernel: [3, 3], ceilMode: true })),
    ],
    ['an adaptive average', (w, x) => w.g.node('adaptiveAveragePool', [x], { outputSize: [3, 2] })],
    [
      'one average after the other',
      (w, x) => w.g.node('globalAveragePool', [w.g.node('averagePool', [x], pool())]),
    ],
  ])('after %s', (_name, average) => {
    const after = runPass(
      sinkScale,
      graphOf((w) => ({ y: average(w, shifted(w)) })),
    );
    expect(opsOf(after).slice(-2)).toEqual(['mul', 'add']);
  });

  it('as a factor only, after an average that counts zeros', () => {
    const counting = pool({ padding: [1, 1, 1, 1], countIncludePad: true });
    const graph = graphOf((w) => ({ y: w.g.node('averagePool', [scaled(w)], counting) }));
    expect(opsOf(runPass(sinkScale, graph)).slice(-2)).toEqual(['averagePool', 'mul']);
  });

  it('after a flatten, as one number a feature, and on into the linear layer', () => {
    const graph = graphOf((w) => {
      const flat = w.g.node('flatten', [w.norm('bn', w.input('x', [2, 3, 2, 2]))], { axis: 1 });
      return { y: w.g.node('linear', [flat, w.parameter('w', [5, 12]), w.parameter('b', [5])]) };
    });
    const after = runPasses(graph, [expandBatchNorm, sinkScale, foldScaleAhead]);
    expectSameNumbers(after, graph);
    expect(listing(after)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[2,3,2,2]
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
        %12 = reshape(%10) {shape: [3, 1, 1]}  f32[3,1,1]
        %13 = flatten(%0) {axis: 1}  f32[2,12]
        %14 = expand(%11) {shape: [3, 2, 2]}  f32[3,2,2]
        %15 = reshape(%14) {shape: [12]}  f32[12]
        %16 = expand(%12) {shape: [3, 2, 2]}  f32[3,2,2]
        %17 = reshape(%16) {shape: [12]}  f32[12]
        %18 = parameter w  f32[5,12]
        %19 = parameter b  f32[5]
        %20 = mul(%18, %17)  f32[5,12]
        %21 = reduceSum(%20) {axes: [1], keepDims: false}  f32[5]
        %22 = add(%19, %21)  f32[5]
        %23 = mul(%18, %15)  f32[5,12]
        %24 = linear(%13, %23, %22)  f32[2,5]
        output y = %24
      "
    `);
  });

  it('from a norm through pooling and reshape into the classifier', () => {
    const graph = graphOf((w) => {
      const pooled = w.g.node('globalAveragePool', [w.norm('bn', w.input('x', [2, 3, 4, 4]))]);
      const row = w.g.node('reshape', [pooled], { shape: [2, 3] });
      return { y: w.g.node('linear', [row, w.parameter('w', [5, 3])]) };
    });
    const after = runPasses(graph, [expandBatchNorm, sinkScale, foldScaleAhead]);
    expectSameNumbers(after, graph);
    expect(after.nodes.filter(({ type }) => type.shape.length === 4).map(({ op }) => op)).toEqual([
      'input',
      'globalAveragePool',
    ]);
  });
});

describe('they stay', () => {
  it.each<[string, Graph]>([
    [
      'as summands before an average that counts zeros',
      graphOf((w) => {
        const counting = pool({ padding: [1, 0, 0, 0], countIncludePad: true });
        return { y: w.g.node('averagePool', [shifted(w)], counting) };
      }),
    ],
    [
      'before an average that makes no fewer elements',
      graphOf((w) => {
        const same = pool({ kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1] });
        return { y: w.g.node('averagePool', [shifted(w)], same) };
      }),
    ],
    [
      'before a maximum, which a negative factor turns round',
      graphOf((w) => ({ y: w.g.node('globalMaxPool', [scaled(w)]) })),
    ],
    [
      'when the sum has another reader',
      graphOf((w) => {
        const sum = shifted(w);
        return { y: w.g.node('globalAveragePool', [sum]), z: w.g.node('relu', [sum]) };
      }),
    ],
    [
      'when the sum is an output',
      graphOf((w) => {
        const sum = shifted(w);
        return { y: w.g.node('globalAveragePool', [sum]), sum };
      }),
    ],
    [
      'when they vary along another axis',
      graphOf((w) => {
        const x = w.g.node('mul', [w.input('x', [2, 3, 4, 4]), w.parameter('s', [4, 1])]);
        return { y: w.g.node('globalAveragePool', [x]) };
      }),
    ],
    [
      'before a flatten that no linear layer reads',
      graphOf((w) => ({ y: w.g.node('tanh', [w.g.node('flatten', [shifted(w)], { axis: 1 })]) })),
    ],
    [
      'before a flatten that a linear layer is not alone to read',
      graphOf((w) => {
        const flat = w.g.node('flatten', [shifted(w)], { axis: 1 });
        return { y: w.g.node('linear', [flat, w.parameter('w', [5, 48])]), flat };
      }),
    ],
    [
      'before a reshape that mixes images',
      graphOf((w) => {
        const rows = w.g.node('reshape', [shifted(w)], { shape: [4, 24] });
        return { y: w.g.node('linear', [rows, w.parameter('w', [5, 24])]) };
      }),
    ],
  ])('%s', (_name, graph) => {
    expect(listing(runPass(sinkScale, graph))).toBe(listing(graph));
  });
});
