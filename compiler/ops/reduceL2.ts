/**
 * reduceL2: the square root of the sum of x^2 along `axes` (ONNX ReduceL2). Where it is 0 its gradient is 0, as in
 * PyTorch.
 */
import { add, mul, sqrt } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import { expandReduced, reductionOp, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceL2: ReductionAttrs;
  }
}

/** Smaller than any length that is not 0. Its reciprocal is finite in f32. */
const TINY = 1e-30;

export const reduceL2 = reductionOp('reduceL2', {
  start: 0,
  map: (x) => mul(x, x),
  combine: add,
  finish: sqrt,
  gradient({ attrs, inputs: [x], output, gradient, g }) {
    const length = g.node('maximum', [output, scalar(g, TINY)]);
    const perLength = g.node('div', [gradient, length]);
    return [g.node('mul', [expandReduced(g, perLength, g.shapeOf(x!), attrs), x!])];
  },
  values: { kind: 'away', from: [0] },
  formula: (over, x) => `sqrt(${over('sum', `${x}^2`)})`,
  onnx: 'ReduceL2',
});
