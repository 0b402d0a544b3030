/** reduceL1: the sum of |x| along `axes` (ONNX ReduceL1). */
import { abs, add } from '../kernel/expression.ts';
import { expandReduced, reductionOp, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceL1: ReductionAttrs;
  }
}

export const reduceL1 = reductionOp('reduceL1', {
  start: 0,
  map: abs,
  combine: add,
  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('mul', [expandReduced(g, gradient, g.shapeOf(x!), attrs), g.node('sign', [x!])]),
  ],
  values: { kind: 'away', from: [0] },
  formula: (over, x) => over('sum', `abs(${x})`),
  onnx: 'ReduceL1',
});
