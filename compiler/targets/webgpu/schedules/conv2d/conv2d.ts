/** conv2d: the choice between the target's ways to compute a convolution. */
import type { Precision } from '../../../../lowering/shared/precision.ts';
import { F4 } from '../../../../lowering/shared/winograd.ts';
import type { ScheduleRule } from '../../../../lowering/target.ts';
import type { Family } from '../../families.ts';
import { depthwiseSchedule } from './depthwise.ts';
import { directSchedule } from './direct.ts';
import { winogradSchedule } from './winograd.ts';

export const conv2dRule =
  (family: Family, precision: Precision): ScheduleRule<'conv2d'> =>
  (request) =>
    depthwiseSchedule(request) ??
    (precision === 'fast' ? winogradSchedule(request, F4, family) : undefined) ??
    directSchedule(request, family);
