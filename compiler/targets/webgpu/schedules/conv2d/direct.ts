/** Convolutions of any kernel, stride, dilation and groups in registers (correlate.ts), or in workgroups (tiled.ts). */
import type { Schedule, ScheduleRequest } from '../../../../lowering/target.ts';
import { convWindow } from '../../../../ops/conv2d.ts';
import { forwardWalk } from '../shared/axes.ts';
import type { Correlation } from './correlate.ts';
import type { Family } from '../../families.ts';
import { correlationWay } from './correlationWay.ts';
import { alongPanels, panelBlock, panelLayout } from '../shared/panels.ts';
import { stridesOf } from '../shared/strides.ts';

export function directSchedule(
  request: ScheduleRequest<'conv2d'>,
  family: Family,
): Schedule<'conv2d'> | undefined {
  const { inputs, inputLayouts, outputLayout, attrs } = request;
  const weight = inputs[1]!.shape;
  const block = panelBlock(weight[0]! / attrs.groups, attrs.groups);
  if (!block) return undefined;
  const of = correlationOf(request, block);
  const way = correlationWay(of, family, 'direct');
  const bias = inputs.slice(2).map(({ shape }) => alongPanels(shape, block));
  return {
    name: way.name,
    inputLayouts: [inputLayouts[0]!, panelLayout(weight, block), ...bias],
    outputLayout,
    workspaces: way.workspaces,
    build: ({ inputs: [x, weights, first], output }, k) =>
      way.build(k, {
        ...{ source: x!.place.buffer, weights: weights!.place.buffer, bias: first?.place.buffer, output },
      }),
  };
}

function correlationOf(request: ScheduleRequest<'conv2d'>, block: number): Correlation {
  const { attrs, inputs, inputLayouts, output } = request;
  const [images, , height, width] = inputs[0]!.shape as [number, number, number, number];
  const [outputs, channels] = inputs[1]!.shape as [number, number];
  const [, , outHeight, outWidth] = output.shape as [number, number, number, number];
  const window = convWindow(attrs, inputs[1]!.shape);
  return {
    ...{ images, groups: attrs.groups, channels, outputs: outputs / attrs.groups, kernel: window.kernel },
    rows: [forwardWalk(window, 0, height, outHeight)],
    columns: [forwardWalk(window, 1, width, outWidth)],
    ...{ strides: stridesOf(inputLayouts[0]!), block },
  };
}
