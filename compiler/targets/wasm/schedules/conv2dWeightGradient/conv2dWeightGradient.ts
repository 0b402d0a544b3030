/**
 * conv2dWeightGradient: which of the target's ways it takes. All sum over the pixels of a strip of rows, or of several
 * small images, in registers, and strip after strip in memory: no sum of f32 is long.
 */
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import { depthwiseWeightGradientSchedule } from './depthwiseWeightGradient.ts';
import { fewChannelsWeightGradientSchedule } from './fewChannelsWeightGradient.ts';
import { blockedWeightGradientSchedule } from './blockedWeightGradient.ts';

type Request = ScheduleRequest<'conv2dWeightGradient'>;

export function conv2dWeightGradientSchedule(request: Request): Schedule<'conv2dWeightGradient'> | undefined {
  const { groups, weightShape, dilation } = request.attrs;
  const [outputs, channels, height, width] = weightShape as [number, number, number, number];
  if (channels === 1 && outputs === groups && outputs > 1) return depthwiseWeightGradientSchedule(request);
  if ((channels * outputs) / groups < 4) return undefined;
  if (groups > 1 || dilation[1] !== 1) return blockedWeightGradientSchedule(request);
  const up = (extent: number, to: number): number => Math.ceil(extent / to) * to;
  // A tile of one vector takes as long as one of two: too few sums to hide what a multiply-add takes.
  const blocked = height * width * up(channels, 8) * up(outputs, 4);
  const few = height * up(width * channels, 4) * up(outputs, 8);
  return few < 0.9 * blocked && channels <= 32
    ? fewChannelsWeightGradientSchedule(request)
    : blockedWeightGradientSchedule(request);
}
