/** conv2dInputGradient: correlations of the output's gradient (inputGradientPlan.ts). */
import type { ScheduleRule } from '../../../../lowering/target.ts';
import type { Family } from '../../families.ts';
import { planInputGradient } from './inputGradientPlan.ts';

export const conv2dInputGradientRule =
  (family: Family): ScheduleRule<'conv2dInputGradient'> =>
  (request) => {
    const plan = planInputGradient(request, family);
    if (!plan) return undefined;
    const { block: _, ...schedule } = plan;
    return schedule;
  };
