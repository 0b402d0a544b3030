/**
 * groupNorm: splits each sample's channels into `groups` runs and normalizes each run with its own mean and variance
 * over all positions; then weight[c] * xhat + bias[c] (Wu & He 2018).
 *
 *   x             f32[N, C, ...]
 *   weight, bias  f32[C], optional
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { f32, type TensorType, type ValueId } from '../ir/types.ts';
import { axesExcept } from './shared/axes.ts';
import { checkChannels } from './shared/channels.ts';
import { perResult } from './shared/cost.ts';
import {
  defineGroupNorm,
  defineNormalizationGradient,
  type GroupNormAttrs,
  groupNormalization,
  normalizedGradientText,
  normalizedText,
  inferNormalizationGradient,
} from './shared/normalization.ts';
import { onnxGroups } from './shared/onnxNormalization.ts';
import type { GradientSite, OpDefinition, Reject } from './types.ts';
import { axisLetters } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    groupNorm: GroupNormAttrs;
    /** The gradient of x for a gradient of the normalized x, before weight and bias. */
    groupNormGradient: GroupNormAttrs;
  }
}

function checkGroups(x: TensorType, groups: number, reject: Reject): void {
  const channels = checkChannels(x, {}, reject);
  if (!(Number.isInteger(groups) && groups >= 1 && channels % groups === 0)) {
    reject('CNNC1204', `${channels} channels cannot be split into ${groups} groups`);
  }
}

/** The elements that are normalized together, as text. */
function groupText({ shape }: TensorType, groups: number): string {
  const places = axisLetters(shape.length).slice(2);
  return [`${shape[1]! / groups} channels`, ...places].join(', ');
}

export const groupNorm: OpDefinition<'groupNorm'> = {
  name: 'groupNorm',
  operands: ['x', 'weight?', 'bias?'],
  formula: ({ groups, epsilon }, inputs) =>
    normalizedText(inputs, epsilon, ['c'], groupText(inputs[0]!, groups)),
  sight: 'whole plane',
  keepsExamples: true,
  infer([x, weight, bias], { groups }, reject) {
    checkGroups(x!, groups, reject);
    checkChannels(x!, { weight, bias }, reject);
    return x!;
  },
  gradient: (site) => channelNormGradients(site, site.attrs),
  define: (site, k) => defineGroupNorm(k, site.attrs, site),
  cost: perResult(4),
  samples: [
    { name: 'two groups', inputs: [f32(2, 4, 3, 5), f32(4), f32(4)], attrs: { groups: 2, epsilon: 1e-5 } },
    { name: 'one group, no bias', inputs: [f32(2, 3, 2, 3), f32(3)], attrs: { groups: 1, epsilon: 1e-3 } },
    { name: 'a group per channel, no weight', inputs: [f32(2, 3, 7)], attrs: { groups: 3, epsilon: 1e-5 } },
    { name: 'rank 2', inputs: [f32(3, 6), f32(6), f32(6)], attrs: { groups: 2, epsilon: 1e-5 } },
  ],
  onnx: (site) => onnxGroups(site, site.attrs.groups, site.attrs.epsilon),
};

/** The gradients of a normalization by groups of channels, and of its weight and bias per channel. */
export function channelNormGradients<K extends 'groupNorm' | 'instanceNorm'>(
  { inputs, gradient, g, needs }: GradientSite<K>,
  attrs: GroupNormAttrs,
): (ValueId | undefined)[] {
  const [x, weight, bias] = inputs;
  const axes = axesExcept(g.shapeOf(x!).length, 1);
  const perChannel = (value: ValueId): ValueId => g.node('reduceSum', [value], { axes, keepDims: false });
  const ofInput = (): ValueId => {
    const ofNormalized =
      weight === undefined ? gradient : g.node('mul', [gradient, alongChannels(g, weight, axes.length)]);
    return g.node('groupNormGradient', [ofNormalized, x!], attrs);
  };
  const ofWeight = (): ValueId => perChannel(g.node('mul', [gradient, g.node('groupNorm', [x!], attrs)]));
  return [
    needs(0) ? ofInput() : undefined,
    weight !== undefined && needs(1) ? ofWeight() : undefined,
    bias !== undefined && needs(2) ? perChannel(gradient) : undefined,
  ];
}

/** Reshapes [C] to [C, 1, ...], which broadcasts along axis 1 of a tensor with this many other axes. */
function alongChannels(g: GraphBuilder, value: ValueId, otherAxes: number): ValueId {
  if (otherAxes === 1) return value;
  const shape = [...g.shapeOf(value), ...Array<number>(otherAxes - 1).fill(1)];
  return g.node('reshape', [value], { shape });
}

export const groupNormGradient: OpDefinition<'groupNormGradient'> = {
  name: 'groupNormGradient',
  operands: ['gradient', 'x'],
  formula: ({ groups, epsilon }, [, x]) => normalizedGradientText(epsilon, groupText(x!, groups)),
  infer: (inputs, { groups }, reject) =>
    inferNormalizationGradient(inputs, reject, (x) => checkGroups(x, groups, reject)),
  gradient: 'notDifferentiable',
  define: ({ attrs, inputs: [gradient, x], output }, k) =>
    defineNormalizationGradient(k, groupNormalization(k, x!.type.shape, attrs), gradient!, x!, output),
  cost: perResult(8),
  samples: [
    { name: 'two groups', inputs: [f32(2, 4, 3, 5), f32(2, 4, 3, 5)], attrs: { groups: 2, epsilon: 1e-5 } },
    {
      name: 'a group per channel',
      inputs: [f32(2, 3, 7), f32(2, 3, 7)],
      attrs: { groups: 3, epsilon: 1e-3 },
    },
  ],
};
