/** reduceSum: the sum of x along `axes` (ONNX ReduceSum, torch.sum). */
import { add } from '../kernel/expression.ts';
import { expandReduced, reductionOp, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceSum: ReductionAttrs;
  }
}

export const reduceSum = reductionOp('reduceSum', {
  start: 0,
  combine: add,
  gradient: ({ attrs, inputs: [x], gradient, g }) => [expandReduced(g, gradient, g.shapeOf(x!), attrs)],
  formula: (over, x) => over('sum', x),
  onnx: 'ReduceSum',
});
