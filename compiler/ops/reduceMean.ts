/** reduceMean: the mean of x along `axes` (ONNX ReduceMean, torch.mean). */
import { add, div } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import { expandReduced, reducedCount, reductionOp, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMean: ReductionAttrs;
  }
}

export const reduceMean = reductionOp('reduceMean', {
  start: 0,
  combine: add,
  finish: (sum, count) => div(sum, count),
  gradient({ attrs, inputs: [x], gradient, g }) {
    const shape = g.shapeOf(x!);
    const share = scalar(g, 1 / reducedCount(shape, attrs.axes));
    return [expandReduced(g, g.node('mul', [gradient, share]), shape, attrs)];
  },
  formula: (over, x) => over('mean', x),
  onnx: 'ReduceMean',
});
