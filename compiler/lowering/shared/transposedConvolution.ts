/**
 * A transposed convolution is the gradient of a convolution's input: its input is the gradient that flows back, its result is
 * what the convolution read. Only the bias is more.
 */
import type { ScheduleRequest } from '../target.ts';

export function asInputGradient(
  request: ScheduleRequest<'convTranspose2d'>,
): ScheduleRequest<'conv2dInputGradient'> {
  const { outputPadding: _, ...convolution } = request.attrs;
  return { ...request, attrs: { ...convolution, inputShape: request.output.shape } };
}
