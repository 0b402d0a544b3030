/**
 * The gradient of a convolution's input, and transposed convolutions: with a stride one correlation of the output's
 * gradient for each rest that a position leaves with it (axes.ts), each a dispatch of its own.
 */
import type { Attrs } from '../../../ir/types.ts';
import type { Schedule, ScheduleRequest, ScheduleRule, Workspace } from '../../../lowering/target.ts';
import { convWindow } from '../../../ops/conv2d.ts';
import type { Site } from '../../../ops/types.ts';
import type { KernelBuilder } from '../../../kernel/builder.ts';
import { gradientWalks, type Walk } from './shared/axes.ts';
import type { Correlation } from './conv2d/correlate.ts';
import type { Family } from '../families.ts';
import { correlationWay } from './conv2d/correlationWay.ts';
import {
  buildDepthwise,
  depthwiseLayout,
  describeDepthwise,
  isDepthwise,
  planDepthwise,
} from './conv2d/depthwise.ts';
import { alongPanels, panelBlock, transposedLayout } from './shared/panels.ts';
import { stridesOf } from './shared/strides.ts';

type Request = Omit<ScheduleRequest<'conv2dInputGradient'>, 'node'>;

/** What both operations are built from: a source, weights and perhaps a bias. */
type Build = (site: Pick<Site<'conv2d'>, 'inputs' | 'output'>, k: KernelBuilder) => void;

interface Plan {
  readonly name: string;
  readonly weight: ReturnType<typeof transposedLayout>;
  /** Of a bias. */
  readonly block: number;
  readonly workspaces: readonly Workspace[];
  readonly build: Build;
}

export const conv2dInputGradientRule =
  (family: Family): ScheduleRule<'conv2dInputGradient'> =>
  (request) =>
    inputGradientSchedule(request, family);

export const convTranspose2dRule =
  (family: Family): ScheduleRule<'convTranspose2d'> =>
  (request) =>
    transposeSchedule(request, family);

function inputGradientSchedule(
  request: ScheduleRequest<'conv2dInputGradient'>,
  family: Family,
): Schedule<'conv2dInputGradient'> | undefined {
  const plan = planGradient(request, family);
  if (!plan) return undefined;
  return {
    name: plan.name,
    inputLayouts: [request.inputLayouts[0]!, plan.weight],
    outputLayout: request.outputLayout,
    workspaces: plan.workspaces,
    build: plan.build,
  };
}

function transposeSchedule(
  request: ScheduleRequest<'convTranspose2d'>,
  family: Family,
): Schedule<'convTranspose2d'> | undefined {
  const { outputPadding: _, ...convolution } = request.attrs;
  const attrs: Attrs['conv2dInputGradient'] = { ...convolution, inputShape: request.output.shape };
  const plan = planGradient({ ...request, attrs }, family);
  if (!plan) return undefined;
  const bias = request.inputs.slice(2).map(({ shape }) => alongPanels(shape, plan.block));
  return {
    name: plan.name,
    inputLayouts: [request.inputLayouts[0]!, plan.weight, ...bias],
    outputLayout: request.outputLayout,
    workspaces: plan.workspaces,
    build: plan.build,
  };
}

function planGradient(request: Request, family: Family): Plan | undefined {
  const { attrs, inputs } = request;
  const weight = inputs[1]!.shape;
  const [rows, columns] = walksOf(request);
  if (isDepthwise(weight, attrs.groups)) {
    const of = planDepthwise(inputs[0]!.shape, weight, request.inputLayouts[0]!, rows, columns);
    return {
      ...{ name: describeDepthwise(of), weight: depthwiseLayout(weight), block: 4, workspaces: [] },
      build: (site, k) => buildDepthwise(site, k, of),
    };
  }
  const block = panelBlock(weight[1]!, attrs.groups);
  if (!block) return undefined;
  const of = correlationOf(request, block, rows, columns);
  const way = correlationWay(of, family, 'gathered');
  return {
    ...{ name: way.name, workspaces: way.workspaces },
    weight: transposedLayout(weight, attrs.groups, block),
    block,
    build: ({ inputs: [gradient, weights, bias], output }, k) =>
      way.build(k, {
        ...{ source: gradient!.place.buffer, weights: weights!.place.buffer, output },
        bias: bias?.place.buffer,
      }),
  };
}

function walksOf({ attrs, inputs }: Request): [readonly Walk[], readonly Walk[]] {
  const window = convWindow(attrs, inputs[1]!.shape);
  const along = (axis: 0 | 1): readonly Walk[] =>
    gradientWalks(window, axis, inputs[0]!.shape[axis + 2]!, attrs.inputShape[axis + 2]!);
  return [along(0), along(1)];
}

function correlationOf(
  { attrs, inputs, inputLayouts }: Request,
  block: number,
  rows: readonly Walk[],
  columns: readonly Walk[],
): Correlation {
  const [outputs, channels, height, width] = inputs[1]!.shape as [number, number, number, number];
  return {
    ...{ images: inputs[0]!.shape[0]!, groups: attrs.groups, kernel: [height, width] },
    ...{ channels: outputs / attrs.groups, outputs: channels, rows, columns, block },
    strides: stridesOf(inputLayouts[0]!),
  };
}
