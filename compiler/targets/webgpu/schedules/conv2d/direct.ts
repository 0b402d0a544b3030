/** Convolutions with any kernel, stride, dilation and groups, in registers or in workgroups (shared/correlation/). */
import { placedConvolution } from '../../../../lowering/shared/convolution.ts';
import { alongPanels, outputPanels } from '../../../../lowering/shared/packedWeights.ts';
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import type { Family } from '../../families.ts';
import { forwardWalks } from '../shared/axes.ts';
import { buildWay, correlationWay } from '../shared/correlation/correlationWay.ts';
import { panelBlock } from '../shared/panelBlock.ts';

/** Undefined if a panel of weights would straddle two groups. */
export function directSchedule(
  request: ScheduleRequest<'conv2d'>,
  family: Family,
): Schedule<'conv2d'> | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const { window, input, ...geometry } = placedConvolution(request);
  const block = panelBlock(geometry.outputs, geometry.groups);
  if (!block) return undefined;
  const walks = forwardWalks({ window, ...geometry });
  const of = { ...geometry, ...walks, kernel: window.kernel, strides: input, block };
  const way = correlationWay(of, family, 'direct');
  const bias = inputs.slice(2).map(({ shape }) => alongPanels(shape, block));
  return {
    name: way.name,
    inputLayouts: [inputLayouts[0]!, outputPanels(inputs[1]!.shape, block), ...bias],
    outputLayout,
    workspaces: way.workspaces,
    build: (site, k) => buildWay(way, site, k),
  };
}
