/** The table of simplifications: each row on its own, and where it does not hold. */
import { describe, expect, it } from 'vitest';
import type { Attrs, DType, Graph, OpName, ValueId } from '../../compiler/ir/types.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import { removeDeadNodes } from '../../compiler/passes/removeDeadNodes.ts';
import { simplify } from '../../compiler/passes/simplify.ts';
import { graphOf, listing, runPass, type GraphWriter } from '../support/graphs.ts';

type Build = (w: GraphWriter) => ValueId;

/** Operations that are left, without inputs, parameters and unread nodes. */
function left(graph: Graph): OpName[] {
  const after = runPass(removeDeadNodes, runPass(simplify, graph));
  const leaves: readonly OpName[] = ['input', 'parameter', 'constant'];
  return after.nodes.map(({ op }) => op).filter((op) => !leaves.includes(op));
}

const leftOf = (build: Build): OpName[] => left(graphOf((w) => ({ y: build(w) })));

const number = (w: GraphWriter, value: number, shape: readonly number[] = []): ValueId =>
  w.g.node('constant', [], constantAttrs(shape, new Array(shape.reduce((a, b) => a * b, 1)).fill(value)));
const image = (w: GraphWriter): ValueId => w.input('x', [2, 3, 4, 6]);
const turn = (w: GraphWriter, x: ValueId, permutation: readonly number[]): ValueId =>
  w.g.node('transpose', [x], { permutation });
const toLast = [0, 2, 3, 1];
const toFirst = [0, 3, 1, 2];
const slice = (w: GraphWriter, x: ValueId, starts: number[], ends: number[], steps = [1, 1, 1, 1]): ValueId =>
  w.g.node('slice', [x], { starts, ends, steps });
const cast = (w: GraphWriter, x: ValueId, dtype: DType): ValueId => w.g.node('cast', [x], { dtype });
const pad = (w: GraphWriter, x: ValueId, amount: number, attrs: Partial<Attrs['pad']> = {}): ValueId => {
  const amounts = [0, 0, amount, amount];
  return w.g.node('pad', [x], { before: amounts, after: amounts, mode: 'constant', value: 0, ...attrs });
};
const pool = (kernel: [number, number], attrs: Partial<Attrs['maxPool']> = {}): Attrs['averagePool'] => ({
  kernel,
  stride: [1, 1],
  padding: [0, 0, 0, 0],
  dilation: [1, 1],
  ceilMode: false,
  countIncludePad: false,
  ...attrs,
});

