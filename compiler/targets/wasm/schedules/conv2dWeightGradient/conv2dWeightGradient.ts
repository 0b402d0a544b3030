/**
 * conv2dWeightGradient: the choice between the ways to compute it. All sum over the pixels of a strip of rows, or of
 * several small images, in registers, and add the results of strips in memory. So no sum in f32 is long.
 */
import { areaOf, isDepthwise, weightGradientGeometry } from '../../../../lowering/shared/convolution.ts';
import { roundUp } from '../../../../lowering/shared/shorthands.ts';
import type { Schedule } from '../../../../lowering/target.ts';
import { blockedWeightGradientSchedule } from './blockedWeightGradient.ts';
import { depthwiseWeightGradientSchedule } from './depthwiseWeightGradient.ts';
import { fewChannelsWeightGradientSchedule } from './fewChannelsWeightGradient.ts';
import type { WeightGradientRequest } from './weightGradientPlan.ts';

export function conv2dWeightGradientSchedule(
  request: WeightGradientRequest,
): Schedule<'conv2dWeightGradient'> | undefined {
  const geometry = weightGradientGeometry(request);
  const { groups, channels, outputs, window } = geometry;
  const [height, width] = window.kernel;
  if (isDepthwise(geometry)) return depthwiseWeightGradientSchedule(request);
  if (channels * outputs < 4) return undefined;
  if (groups > 1 || window.dilation[1] !== 1) return blockedWeightGradientSchedule(request);
  // A tile of one vector takes as long as one of two: it has too few sums to hide the latency of multiply-adds.
  const blocked = areaOf(window) * roundUp(channels, 8) * roundUp(outputs, 4);
  const few = height * roundUp(width * channels, 4) * roundUp(outputs, 8);
  return few < 0.9 * blocked && channels <= 32
    ? fewChannelsWeightGradientSchedule(request)
    : blockedWeightGradientSchedule(request);
}
