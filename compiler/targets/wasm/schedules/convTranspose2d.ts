/**
 * convTranspose2d is the gradient of a convolution's input, with a bias: its input is what flows back, its result what
 * the convolution read. The kernels are those of conv2dInputGradient.ts: a plain convolution for each rest that a
 * position leaves with the stride.
 */
import type { Attrs } from '../../../ir/types.ts';
import { rowMajor } from '../../../kernel/layout.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import { conv2dInputGradientSchedule } from './conv2dInputGradient/conv2dInputGradient.ts';

export function convTranspose2dSchedule(
  request: ScheduleRequest<'convTranspose2d'>,
): Schedule<'convTranspose2d'> | undefined {
  const { outputPadding: _, ...convolution } = request.attrs;
  const attrs: Attrs['conv2dInputGradient'] = { ...convolution, inputShape: request.output.shape };
  const schedule = conv2dInputGradientSchedule({ ...request, attrs });
  if (!schedule) return undefined;
  const bias = request.inputs.slice(2).map(({ shape }) => rowMajor(shape));
  const { variants: _none, ...own } = schedule;
  return {
    ...own,
    inputLayouts: [...schedule.inputLayouts, ...bias],
    build: (site, k) => schedule.build({ ...site, attrs }, k),
  };
}
