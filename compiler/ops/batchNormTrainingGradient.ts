/**
 * batchNormTrainingGradient: the gradient of batchNorm's x in training, where mean and variance are those of x and so
 * depend on it (Ioffe & Szegedy 2015, section 3). With s = 1 / sqrt(variance + epsilon) and M numbers per channel:
 *
 *     weight * s * (gradient - (dBias + (x - mean) * s * dWeight) / M)
 *
 *   gradient, x             f32[N, C, ...]
 *   weight, mean, variance  f32[C]
 *   dBias                   f32[C], the gradient of bias: sum of gradient
 *   dWeight                 f32[C], the gradient of weight: sum of gradient * (x - mean) * s
 */
import { f32 } from '../ir/types.ts';
import { fma, mul, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { elementsPerChannel } from './batchMean.ts';
import { inverseDeviation, type EpsilonAttrs } from './batchNorm.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { perResult } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import { elementAt } from './shared/formula.ts';
import type { OpDefinition, SampleInput } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    batchNormTrainingGradient: EpsilonAttrs;
  }
}

interface Statistics {
  readonly weight: Expr;
  readonly variance: Expr;
  readonly dBias: Expr;
  readonly dWeight: Expr;
}

/** The result is `gradient * scale + ((x - mean) * slope + shift)`. Works for numbers and for vectors of channels. */
export function gradientFactors(
  { weight, variance, dBias, dWeight }: Statistics,
  { epsilon }: EpsilonAttrs,
  count: number,
  name: (hint: string, value: Expr) => Expr,
): { readonly scale: Expr; readonly slope: Expr; readonly shift: Expr } {
  const inverse = name('inverse', inverseDeviation(variance, epsilon));
  const scale = name('scale', mul(weight, inverse));
  const share = name('share', mul(scale, -1 / count));
  return {
    scale,
    slope: name('slope', mul(mul(share, inverse), dWeight)),
    shift: name('shift', mul(share, dBias)),
  };
}

export const batchNormTrainingGradient: OpDefinition<'batchNormTrainingGradient'> = {
  name: 'batchNormTrainingGradient',
  operands: ['gradient', 'x', 'weight', 'mean', 'variance', 'dBias', 'dWeight'],
  formula({ epsilon }, [gradient, x]) {
    const share = `dWeight[c] * s * (${elementAt('x', x!)} - mean[c])`;
    const sum = `${elementAt('gradient', gradient!)} - (dBias[c] + ${share}) / ${elementsPerChannel(x!.shape)}`;
    return `(${sum}) * weight[c] * s, s = 1 / sqrt(variance[c] + ${epsilon})`;
  },
  infer([gradient, x, weight, mean, variance, dBias, dWeight], _attrs, reject) {
    checkChannels(x!, { weight, mean, variance, dBias, dWeight }, reject);
    if (gradient!.shape.join() !== x!.shape.join())
      reject('CNNC1202', 'the gradient and the input differ in shape');
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs, output }, k) {
    const [gradient, x, weight, mean, variance, dBias, dWeight] = inputs;
    const { shape } = x!.type;
    const perChannel = (c: Expr) => {
      const statistics = {
        ...{ weight: weight!.load([c]), variance: variance!.load([c]) },
        ...{ dBias: dBias!.load([c]), dWeight: dWeight!.load([c]) },
      };
      const factors = gradientFactors(statistics, attrs, elementsPerChannel(shape), k.let);
      return { ...factors, center: k.let('center', mean!.load([c])) };
    };
    forEachInChannels(k, shape, perChannel, (index, { scale, slope, shift, center }) => {
      const share = fma(sub(x!.load(index), center), slope, shift);
      output.store(index, fma(gradient!.load(index), scale, share));
    });
  },
  cost: perResult(2),
  samples: [
    { name: 'images', inputs: sample([2, 3, 4, 5]), attrs: { epsilon: 1e-5 } },
    { name: 'eight channels', inputs: sample([2, 8, 3, 5]), attrs: { epsilon: 1e-5 } },
    { name: 'sixteen channels', inputs: sample([1, 16, 2, 3]), attrs: { epsilon: 1e-5 } },
    { name: 'rank 2', inputs: sample([4, 7]), attrs: { epsilon: 1e-3 } },
  ],
};

function sample(shape: number[]): SampleInput[] {
  const [images, perChannel] = [f32(...shape), f32(shape[1]!)];
  return [images, images, perChannel, perChannel, positive(perChannel), perChannel, perChannel];
}
