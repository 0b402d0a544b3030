/**
 * A transposed convolution as the gradient of a convolution's input: its input is the gradient that flows back, and
 * its result is what the convolution read. It only has a bias in addition.
 */
import type { ScheduleRequest } from '../target.ts';

export function asInputGradient(
  request: ScheduleRequest<'convTranspose2d'>,
): ScheduleRequest<'conv2dInputGradient'> {
  const { outputPadding: _, ...convolution } = request.attrs;
  return { ...request, attrs: { ...convolution, inputShape: request.output.shape } };
}