describe('becomes less', () => {
  const rows: [string, Build, OpName[]][] = [
    ['x + 0', (w) => w.g.node('add', [number(w, 0), image(w)]), []],
    ['x * 1 of x\u2019s shape', (w) => w.g.node('mul', [image(w), number(w, 1, [3, 1, 1])]), []],
    [
      'x / 1, x - 0 and x ^ 1',
      (w) => {
        const quotient = w.g.node('div', [image(w), number(w, 1)]);
        return w.g.node('pow', [w.g.node('sub', [quotient, number(w, 0)]), number(w, 1)]);
      },
      [],
    ],
    ['neg(neg(x))', (w) => w.g.node('neg', [w.g.node('neg', [image(w)])]), []],
    ['abs(neg(x))', (w) => w.g.node('abs', [w.g.node('neg', [image(w)])]), ['abs']],
    ['relu(relu(x))', (w) => w.g.node('relu', [w.g.node('relu', [image(w)])]), ['relu']],
    [
      'relu of a softmax',
      (w) => w.g.node('relu', [w.g.node('softmax', [image(w)], { axis: 1 })]),
      ['softmax'],
    ],
    [
      'relu of a clip from 0',
      (w) => w.g.node('relu', [w.g.node('clip', [image(w)], { low: 0, high: 6 })]),
      ['clip'],
    ],
    [
      'relu of a pooled relu',
      (w) => {
        const pooled = w.g.node('maxPool', [w.g.node('relu', [image(w)])], pool([2, 2]));
        return w.g.node('relu', [pooled]);
      },
      ['relu', 'maxPool'],
    ],
    [
      'log(softmax(x))',
      (w) => w.g.node('log', [w.g.node('softmax', [image(w)], { axis: 1 })]),
      ['logSoftmax'],
    ],
    [
      'exp(logSoftmax(x))',
      (w) => w.g.node('exp', [w.g.node('logSoftmax', [image(w)], { axis: 1 })]),
      ['softmax'],
    ],
    ['integers there and back', (w) => cast(w, cast(w, w.input('n', [3], 'i32'), 'u32'), 'i32'), []],
    [
      'expand(expand(x))',
      (w) => {
        const once = w.g.node('expand', [w.input('x', [3, 1])], { shape: [3, 4] });
        return w.g.node('expand', [once], { shape: [2, 3, 4] });
      },
      ['expand'],
    ],
    [
      'reshape(flatten(x)) back',
      (w) => {
        const flat = w.g.node('flatten', [image(w)], { axis: 1 });
        return w.g.node('reshape', [flat], { shape: [2, 3, 4, 6] });
      },
      [],
    ],
    [
      'flatten(reshape(x))',
      (w) => {
        const other = w.g.node('reshape', [image(w)], { shape: [2, 6, 12] });
        return w.g.node('flatten', [other], { axis: 1 });
      },
      ['reshape'],
    ],
    ['transposes that cancel', (w) => turn(w, turn(w, image(w), toLast), toFirst), []],
    ['transposes that do not', (w) => turn(w, turn(w, image(w), toLast), toLast), ['transpose']],
    [
      'transposes around pointwise nodes',
      (w) => {
        const raised = w.g.node('add', [w.g.node('tanh', [turn(w, image(w), toLast)]), number(w, 1, [1, 1])]);
        return turn(w, w.g.node('sigmoid', [raised]), toFirst);
      },
      ['tanh', 'add', 'sigmoid'],
    ],
    [
      'transposes around a sum of two',
      (w) => {
        const [a, b] = [turn(w, image(w), toLast), turn(w, w.input('z', [2, 3, 4, 6]), toLast)];
        return turn(w, w.g.node('add', [a, b]), toFirst);
      },
      ['add'],
    ],
    ['pad(pad(x))', (w) => pad(w, pad(w, image(w), 1), 2), ['pad']],
    ['pad by nothing', (w) => pad(w, image(w), 0), []],
    [
      'slice(slice(x))',
      (w) => {
        const outer = slice(w, image(w), [0, 1, 1, 0], [2, 3, 4, 6], [1, 1, 1, 2]);
        return slice(w, outer, [1, 0, 0, 1], [2, 2, 3, 3], [1, 1, 2, 1]);
      },
      ['slice'],
    ],
    ['slice of everything', (w) => slice(w, image(w), [0, 0, 0, 0], [2, 3, 4, 6]), []],
    [
      'slice(concat(x, z)) of z',
      (w) => {
        const both = w.g.node('concat', [image(w), w.input('z', [2, 3, 4, 6])], { axis: 1 });
        return slice(w, both, [0, 3, 0, 0], [2, 6, 4, 6]);
      },
      [],
    ],
    [
      'slice(concat(x, z)) within z',
      (w) => {
        const both = w.g.node('concat', [image(w), w.input('z', [2, 5, 4, 6])], { axis: 1 });
        return slice(w, both, [0, 4, 1, 0], [2, 8, 4, 6], [1, 2, 1, 1]);
      },
      ['slice'],
    ],
    ['concat of one', (w) => w.g.node('concat', [image(w)], { axis: 1 }), []],
    [
      'concat of a concat',
      (w) => {
        const both = w.g.node('concat', [image(w), w.input('z', [2, 1, 4, 6])], { axis: 1 });
        return w.g.node('concat', [both, image(w)], { axis: 1 });
      },
      ['concat'],
    ],
    [
      'a sum over extents of 1',
      (w) => w.g.node('reduceSum', [w.input('x', [2, 1, 3])], { axes: [1], keepDims: false }),
      ['reshape'],
    ],
    [
      'a maximum over extents of 1 that stay',
      (w) => w.g.node('reduceMax', [w.input('x', [2, 1])], { axes: [1], keepDims: true }),
      [],
    ],
    [
      'a mean over planes',
      (w) => w.g.node('reduceMean', [image(w)], { axes: [3, 2], keepDims: true }),
      ['globalAveragePool'],
    ],
    [
      'a mean over planes, without them',
      (w) => w.g.node('reduceMean', [image(w)], { axes: [2, 3], keepDims: false }),
      ['globalAveragePool', 'reshape'],
    ],
    [
      'an average of the whole plane',
      (w) => w.g.node('averagePool', [image(w)], pool([4, 6])),
      ['globalAveragePool'],
    ],
    [
      'an adaptive average to one element',
      (w) => w.g.node('adaptiveAveragePool', [image(w)], { outputSize: [1, 1] }),
      ['globalAveragePool'],
    ],
    [
      'an adaptive average to x\u2019s size',
      (w) => w.g.node('adaptiveAveragePool', [image(w)], { outputSize: [4, 6] }),
      [],
    ],
    [
      'an adaptive average over equal bins',
      (w) => w.g.node('adaptiveAveragePool', [image(w)], { outputSize: [2, 3] }),
      ['averagePool'],
    ],
    [
      'a global average of one element',
      (w) => w.g.node('globalAveragePool', [w.input('x', [2, 3, 1, 1])]),
      [],
    ],
    [
      'pools of one element',
      (w) => w.g.node('maxPool', [w.g.node('averagePool', [image(w)], pool([1, 1]))], pool([1, 1])),
      [],
    ],
    [
      'resizes to x\u2019s size',
      (w) => {
        const nearest = w.g.node('resizeNearest', [image(w)], {
          size: [4, 6],
          coordinates: 'halfPixel',
          rounding: 'ceil',
        });
        return w.g.node('resizeBilinear', [nearest], { size: [4, 6], coordinates: 'alignCorners' });
      },
      [],
    ],
  ];
  it.each(rows)('%s', (_name, build, expected) => {
    expect(leftOf(build)).toEqual(expected);
  });

  it('what an inner slice takes, by one slice of the operand', () => {
    const graph = graphOf((w) => {
      const both = w.g.node('concat', [w.input('x', [1, 4]), w.input('z', [1, 6])], { axis: 1 });
      const attrs = { starts: [0, 3], ends: [1, 10], steps: [1, 2] };
      const odd = w.g.node('slice', [both], attrs);
      return { y: w.g.node('slice', [odd], { starts: [0, 1], ends: [1, 4], steps: [1, 2] }) };
    });
    expect(listing(graph)).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,4]
        %1 = input z  f32[1,6]
        %2 = concat(%0, %1) {axis: 1}  f32[1,10]
        %3 = slice(%2) {starts: [0, 3], ends: [1, 10], steps: [1, 2]}  f32[1,4]
        %4 = slice(%3) {starts: [0, 1], ends: [1, 4], steps: [1, 2]}  f32[1,2]
        output y = %4
      "
    `);
    expect(listing(runPass(removeDeadNodes, runPass(simplify, graph)))).toMatchInlineSnapshot(`
      "graph test
        %0 = input x  f32[1,4]
        %1 = input z  f32[1,6]
        %2 = slice(%1) {starts: [0, 1], ends: [1, 6], steps: [1, 4]}  f32[1,2]
        output y = %2
      "
    `);
  });
});

describe('stays', () => {
  const rows: [string, Build][] = [
    ['x + 0 where 0 makes it larger', (w) => w.g.node('add', [w.input('x', [3]), number(w, 0, [2, 3])])],
    ['0 - x', (w) => w.g.node('sub', [number(w, 0), image(w)])],
    [
      'x - x, which is NaN for infinity',
      (w) => {
        const x = image(w);
        return w.g.node('sub', [x, x]);
      },
    ],
    [
      'relu of a difference',
      (w) => w.g.node('relu', [w.g.node('sub', [w.g.node('relu', [image(w)]), number(w, 1)])]),
    ],
    [
      'relu of a clip from below 0',
      (w) => w.g.node('relu', [w.g.node('clip', [image(w)], { low: -1, high: 6 })]),
    ],
    [
      'integers through f32, which has too few bits',
      (w) => cast(w, cast(w, w.input('n', [3], 'i32'), 'f32'), 'i32'),
    ],
    ['f32 through integers', (w) => cast(w, cast(w, w.input('x', [3]), 'i32'), 'f32')],
    ['pads of different values', (w) => pad(w, pad(w, image(w), 1), 2, { value: 1 })],
    ['a pad around a reflection', (w) => pad(w, pad(w, image(w), 1, { mode: 'reflect' }), 2)],
    [
      'a slice of two operands',
      (w) => {
        const both = w.g.node('concat', [image(w), w.input('z', [2, 3, 4, 6])], { axis: 1 });
        return slice(w, both, [0, 2, 0, 0], [2, 4, 4, 6]);
      },
    ],
    [
      'a slice with steps that are all there is of it',
      (w) => slice(w, image(w), [0, 0, 0, 0], [2, 3, 4, 6], [1, 2, 1, 1]),
    ],
    [
      'a concat of a concat of another axis',
      (w) => {
        const both = w.g.node('concat', [image(w), image(w)], { axis: 2 });
        return w.g.node('concat', [both, both], { axis: 1 });
      },
    ],
    [
      'transposes around what is per channel',
      (w) => {
        const scaled = w.g.node('mul', [turn(w, image(w), toLast), w.parameter('s', [3])]);
        return turn(w, scaled, toFirst);
      },
    ],
    [
      'transposes around what looks at axes',
      (w) => {
        const rows = w.g.node('softmax', [turn(w, image(w), toLast)], { axis: 3 });
        return turn(w, rows, toFirst);
      },
    ],
    ['a mean over images', (w) => w.g.node('reduceMean', [image(w)], { axes: [0, 2, 3], keepDims: true })],
    [
      'a norm over extents of 1, which drops the sign',
      (w) => w.g.node('reduceL1', [w.input('x', [2, 1])], { axes: [1], keepDims: true }),
    ],
    [
      'an average of the plane and its padding',
      (w) => {
        const whole = pool([4, 6], { padding: [1, 0, 0, 0] });
        return w.g.node('averagePool', [image(w)], { ...whole, countIncludePad: true });
      },
    ],
    [
      'an adaptive average over unequal bins',
      (w) => w.g.node('adaptiveAveragePool', [image(w)], { outputSize: [3, 3] }),
    ],
    [
      'a pool of one element that leaves some out',
      (w) => w.g.node('maxPool', [image(w)], pool([1, 1], { stride: [2, 2] })),
    ],
    [
      'a resize by a scale of its own',
      (w) => {
        const attrs = { size: [4, 6] as const, scale: [1.2, 1] as const, coordinates: 'asymmetric' as const };
        return w.g.node('resizeNearest', [image(w)], { ...attrs, rounding: 'floor' });
      },
    ],
  ];
  it.each(rows)('%s', (_name, build) => {
    const graph = graphOf((w) => ({ y: build(w) }));
    expect(listing(runPass(simplify, graph))).toBe(listing(graph));
  });

  it('what stands between transposes, when it has another reader', () => {
    const graph = graphOf((w) => {
      const inner = w.g.node('tanh', [turn(w, image(w), toLast)]);
      return { y: turn(w, inner, toFirst), inner };
    });
    expect(listing(runPass(simplify, graph))).toBe(listing(graph));
  });

  it('a concat of a concat that has another reader: it may hold its operands', () => {
    const graph = graphOf((w) => {
      const both = w.g.node('concat', [image(w), w.input('z', [2, 1, 4, 6])], { axis: 1 });
      return { y: w.g.node('concat', [both, both], { axis: 1 }), z: w.g.node('relu', [both]) };
    });
    expect(listing(runPass(simplify, graph))).toBe(listing(graph));
  });
});
