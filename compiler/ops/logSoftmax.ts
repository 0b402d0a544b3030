/** logSoftmax: x - m - log(sum of exp(x - m)) along `axis`, with m the largest x (ONNX LogSoftmax). */
import { add, exp, log, mul, sub } from '../kernel/expression.ts';
import { perResult, TRANSCENDENTAL_COST } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { softmaxGradientParts, softmaxParts, softmaxSamples, type AxisAttrs } from './shared/softmax.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, elementAt } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    logSoftmax: AxisAttrs;
    /** gradient - exp(result) * sum of the gradient along the axis */
    logSoftmaxGradient: AxisAttrs;
  }
}

export const logSoftmax: OpDefinition<'logSoftmax'> = {
  name: 'logSoftmax',
  formula({ axis }, [x]) {
    const [letter, value] = [axisLetters(x!.shape.length)[axis]!, elementAt('x', x!)];
    return `${value} - m - log(sum over ${letter} of exp(${value} - m)), m = max over ${letter} of ${value}`;
  },
  ...softmaxParts((k, sum) => {
    const logSum = k.let('logSum', log(sum));
    return (shifted) => sub(shifted, logSum);
  }),
  gradient: ({ attrs, output, gradient, g }) => [g.node('logSoftmaxGradient', [gradient, output], attrs)],
  cost: perResult(TRANSCENDENTAL_COST),
  samples: softmaxSamples(),
  onnx: onnxNode('LogSoftmax', ({ axis }) => ({ axis: int(axis) })),
};

export const logSoftmaxGradient: OpDefinition<'logSoftmaxGradient'> = {
  name: 'logSoftmaxGradient',
  formula({ axis }, [gradient, result]) {
    const dy = elementAt('gradient', gradient!);
    const sum = `sum over ${axisLetters(result!.shape.length)[axis]} of ${dy}`;
    return `${dy} - exp(${elementAt('result', result!)}) * (${sum})`;
  },
  ...softmaxGradientParts({
    name: 'sum',
    next: (sum, gradient) => add(sum, gradient),
    value: (gradient, result, sum) => sub(gradient, mul(exp(result), sum)),
  }),
  cost: perResult(TRANSCENDENTAL_COST),
};
