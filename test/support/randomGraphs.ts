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
  scale: (w, a, _b, name) => w.g.node('mul', [a, w.parameter(name, [CHANNELS, 1, 1])]),
  addOne: (w, a) => w.g.node('add', [a, number(w, 1)]),
  addNothing: (w, a) => w.g.node('add', [w.g.node('add', [number(w, 1), number(w, -1)]), a]),
  turnTwice: (w, a) => STEPS['mirror']!(w, STEPS['mirror']!(w, a, a, ''), a, ''),
  maxPool: (w, a) => w.g.node('maxPool', [a], window),
  squeeze: (w, a, b) => w.g.node('mul', [w.g.node('sigmoid', [w.g.node('globalAveragePool', [a])]), b]),
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
