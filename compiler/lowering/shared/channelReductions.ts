/**
 * Sums per channel over images and pixels, described by the term that is added and the result that is made from the
 * sum: statistics of a batch norm, its gradients, a bias' gradient. Targets compute such a sum in their own way.
 */
import type { OpName } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { div, mul, sub, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { batchMean } from '../../ops/batchMean.ts';
import { inverseDeviation } from '../../ops/batchNorm.ts';
import { batchNormWeightGradient } from '../../ops/batchNormGradient.ts';
import { batchVariance } from '../../ops/batchVariance.ts';
import { reduceSum } from '../../ops/reduceSum.ts';
import type { Site } from '../../ops/types.ts';
import type { Schedule, ScheduleRequest, Target } from '../target.ts';

/** A sum per channel over images and pixels. */
export interface ChannelReduction<K extends OpName> {
  /** Operands that are summed over, all of one shape, and operands with a number for each channel. */
  readonly images: readonly number[];
  readonly perChannel: readonly number[];
  /** The term for one pixel, computed from vectors of channels. */
  term(images: readonly Expr[], perChannel: readonly Expr[], k: KernelBuilder): Expr;
  /** The result for one channel. `count` is the number of terms. */
  finish(sum: Expr, count: number, channel: Expr, site: Site<K>): Expr;
  /** The index at which the result of a channel is stored. */
  index?(channel: Expr, site: Site<K>): readonly Operand[];
}

const mean: ChannelReduction<'batchMean'> = {
  images: [0],
  perChannel: [],
  term: ([x]) => x!,
  finish: (sum, count) => div(sum, count),
};

const variance: ChannelReduction<'batchVariance'> = {
  images: [0],
  perChannel: [1],
  term([x], [center], k) {
    const difference = k.let('difference', sub(x!, center!));
    return mul(difference, difference);
  },
  finish: (sum, count) => div(sum, count),
};

const weightGradient: ChannelReduction<'batchNormWeightGradient'> = {
  images: [0, 1],
  perChannel: [2],
  term: ([gradient, x], [center]) => mul(gradient!, sub(x!, center!)),
  finish: (sum, _count, channel, { attrs, inputs }) =>
    mul(sum, inverseDeviation(inputs[3]!.load([channel]), attrs.epsilon)),
};

const sum: ChannelReduction<'reduceSum'> = {
  images: [0],
  perChannel: [],
  term: ([x]) => x!,
  finish: (total) => total,
  index: (channel, { output }) => (output.type.shape.length === 4 ? [0, channel, 0, 0] : [channel]),
};

/** Undefined if the target's kernel does not fit. */
type ReductionSchedule = <K extends OpName>(
  request: ScheduleRequest<K>,
  part: ChannelReduction<K>,
) => Schedule<K> | undefined;

/** The schedules of the operators that are such sums. `schedule` is the target's way to compute them. */
export const channelReductionRules = (schedule: ReductionSchedule) =>
  ({
    [batchMean.name]: (request) => schedule(request, mean),
    [batchVariance.name]: (request) => schedule(request, variance),
    [batchNormWeightGradient.name]: (request) => schedule(request, weightGradient),
    // Only sums over all axes except the channels.
    [reduceSum.name]: (request) =>
      request.attrs.axes.toSorted((a, b) => a - b).join() === '0,2,3' ? schedule(request, sum) : undefined,
  }) satisfies Target['schedules'];
