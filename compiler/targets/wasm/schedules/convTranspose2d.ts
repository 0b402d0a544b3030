/**
 * convTranspose2d, as the gradient of a convolution's input and with its kernels (conv2dInputGradient.ts): a plain
 * convolution for each rest that a position leaves with the stride. The bias is where the sums begin.
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
