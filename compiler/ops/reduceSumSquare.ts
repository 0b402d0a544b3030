/** reduceSumSquare: the sum of x^2 along `axes` (ONNX ReduceSumSquare). */
import { add, mul } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import { expandReduced, reductionOp, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceSumSquare: ReductionAttrs;
  }
}

export const reduceSumSquare = reductionOp('reduceSumSquare', {
  start: 0,
  map: (x) => mul(x, x),
  combine: add,
  gradient({ attrs, inputs: [x], gradient, g }) {
    const twice = g.node('mul', [gradient, scalar(g, 2)]);
    return [g.node('mul', [expandReduced(g, twice, g.shapeOf(x!), attrs), x!])];
  },
  formula: (over, x) => over('sum', `${x}^2`),
  onnx: 'ReduceSumSquare',
});
