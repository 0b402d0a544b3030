/** convTranspose2d, computed as the gradient of a convolution's input (inputGradientPlan.ts), with a bias. */
import { alongPanels } from '../../../lowering/shared/packedWeights.ts';
import { asInputGradient } from '../../../lowering/shared/transposedConvolution.ts';
import type { ScheduleRule } from '../../../lowering/target.ts';
import type { Family } from '../families.ts';
import { planInputGradient } from './conv2dInputGradient/inputGradientPlan.ts';

export const convTranspose2dRule =
  (family: Family): ScheduleRule<'convTranspose2d'> =>
  (request) => {
    const plan = planInputGradient(asInputGradient(request), family);
    if (!plan) return undefined;
    const { block, ...schedule } = plan;
    const bias = request.inputs.slice(2).map(({ shape }) => alongPanels(shape, block));
    return { ...schedule, inputLayouts: [...schedule.inputLayouts, ...bias] };
  };
