/**
 * batchNormTrainingGradient: the whole gradient of a batch norm in training with respect to its input, through the
 * value and through both statistics (Ioffe & Szegedy 2015, section 3), in one pass over memory. M elements a channel:
 *
 *   gradient * weight / sqrt(variance + epsilon) + meanGradient / M + (x - mean) * varianceGradient * 2 / M
 *
 *   gradient, x                                            f32[N, C, ...]
 *   weight, variance, meanGradient, varianceGradient, mean f32[C]
 */
import { f32, sizeOf } from '../ir/types.ts';
import { add, div, fma, mul, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { elementsPerChannel } from './batchMean.ts';
import { inverseDeviation, type EpsilonAttrs } from './batchNorm.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { bytesOf } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    batchNormTrainingGradient: EpsilonAttrs;
  }
}

const sample = (name: string, shape: readonly number[]) => {
  const channels = f32(shape[1]!);
  const operands = [f32(...shape), channels, positive(channels), channels, channels, f32(...shape), channels];
  return { name, inputs: operands, attrs: { epsilon: 1e-5 } };
};

export const batchNormTrainingGradient: OpDefinition<'batchNormTrainingGradient'> = {
  operands: ['gradient', 'weight', 'variance', 'meanGradient', 'varianceGradient', 'x', 'mean'],
  infer([gradient, weight, variance, meanGradient, varianceGradient, x, mean], _attrs, reject) {
    checkChannels(x!, { weight, variance, meanGradient, varianceGradient, mean }, reject);
    if (gradient!.shape.join() !== x!.shape.join()) reject('the gradient and the input differ in shape');
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ attrs: { epsilon }, inputs, output }, k) {
    const [gradient, weight, variance, meanGradient, varianceGradient, x, mean] = inputs;
    const count = elementsPerChannel(output.type.shape);
    const perChannel = (c: Expr) => {
      const slope = k.let('slope', mul(varianceGradient!.load([c]), 2 / count));
      return {
        scale: k.let('scale', mul(weight!.load([c]), inverseDeviation(variance!.load([c]), epsilon))),
        slope,
        share: k.let('share', div(meanGradient!.load([c]), count)),
        center: k.let('center', mean!.load([c])),
      };
    };
    forEachInChannels(k, output.type.shape, perChannel, (index, { scale, slope, share, center }) => {
      const throughVariance = fma(sub(x!.load(index), center), slope, share);
      output.store(index, add(mul(gradient!.load(index), scale), throughVariance));
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: 2 * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [sample('images', [2, 3, 4, 5]), sample('eight channels', [2, 8, 3, 3]), sample('rank 2', [5, 7])],
};
