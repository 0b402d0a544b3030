/** Batch norms and their gradient in training, in the order of memory (channelMap.ts). */
import { fma, mul, sub } from '../../../kernel/expression.ts';
import type { ScheduleRule } from '../../../lowering/target.ts';
import { elementsPerChannel } from '../../../ops/batchMean.ts';
import { inverseDeviation } from '../../../ops/batchNorm.ts';
import { gradientFactors } from '../../../ops/batchNormTrainingGradient.ts';
import { channelMapSchedule, type ChannelMap } from './shared/channelMap.ts';

const forward: ChannelMap<'batchNorm'> = {
  images: [0],
  perChannel: [1, 2, 3, 4],
  constants: 3,
  constantsOf([weight, bias, mean, variance], { attrs }) {
    return [mul(weight!, inverseDeviation(variance!, attrs.epsilon)), mean!, bias!];
  },
  value: ([x], [scale, center, shift]) => fma(sub(x!, center!), scale!, shift!),
};

const trainingGradient: ChannelMap<'batchNormTrainingGradient'> = {
  images: [0, 1],
  perChannel: [2, 3, 4, 5, 6],
  constants: 4,
  constantsOf([weight, mean, variance, dBias, dWeight], { attrs, inputs }, k) {
    const statistics = {
      ...{ weight: weight!, variance: variance! },
      ...{ dBias: dBias!, dWeight: dWeight! },
    };
    const count = elementsPerChannel(inputs[0]!.type.shape);
    const { scale, slope, shift } = gradientFactors(statistics, attrs, count, k.let);
    return [scale, slope, shift, mean!];
  },
  value: ([gradient, x], [scale, slope, shift, center]) =>
    fma(gradient!, scale!, fma(sub(x!, center!), slope!, shift!)),
};

export const batchNormSchedule: ScheduleRule<'batchNorm'> = (request) => channelMapSchedule(request, forward);

export const batchNormTrainingGradientSchedule: ScheduleRule<'batchNormTrainingGradient'> = (request) =>
  channelMapSchedule(request, trainingGradient);
