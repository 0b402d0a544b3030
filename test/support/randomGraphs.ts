/**
 * Random networks of a dozen layers on f32[1,4,5,5]: every step keeps that shape, so that any value may be the
 * operand of any other. Values stay small: convolutions do not grow them and products are with numbers below 1.
 */
import fc from 'fast-check';
import type { Graph, ValueId } from '../../compiler/ir/types.ts';
import { constantAttrs } from '../../compiler/ops/leaves.ts';
import { graphOf, type GraphWriter } from './graphs.ts';

const CHANNELS = 4;
const SIZE = 5;
const SHAPE = [1, CHANNELS, SIZE, SIZE];

/** Makes a value from two that are there; `name` is new. */
type Step = (w: GraphWriter, a: ValueId, b: ValueId, name: string) => ValueId;

const convolution =
  (kernel: number, groups: number, bias: boolean): Step =>
  (w, a, _b, name) => {
    const weight = w.parameter(`${name}.weight`, [CHANNELS, CHANNELS / groups, kernel, kernel]);
    return w.conv(a, weight, bias ? w.parameter(`${name}.bias`, [CHANNELS]) : undefined, { groups });
  };

const number = (w: GraphWriter, value: number): ValueId =>
  w.g.node('constant', [], constantAttrs([], [value]));

const window = {
  kernel: [3, 3],
  stride: [1, 1],
  padding: [1, 1, 1, 1],
  dilation: [1, 1],
  ceilMode: false,
} as const;

const unpadded = { ...window, padding: [0, 0, 0, 0] } as const;

/** A frame of zeros, one element wide. */
const zeros = (w: GraphWriter, x: ValueId): ValueId =>
  w.g.node('pad', [x], { before: [0, 0, 1, 1], after: [0, 0, 1, 1], mode: 'constant', value: 0 });

const STEPS: Readonly<Record<string, Step>> = {
  relu: (w, a) => w.g.node('relu', [a]),
  neg: (w, a) => w.g.node('neg', [a]),
  tanh: (w, a) => w.g.node('tanh', [a]),
  add: (w, a, b) => w.g.node('add', [a, b]),
  sub: (w, a, b) => w.g.node('sub', [a, b]),
  gate: (w, a, b) => w.g.node('mul', [a, w.g.node('sigmoid', [b])]),
  conv3x3: convolution(3, 1, true),
  conv1x1: convolution(1, 1, false),
  depthwise: convolution(3, CHANNELS, true),
  convNorm: (w, a, b, name) => w.norm(`${name}.bn`, convolution(3, 1, false)(w, a, b, name)),
  norm: (w, a, _b, name) => w.norm(name, a),
  normConv: (w, a, b, name) => convolution(1, 2, true)(w, w.norm(`${name}.bn`, a), b, name),
  normConv3x3: (w, a, b, name) => convolution(3, 1, false)(w, w.norm(`${name}.bn`, a), b, name),
  padConv: (w, a, _b, name) =>
    w.conv(zeros(w, a), w.parameter(`${name}.weight`, [CHANNELS, CHANNELS, 3, 3]), undefined, {
      padding: [0, 0, 0, 0],
    }),
  padPool: (w, a) => w.g.node('maxPool', [zeros(w, w.g.node('relu', [a]))], unpadded),
  padAverage: (w, a, _b, name) =>
    w.g.node('averagePool', [zeros(w, w.norm(name, a))], { ...unpadded, countIncludePad: false }),
  deconvolution: (w, a, _b, name) =>
    w.g.node('convTranspose2d', [a, w.parameter(`${name}.weight`, [CHANNELS, CHANNELS / 2, 3, 3])], {
      stride: [1, 1],
      padding: [1, 1, 1, 1],
      dilation: [1, 1],
      groups: 2,
      outputPadding: [0, 0],
    }),
  divide: (w, a) => w.g.node('div', [a, number(w, 4)]),
  shift: (w, a, _b, name) => w.g.node('sub', [a, w.parameter(name, [1, CHANNELS, 1, 1])]),
  scale: (w, a, _b, name) => w.g.node('mul', [a, w.parameter(name, [CHANNELS, 1, 1])]),
  addOne: (w, a) => w.g.node('add', [a, number(w, 1)]),
  addNothing: (w, a) => w.g.node('add', [w.g.node('add', [number(w, 1), number(w, -1)]), a]),
  turnTwice: (w, a) => STEPS['mirror']!(w, STEPS['mirror']!(w, a, a, ''), a, ''),
  maxPool: (w, a) => w.g.node('maxPool', [a], window),
  squeeze: (w, a, b) => w.g.node('mul', [w.g.node('sigmoid', [w.g.node('globalAveragePool', [a])]), b]),
  squeezeNorm: (w, a, b, name) => STEPS['squeeze']!(w, w.norm(name, a), b, ''),
  head: (w, a, _b, name) => {
    const flat = w.g.node('flatten', [w.norm(`${name}.bn`, a)], { axis: 1 });
    const features = CHANNELS * SIZE * SIZE;
    const linear = w.g.node('linear', [flat, w.parameter(`${name}.weight`, [features, features])]);
    return w.g.node('reshape', [w.g.node('tanh', [linear])], { shape: SHAPE });
  },
  half: (w, a, b) => {
    const ends = [1, 2 * CHANNELS, SIZE, SIZE];
    const both = w.g.node('concat', [w.g.node('concat', [a, b], { axis: 1 }), b], { axis: 1 });
    return w.g.node('slice', [both], { starts: [0, CHANNELS, 0, 0], ends, steps: [1, 1, 1, 1] });
  },
  turnAround: (w, a) => {
    const turned = STEPS['mirror']!(w, a, a, '');
    return STEPS['mirror']!(w, w.g.node('sigmoid', [w.g.node('neg', [turned])]), a, '');
  },
  halves: (w, a, b) => {
    const both = w.g.node('concat', [a, b], { axis: 1 });
    const ends = [1, CHANNELS + 2, SIZE, SIZE];
    return w.g.node('slice', [both], { starts: [0, 2, 0, 0], ends, steps: [1, 1, 1, 1] });
  },
  mirror: (w, a) => w.g.node('transpose', [a], { permutation: [0, 1, 3, 2] }),
  vector: (w, a) => {
    const flat = w.g.node('softmax', [w.g.node('flatten', [a], { axis: 1 })], { axis: 1 });
    return w.g.node('reshape', [flat], { shape: SHAPE });
  },
};

interface Draw {
  readonly step: string;
  readonly a: number;
  readonly b: number;
}

const draws: fc.Arbitrary<Draw> = fc.record({
  step: fc.constantFrom(...Object.keys(STEPS)),
  // From the newest back: mostly chains, now and then a residual.
  a: fc.constantFrom(0, 0, 0, 1, 2),
  b: fc.nat({ max: 5 }),
});

/** Outputs: the last value and up to two others, which may be inputs or have two names. */
export const randomGraphs: fc.Arbitrary<Graph> = fc
  .tuple(
    fc.array(draws, { minLength: 1, maxLength: 12, size: 'max' }),
    fc.array(fc.nat({ max: 9 }), { maxLength: 2 }),
  )
  .map(([steps, others]) =>
    graphOf((w) => {
      const values = [w.input('x', SHAPE), w.input('z', SHAPE)];
      const newest = (back: number): ValueId => values.at(-1 - Math.min(back, values.length - 1))!;
      steps.forEach(({ step, a, b }, i) => values.push(STEPS[step]!(w, newest(a), newest(b), `${step}${i}`)));
      return Object.fromEntries([0, ...others].map((back, i) => [`y${i}`, newest(back)]));
    }),
  );
