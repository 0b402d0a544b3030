/**
 * conv2dInputGradient: the gradient of conv2d's input, also called its transpose: every input element sums
 * weight * gradient over the outputs whose windows cover it.
 *
 *   gradient f32[N, O, H', W']
 *   weight   f32[O, C / groups, KH, KW]
 *   out      f32[N, C, H, W] = inputShape
 */
import { f32 } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, fma, mul } from '../kernel/expression.ts';
import { convMultiplyAdds, convWindow } from './conv2d.ts';
import type { Conv2dAttrs } from './shared/convolution.ts';
import { checkConvResult, convSamples } from './shared/convGradient.ts';
import { bytesOf } from './shared/cost.ts';
import { checkPlanes } from './shared/planes.ts';
import { forCovering, slidingOver } from './shared/windowLoops.ts';
import { convName } from './shared/names.ts';
import type { OpDefinition, OutputAccess, TensorAccess } from './types.ts';
import { convTransposedSum } from './shared/convFormula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    conv2dInputGradient: Conv2dAttrs & { readonly inputShape: readonly number[] };
  }
}

/**
 * out[n, c, y, x] = bias[c] + sum over the outputs (o, oy, ox) whose windows cover (y, x) of gradient[n, o, oy, ox] *
 * weight[o, c, ky, kx]. convTranspose2d uses these loops too.
 */
export function defineConvTransposed(
  k: KernelBuilder,
  attrs: Conv2dAttrs,
  gradient: TensorAccess,
  weight: TensorAccess,
  output: OutputAccess,
  bias?: TensorAccess,
): void {
  const sliding = slidingOver(convWindow(attrs, weight.type.shape), output.type.shape, gradient.type.shape);
  const [n, channels, height, width] = output.type.shape;
  const perGroup = channels! / attrs.groups;
  const outputsPerGroup = weight.type.shape[0]! / attrs.groups;
  const names = ['n', 'oy', 'ox', 'group', 'c'];
  k.forEach(names, [n!, height!, width!, attrs.groups, perGroup], ([image, row, column, group, c]) => {
    const channel = k.let('channel', add(mul(group!, perGroup), c!));
    const sum = k.variable('sum', bias ? bias.load([channel]) : 0);
    forCovering(k, sliding, [row!, column!], ({ oy, ox, ...element }) => {
      const [ky, kx] = [k.let('ky', element.ky), k.let('kx', element.kx)];
      k.for('o', 0, outputsPerGroup, (o) => {
        const oc = k.let('oc', add(mul(group!, outputsPerGroup), o));
        const value = gradient.load([image!, oc, oy, ox]);
        k.assign(sum, fma(value, weight.load([oc, c!, ky, kx]), sum));
      });
    });
    output.store([image!, channel, row!, column!], sum);
  });
}

export const conv2dInputGradient: OpDefinition<'conv2dInputGradient'> = {
  name: 'conv2dInputGradient',
  operands: ['gradient', 'weight'],
  formula: (attrs, [, weight]) =>
    convTransposedSum(
      { weight: weight!.shape, groups: attrs.groups, window: convWindow(attrs, weight!.shape) },
      { value: 'gradient', line: 'o', channel: 'c' },
    ),
  kernelName: ([, weight], attrs) =>
    convName(['conv2dInputGradient', 'conv2dInputGradient_depthwise'], weight!.shape, attrs),

  infer([gradient, weight], attrs, reject) {
    checkPlanes(gradient!, reject, 'gradient');
    checkConvResult(gradient!, attrs.inputShape, weight!.shape, attrs, reject);
    return { dtype: 'f32', shape: attrs.inputShape };
  },

  // Linear in both operands. As conv2d's transpose, its own transpose is conv2d.
  gradient({ attrs: { inputShape: _, ...attrs }, inputs: [dy, weight], gradient, g, needs }) {
    const weightShape = g.shapeOf(weight!);
    return [
      needs(0) ? g.node('conv2d', [gradient, weight!], attrs) : undefined,
      needs(1) ? g.node('conv2dWeightGradient', [gradient, dy!], { ...attrs, weightShape }) : undefined,
    ];
  },

  define({ attrs, inputs: [gradient, weight], output }, k) {
    defineConvTransposed(k, attrs, gradient!, weight!, output);
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: convMultiplyAdds(inputs[1]!.shape, inputs[0]!.shape),
    bytes: bytesOf([...inputs, output]),
  }),

  samples: convSamples().map(({ name, x, weight, result, attrs }) => ({
    name,
    inputs: [f32(...result), f32(...weight)],
    attrs: { ...attrs, inputShape: x },
  })),
};
