/**
 * convTranspose2d is computed by the kernels for the gradient of a convolution's input (conv2dInputGradient.ts): one
 * plain convolution for each phase of the stride. The sums begin with the bias.
 */
import { rowMajor } from '../../../kernel/layout.ts';
import { asInputGradient } from '../../../lowering/shared/transposedConvolution.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { conv2dInputGradientSchedule } from './conv2dInputGradient/conv2dInputGradient.ts';

export function convTranspose2dSchedule(
  request: ScheduleRequest<'convTranspose2d'>,
): Schedule<'convTranspose2d'> | undefined {
  const gradient = asInputGradient(request);
  const schedule = conv2dInputGradientSchedule(gradient);
  if (!schedule) return undefined;
  const bias = request.inputs.slice(2).map(({ shape }) => rowMajor(shape));
  const { variants: _none, ...own } = schedule;
  return {
    ...own,
    inputLayouts: [...schedule.inputLayouts, ...bias],
    build: (site, k) => schedule.build({ ...site, attrs: gradient.attrs }, k),
  };
}
