/** softmax: exp(x - m) / sum of exp(x - m) along `axis`, with m the largest x (ONNX Softmax from opset 13). */
import { f32 } from '../ir/types.ts';
import { div, exp, fma, mul, sub } from '../kernel/expression.ts';
import { perResult, TRANSCENDENTAL_COST } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { softmaxGradientParts, softmaxParts, softmaxSamples, type AxisAttrs } from './shared/softmax.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, elementAt } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    softmax: AxisAttrs;
    /** result * (gradient - sum of gradient * result along the axis) */
    softmaxGradient: AxisAttrs;
  }
}

export const softmax: OpDefinition<'softmax'> = {
  name: 'softmax',
  formula({ axis }, [x]) {
    const [letter, value] = [axisLetters(x!.shape.length)[axis]!, elementAt('x', x!)];
    return `exp(${value} - m) / (sum over ${letter} of exp(${value} - m)), m = max over ${letter} of ${value}`;
  },
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
  formula({ axis }, [gradient, result]) {
    const [dy, y] = [elementAt('gradient', gradient!), elementAt('result', result!)];
    return `${y} * (${dy} - sum over ${axisLetters(result!.shape.length)[axis]} of ${dy} * ${y})`;
  },
  ...softmaxGradientParts({
    name: 'dot',
    next: (dot, gradient, result) => fma(gradient, result, dot),
    value: (gradient, result, dot) => mul(result, sub(gradient, dot)),
  }),
  cost: perResult(2),
};
