/**
 * conv2dWeightGradient: the gradient of conv2d's weight. Every weight sums input * gradient over the batch and all
 * outputs that it contributes to.
 *
 *   x        f32[N, C, H, W]
 *   gradient f32[N, O, H', W']
 *   out      f32[O, C / groups, KH, KW] = weightShape
 */
import { f32 } from '../ir/types.ts';
import { add, div, fma, mul } from '../kernel/expression.ts';
import { convMultiplyAdds, convWindow } from './conv2d.ts';
import type { Conv2dAttrs } from './shared/convolution.ts';
import { checkConvResult, convSamples } from './shared/convGradient.ts';
import { bytesOf } from './shared/cost.ts';
import { checkPlanes } from './shared/planes.ts';
import { forOutputs, slidingOver } from './shared/windowLoops.ts';
import { convName } from './shared/names.ts';
import type { OpDefinition } from './types.ts';
import { convWeightSum } from './shared/convFormula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    conv2dWeightGradient: Conv2dAttrs & { readonly weightShape: readonly number[] };
  }
}

export const conv2dWeightGradient: OpDefinition<'conv2dWeightGradient'> = {
  name: 'conv2dWeightGradient',
  operands: ['x', 'gradient'],
  formula: (attrs) =>
    convWeightSum({
      weight: attrs.weightShape,
      groups: attrs.groups,
      window: convWindow(attrs, attrs.weightShape),
    }),
  isWeightShaped: true,
  kernelName: (_inputs, attrs) =>
    convName(['conv2dWeightGradient', 'conv2dWeightGradient_depthwise'], attrs.weightShape, attrs),

  infer([x, gradient], attrs, reject) {
    checkPlanes(x!, reject);
    checkConvResult(gradient!, x!.shape, attrs.weightShape, attrs, reject);
    return { dtype: 'f32', shape: attrs.weightShape };
  },

  // Linear in both operands. In its gradients, the incoming gradient takes the weight's place.
  gradient({ attrs: { weightShape: _, ...attrs }, inputs: [x, dy], gradient, g, needs }) {
    const inputShape = g.shapeOf(x!);
    return [
      needs(0) ? g.node('conv2dInputGradient', [dy!, gradient], { ...attrs, inputShape }) : undefined,
      needs(1) ? g.node('conv2d', [x!, gradient], attrs) : undefined,
    ];
  },

  define({ attrs, inputs: [x, gradient], output }, k) {
    const sliding = slidingOver(convWindow(attrs, attrs.weightShape), x!.type.shape, gradient!.type.shape);
    const [outputs, channels, kernelHeight, kernelWidth] = attrs.weightShape;
    const outputsPerGroup = outputs! / attrs.groups;
    k.forEach(
      ['o', 'c', 'ky', 'kx'],
      [outputs!, channels!, kernelHeight!, kernelWidth!],
      ([o, c, ky, kx]) => {
        const channel = k.let('channel', add(mul(div(o!, outputsPerGroup), channels!), c!));
        const sum = k.variable('sum', 0);
        k.for('n', 0, x!.type.shape[0]!, (image) =>
          forOutputs(k, sliding, [ky!, kx!], ({ oy, ox, row, column }) => {
            const value = x!.load([image, channel, row, column]);
            k.assign(sum, fma(value, gradient!.load([image, o!, oy, ox]), sum));
          }),
        );
        output.store([o!, c!, ky!, kx!], sum);
      },
    );
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: convMultiplyAdds(output.shape, inputs[1]!.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: convSamples().map(({ name, x, weight, result, attrs }) => ({
    name,
    inputs: [f32(...x), f32(...result)],
    attrs: { ...attrs, weightShape: weight },
  })),
};
