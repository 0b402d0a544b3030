/**
 * instanceNorm: normalizes each channel of each sample with its own mean and variance; then weight[c] * xhat + bias[c]
 * (Ulyanov et al. 2016). It is groupNorm with one group per channel.
 *
 *   x             f32[N, C, ...]
 *   weight, bias  f32[C], optional
 */
import { f32 } from '../ir/types.ts';
import { channelNormGradients } from './groupNorm.ts';
import { checkChannels } from './shared/channels.ts';
import { perResult } from './shared/cost.ts';
import { defineGroupNorm, normalizedText, type GroupNormAttrs } from './shared/normalization.ts';
import { float } from './shared/onnx.ts';
import { onnxGroups } from './shared/onnxNormalization.ts';
import type { OpDefinition } from './types.ts';
import type { EpsilonAttrs } from './batchNorm.ts';
import { axisLetters } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    instanceNorm: EpsilonAttrs;
  }
}

/** The attributes of groupNorm with one group per channel. */
const asGroups = (shape: readonly number[], { epsilon }: EpsilonAttrs): GroupNormAttrs => ({
  groups: shape[1]!,
  epsilon,
});

export const instanceNorm: OpDefinition<'instanceNorm'> = {
  name: 'instanceNorm',
  operands: ['x', 'weight?', 'bias?'],
  formula: ({ epsilon }, inputs) =>
    normalizedText(inputs, epsilon, ['c'], axisLetters(inputs[0]!.shape.length).slice(2).join(', ')),
  sight: 'whole plane',
  keepsExamples: true,
  infer([x, weight, bias], _attrs, reject) {
    checkChannels(x!, { weight, bias }, reject);
    return x!;
  },
  gradient: (site) => channelNormGradients(site, asGroups(site.g.shapeOf(site.inputs[0]!), site.attrs)),
  define: (site, k) => defineGroupNorm(k, asGroups(site.inputs[0]!.type.shape, site.attrs), site),
  cost: perResult(4),
  samples: [
    { name: 'images', inputs: [f32(2, 3, 4, 5), f32(3), f32(3)], attrs: { epsilon: 1e-5 } },
    { name: 'rank 3, no weight', inputs: [f32(2, 3, 7)], attrs: { epsilon: 1e-3 } },
    { name: 'no bias', inputs: [f32(1, 2, 3, 3), f32(2)], attrs: { epsilon: 1e-5 } },
  ],
  onnx: (site) => {
    const { e, inputs, types, attrs } = site;
    const { shape } = types[0]!;
    if (shape.length < 3) return onnxGroups(site, shape[1]!, attrs.epsilon);
    const [x, weight = e.filled([shape[1]!], 1), bias = e.filled([shape[1]!], 0)] = inputs;
    return e.emit('InstanceNormalization', [x, weight, bias], { epsilon: float(attrs.epsilon) });
  },
};
