/**
 * The kernel of a convolution's input gradient and of a transposed convolution. With a stride there is one correlation
 * of the output's gradient for each phase, which is a remainder of positions (axes.ts). Each is a separate dispatch.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import type { Layout } from '../../../../kernel/layout.ts';
import {
  inputGradientGeometry,
  isDepthwise,
  stridesOf,
  type ConvGeometry,
} from '../../../../lowering/shared/convolution.ts';
import { depthwiseVectors, groupedInputPanels } from '../../../../lowering/shared/packedWeights.ts';
import type { ScheduleRequest, Workspace } from '../../../../lowering/target.ts';
import type { Site } from '../../../../ops/types.ts';
import type { Family } from '../../families.ts';
import { gradientWalks } from '../shared/axes.ts';
import type { Correlation } from '../shared/correlation/correlate.ts';
import { buildWay, correlationWay } from '../shared/correlation/correlationWay.ts';
import { buildDepthwise, depthwiseOf, describeDepthwise, LANES } from '../shared/depthwise.ts';
import { panelBlock } from '../shared/panelBlock.ts';

type Request = Pick<
  ScheduleRequest<'conv2dInputGradient'>,
  'attrs' | 'inputs' | 'output' | 'inputLayouts' | 'outputLayout'
>;

/** The common parts of the schedules of both operators. Operands are a source, weights and perhaps a bias. */
export interface InputGradientPlan {
  readonly name: string;
  /** The layouts of the source and of the weights. */
  readonly inputLayouts: readonly [Layout, Layout];
  readonly outputLayout: Layout;
  readonly workspaces: readonly Workspace[];
  /** A bias is padded to a multiple of this. */
  readonly block: number;
  build(site: Pick<Site<'conv2d'>, 'inputs' | 'output'>, k: KernelBuilder): void;
}

/** Undefined if a panel of weights would straddle two groups. */
export function planInputGradient(request: Request, family: Family): InputGradientPlan | undefined {
  const { inputs, inputLayouts, outputLayout } = request;
  const geometry = inputGradientGeometry(request);
  const [source, weight] = [inputLayouts[0]!, inputs[1]!.shape];
  if (isDepthwise(geometry)) {
    const of = depthwiseOf(inputs[0]!.shape, geometry.window, source, gradientWalks(geometry));
    return {
      ...{ name: describeDepthwise(of), block: LANES, workspaces: [], outputLayout },
      inputLayouts: [source, depthwiseVectors(weight)],
      build: (site, k) => buildDepthwise(site, k, of),
    };
  }
  const block = panelBlock(geometry.channels, geometry.groups);
  if (!block) return undefined;
  const way = correlationWay(correlationOf(geometry, source, block), family, 'gathered');
  return {
    ...{ name: way.name, block, workspaces: way.workspaces, outputLayout },
    inputLayouts: [source, groupedInputPanels(weight, geometry.groups, block)],
    build: (site, k) => buildWay(way, site, k),
  };
}

/** The correlation from the convolution's outputs to its input channels. */
function correlationOf(geometry: ConvGeometry, source: Layout, block: number): Correlation {
  const { images, groups, channels, outputs, window } = geometry;
  return {
    ...{ images, groups, channels: outputs, outputs: channels, kernel: window.kernel, block },
    ...{ ...gradientWalks(geometry), strides: stridesOf(source) },
  };
}
