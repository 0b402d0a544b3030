/** softmax: exp(x - m) / sum of exp(x - m) along `axis`, with m the largest x (ONNX Softmax from opset 13). */
import { f32 } from '../ir/types.ts';
import { div, exp, fma, mul, sub } from '../kernel/expression.ts';
import { perResult, TRANSCENDENTAL_COST } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { softmaxGradientParts, softmaxParts, softmaxSamples, type AxisAttrs } from './shared/softmax.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    softmax: AxisAttrs;
    /** result * (gradient - sum of gradient * result along the axis) */
    softmaxGradient: AxisAttrs;
  }
}

export const softmax: OpDefinition<'softmax'> = {
  name: 'softmax',
  ...softmaxParts((_k, sum) => (shifted) => div(exp(shifted), sum)),
  nonNegative: 'always',
  gradient: ({ attrs, output, gradient, g }) => [g.node('softmaxGradient', [gradient, output], attrs)],
  cost: perResult(2 * TRANSCENDENTAL_COST),
  samples: [
    ...softmaxSamples(),
    { name: 'an axis of extent 1', inputs: [f32(4, 1)], attrs: { axis: 1 } },
    { name: 'the only axis', inputs: [f32(9)], attrs: { axis: 0 } },
  ],
  onnx: onnxNode('Softmax', ({ axis }) => ({ axis: int(axis) })),
};

export const softmaxGradient: OpDefinition<'softmaxGradient'> = {
  name: 'softmaxGradient',
  ...softmaxGradientParts({
    name: 'dot',
    next: (dot, gradient, result) => fma(gradient, result, dot),
    value: (gradient, result, dot) => mul(result, sub(gradient, dot)),
  }),
  cost: perResult(2),
};
