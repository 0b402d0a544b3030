/** conv2d: which of the target's ways a convolution takes. */
import type { ScheduleRule } from '../../../../lowering/target.ts';
import { F4 } from '../../../../lowering/shared/winograd.ts';
import { depthwiseSchedule } from './depthwise.ts';
import { directSchedule } from './direct.ts';
import type { Family } from '../../families.ts';
import { winogradSchedule } from './winograd.ts';

/** Winograd's larger tiles are off by 1e-4 of the largest number: never `exact`, and too much for gradients. */
export type Precision = 'fast' | 'training' | 'exact';

export const conv2dRule =
  (family: Family, precision: Precision): ScheduleRule<'conv2d'> =>
  (request) =>
    depthwiseSchedule(request) ??
    (precision === 'fast' ? winogradSchedule(request, F4, family) : undefined) ??
    directSchedule(request, family);
