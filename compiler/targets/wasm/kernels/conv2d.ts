/** conv2d: which of the target's ways a convolution takes. */
import type { Schedule, ScheduleRequest, ScheduleRule } from '../../../lowering/target.ts';
import { directSchedule } from './direct.ts';

/** All ways that there are; each answers with undefined where it does not fit. */
export const conv2dCandidates: readonly ScheduleRule<'conv2d'>[] = [(request) => directSchedule(request)];

export function conv2dSchedule(request: ScheduleRequest<'conv2d'>): Schedule<'conv2d'> | undefined {
  return directSchedule(request);
}
