/**
 * conv2dWeightGradient: the choice between the ways to compute it. All sum over the pixels of a strip of rows, or of
 * several small images, in registers, and add the results of strips in memory. So no sum in f32 is long.
 */
import { isDepthwise } from '../../../../lowering/shared/convolution.ts';
import type { Schedule, ScheduleRule } from '../../../../lowering/target.ts';
import { blockedWeightGradientSchedule } from './blockedWeightGradient.ts';
import { blockedWork, fewChannelsWork, winogradCost, workCost } from './cost.ts';
import { depthwiseWeightGradientSchedule } from './depthwiseWeightGradient.ts';
import { fewChannelsWeightGradientSchedule } from './fewChannelsWeightGradient.ts';
import { placedWeightGradient, type WeightGradientRequest } from './weightGradientPlan.ts';
import { planWinogradGradient } from './winograd/plan.ts';
import { winogradWeightGradientSchedule } from './winograd/schedule.ts';

type Op = 'conv2dWeightGradient';

/** Winograd's algorithm where it is allowed and faster, otherwise one of the others. */
export const conv2dWeightGradientRule =
  (withWinograd: boolean): ScheduleRule<Op> =>
  (request) =>
    (withWinograd ? fasterWinograd(request) : undefined) ?? conv2dWeightGradientSchedule(request);

function conv2dWeightGradientSchedule(request: WeightGradientRequest): Schedule<Op> | undefined {
  const geometry = placedWeightGradient(request);
  const { channels, outputs } = geometry;
  if (isDepthwise(geometry)) return depthwiseWeightGradientSchedule(request);
  if (channels * outputs < 4) return undefined;
  return hasFewChannels(request)
    ? fewChannelsWeightGradientSchedule(request)
    : blockedWeightGradientSchedule(request);
}

function hasFewChannels(request: WeightGradientRequest): boolean {
  const geometry = placedWeightGradient(request);
  const { groups, channels, window } = geometry;
  if (groups > 1 || window.dilation[1] !== 1 || channels > 32) return false;
  // A tile of one vector takes as long as one of two: it has too few sums to hide the latency of multiply-adds.
  return fewChannelsWork(geometry) < 0.9 * blockedWork(geometry);
}

function fasterWinograd(request: WeightGradientRequest): Schedule<Op> | undefined {
  const geometry = placedWeightGradient(request);
  const plan = planWinogradGradient(geometry);
  if (!plan) return undefined;
  const work = hasFewChannels(request) ? fewChannelsWork(geometry) : blockedWork(geometry);
  return winogradCost(plan) < workCost(geometry, work)
    ? winogradWeightGradientSchedule(request, plan)
    : undefined;
}
