/**
 * The gradients of batchNorm with its statistics as independent operands (Ioffe & Szegedy 2015, section 3), with
 * s = 1 / sqrt(variance + epsilon):
 *
 *   batchNormInputGradient     gradient * weight * s                        as x
 *   batchNormWeightGradient    sum of gradient * (x - mean) * s             [C]
 *   batchNormMeanGradient      -(sum of gradient) * weight * s              [C]
 *   batchNormVarianceGradient  -(the weight's gradient) * weight * s^2 / 2  [C]
 *
 * The last two take as operands the sums that are the gradients of bias and weight.
 */
import { f32, type TensorType } from '../ir/types.ts';
import { add, div, fma, mul, neg, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { inverseDeviation, type EpsilonAttrs } from './batchNorm.ts';
import { axesExcept, forEachAlong } from './shared/axes.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { perOperand, perResult } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import { pointwiseOp } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';
import { elementAt, lettersBut, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    batchNormInputGradient: EpsilonAttrs;
    batchNormWeightGradient: EpsilonAttrs;
    batchNormMeanGradient: EpsilonAttrs;
    batchNormVarianceGradient: EpsilonAttrs;
  }
}

export const batchNormInputGradient: OpDefinition<'batchNormInputGradient'> = {
  name: 'batchNormInputGradient',
  operands: ['gradient', 'weight', 'variance'],
  formula: ({ epsilon }, [gradient]) =>
    `${elementAt('gradient', gradient!)} * weight[c] / sqrt(variance[c] + ${epsilon})`,
  infer([gradient, weight, variance], _attrs, reject) {
    checkChannels(gradient!, { weight, variance }, reject);
    return gradient!;
  },
  gradient: 'notDifferentiable',
  define({ attrs: { epsilon }, inputs: [gradient, weight, variance], output }, k) {
    const scaleOf = (c: Expr) =>
      k.let('scale', mul(weight!.load([c]), inverseDeviation(variance!.load([c]), epsilon)));
    forEachInChannels(k, gradient!.type.shape, scaleOf, (index, scale) =>
      output.store(index, mul(gradient!.load(index), scale)),
    );
  },
  cost: perResult(),
  samples: [
    { name: 'images', inputs: [f32(2, 3, 4, 5), f32(3), positive(f32(3))], attrs: { epsilon: 1e-5 } },
    { name: 'rank 2', inputs: [f32(4, 7), f32(7), positive(f32(7))], attrs: { epsilon: 1e-3 } },
  ],
};

export const batchNormWeightGradient: OpDefinition<'batchNormWeightGradient'> = {
  name: 'batchNormWeightGradient',
  operands: ['gradient', 'x', 'mean', 'variance'],
  formula({ epsilon }, [gradient, x]) {
    const product = `${elementAt('gradient', gradient!)} * (${elementAt('x', x!)} - mean[c])`;
    return `(${over('sum', lettersBut(x!.shape.length), product)}) / sqrt(variance[c] + ${epsilon})`;
  },
  infer([gradient, x, mean, variance], _attrs, reject): TensorType {
    const channels = checkChannels(x!, { mean, variance }, reject);
    if (gradient!.shape.join() !== x!.shape.join())
      reject('CNNC1202', 'the gradient and the input differ in shape');
    return { dtype: 'f32', shape: [channels] };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { epsilon }, inputs: [gradient, x, mean, variance], output }, k) {
    forEachAlong(k, x!.type.shape, axesExcept(x!.type.shape.length, 1), (outer, each) => {
      const channel = outer[1]!;
      const center = k.let('center', mean!.load([channel]));
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, fma(gradient!.load(index), sub(x!.load(index), center), sum)));
      output.store([channel], mul(sum, inverseDeviation(variance!.load([channel]), epsilon)));
    });
  },
  cost: perOperand(1, 2),
  samples: [
    {
      name: 'images',
      inputs: [f32(2, 3, 4, 5), f32(2, 3, 4, 5), f32(3), positive(f32(3))],
      attrs: { epsilon: 1e-5 },
    },
    {
      name: 'eight channels',
      inputs: [f32(2, 8, 3, 3), f32(2, 8, 3, 3), f32(8), positive(f32(8))],
      attrs: { epsilon: 1e-5 },
    },
    { name: 'rank 2', inputs: [f32(4, 7), f32(4, 7), f32(7), positive(f32(7))], attrs: { epsilon: 1e-3 } },
  ],
};

const perChannelSamples = [
  { name: 'five channels', inputs: [f32(5), f32(5), positive(f32(5))], attrs: { epsilon: 1e-5 } },
  { name: 'one channel', inputs: [f32(1), f32(1), positive(f32(1))], attrs: { epsilon: 1e-2 } },
];

export const batchNormMeanGradient = pointwiseOp('batchNormMeanGradient', {
  operands: ['biasGradient', 'weight', 'variance'],
  gradient: 'notDifferentiable',
  pointwise: ([sum, weight, variance], { epsilon }) =>
    neg(mul(mul(sum!, weight!), inverseDeviation(variance!, epsilon))),
  samples: perChannelSamples,
});

export const batchNormVarianceGradient = pointwiseOp('batchNormVarianceGradient', {
  operands: ['weightGradient', 'weight', 'variance'],
  gradient: 'notDifferentiable',
  pointwise: ([sum, weight, variance], { epsilon }) =>
    div(mul(mul(sum!, weight!), -0.5), add(variance!, epsilon)),
  samples: perChannelSamples,
});
