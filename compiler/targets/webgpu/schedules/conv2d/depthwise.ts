/** Depthwise convolution. Its kernel is shared with its input's gradient (shared/depthwise.ts). */
import { forwardGeometry, isDepthwise } from '../../../../lowering/shared/convolution.ts';
import { alongPanels, depthwiseVectors } from '../../../../lowering/shared/packedWeights.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import { forwardWalks } from '../shared/axes.ts';
import { buildDepthwise, depthwiseOf, describeDepthwise, LANES } from '../shared/depthwise.ts';

/** Undefined if the convolution is not depthwise. */
export function depthwiseSchedule(request: ScheduleRequest<'conv2d'>): Schedule<'conv2d'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const geometry = forwardGeometry(request);
  if (!isDepthwise(geometry)) return undefined;
  const [x, weight, ...bias] = inputs;
  const of = depthwiseOf(x!.shape, geometry.window, inputLayouts[0]!, forwardWalks(geometry));
  return {
    name: describeDepthwise(of),
    inputLayouts: [
      inputLayouts[0]!,
      depthwiseVectors(weight!.shape),
      ...bias.map(({ shape }) => alongPanels(shape, LANES)),
    ],
    outputLayout,
    build: (site, k) => buildDepthwise(site, k, of),
  };
}
