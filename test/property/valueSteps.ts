/** Layers of random networks that compute each number in place: norms, activations, sums, reductions. */
import type { ValueId } from '../../compiler/ir/types.ts';
import type { NetWriter } from './netWriter.ts';
import type { Step } from './steps.ts';

/** A power of two, as all of a network's own constants: no two spellings of it differ. */
const EPSILON = 2 ** -4;
const MOMENTUM = 2 ** -3;

/** In training by the batch's statistics, which move the running ones; now and then frozen. */
export const batchNorm: Step = (w, x, p) => {
  const channels = [w.g.shapeOf(x)[1]!];
  const [weight, bias] = [w.parameter('scale', channels), w.parameter('bias', channels)];
  const [mean, variance] = [w.buffer('mean', channels), w.buffer('variance', channels)];
  const isFrozen = p.below(3) === 2;
  const statistics = w.training && !isFrozen ? batchStatistics(w, x, mean, variance) : [mean, variance];
  return w.g.node('batchNorm', [x, weight, bias, ...statistics], { epsilon: EPSILON });
};

function batchStatistics(w: NetWriter, x: ValueId, mean: ValueId, variance: ValueId): ValueId[] {
  const own = w.g.node('batchMean', [x]);
  const spread = w.g.node('batchVariance', [x, own]);
  const moved = (running: ValueId, batch: ValueId): ValueId =>
    w.g.node('add', [
      w.g.node('mul', [running, w.number(1 - MOMENTUM)]),
      w.g.node('mul', [batch, w.number(MOMENTUM)]),
    ]);
  w.updates.push(
    { target: mean, value: moved(mean, own) },
    { target: variance, value: moved(variance, spread) },
  );
  return [own, spread];
}

/** Convolution, norm, activation: what passes look for. */
export const convNorm: Step = (w, x, p) => {
  const [, inputs] = w.g.shapeOf(x);
  const [outputs, size] = [p.of([2, 4, 3]), p.of([1, 3])];
  const weight = w.parameter('filter', [outputs, inputs!, size, size]);
  const padding = [size >> 1, size >> 1, size >> 1, size >> 1] as const;
  const attrs = { stride: p.pair([1, 2]), padding, dilation: [1, 1], groups: 1 } as const;
  const y = batchNorm(w, w.g.node('conv2d', [x, weight], attrs), p)!;
  return p.below(2) === 0 ? w.g.node('relu', [y]) : y;
};

export const otherNorm: Step = (w, x, p) => {
  const [, channels, height, width] = w.g.shapeOf(x);
  const affine = (shape: readonly number[]): ValueId[] =>
    p.below(2) === 0 ? [] : [w.parameter('scale', shape), w.parameter('bias', shape)];
  if (p.below(2) === 1)
    return w.g.node('layerNorm', [x, ...affine([height!, width!])], { normalizedRank: 2, epsilon: EPSILON });
  const groups = p.of([1, 2].filter((count) => channels! % count === 0));
  return w.g.node('groupNorm', [x, ...affine([channels!])], { groups, epsilon: EPSILON });
};

export const activation: Step = (w, x, p) => {
  const kinds = [
    () => w.g.node('relu', [x]),
    () => w.g.node('leakyRelu', [x], { slope: 0.125 }),
    () => w.g.node('clip', [x], { low: -0.25, high: 0.5 }),
    () => w.g.node('hardSwish', [x]),
    () => w.g.node('silu', [x]),
    () => w.g.node('tanh', [x]),
    () => w.g.node('gelu', [x], { approximation: 'none' }),
    () => w.g.node('prelu', [x, w.parameter('slope', [w.g.shapeOf(x)[1]!])]),
    () => w.g.node('abs', [x]),
    () => w.g.node('neg', [x]),
  ];
  return p.of(kinds)();
};

/** Combines a value with any that broadcasts to it, perhaps with itself. */
export const arithmetic: Step = (w, x, p) => {
  const shape = w.g.shapeOf(x);
  const other = w.pickWhere(p, (one) => one.every((extent, i) => extent === 1 || extent === shape[i])) ?? x;
  const op = p.of(['add', 'add', 'sub', 'maximum', 'minimum'] as const);
  return w.g.node(op, p.below(2) === 0 ? [x, other] : [other, x]);
};

/** Squeeze and excite: a gate of one number a channel. */
export const gate: Step = (w, x, p) => {
  const pooled = w.g.node('globalAveragePool', [x]);
  const [, channels] = w.g.shapeOf(x);
  const weight = w.parameter('filter', [channels!, channels!, 1, 1]);
  const attrs = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;
  const excited = p.below(2) === 0 ? pooled : w.g.node('conv2d', [pooled, weight], attrs);
  return w.g.node('mul', [x, w.g.node('sigmoid', [excited])]);
};

/** Arithmetic with a parameter or a number; some of it changes nothing. */
export const affine: Step = (w, x, p) => {
  const kinds = [
    () => w.g.node('mul', [x, w.parameter('scale', [w.g.shapeOf(x)[1]!, 1, 1])]),
    () => w.g.node('add', [x, w.parameter('bias', [w.g.shapeOf(x)[1]!, 1, 1])]),
    () => w.g.node('mul', [x, w.number(0.5)]),
    () => w.g.node('add', [w.g.node('add', [w.number(1), w.number(-1)]), x]),
    () => w.g.node('div', [x, w.number(2)]),
    () => w.g.node('add', [x, w.g.node('mul', [w.number(0.5), w.parameter('bias', [1])])]),
  ];
  return p.of(kinds)();
};

export const softmax: Step = (w, x, p) =>
  w.g.node(p.of(['softmax', 'logSoftmax'] as const), [x], { axis: p.of([1, 3, 2]) });

/** Kept extents of 1 broadcast later. */
export const reduction: Step = (w, x, p) => {
  const axes = p.of([[2, 3], [1], [3], [1, 2, 3]]);
  return w.g.node(p.of(['reduceMean', 'reduceMax', 'reduceL2', 'reduceMin'] as const), [x], {
    axes,
    keepDims: true,
  });
};
