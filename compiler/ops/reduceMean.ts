/** reduceMean: the mean of x along `axes` (ONNX ReduceMean, torch.mean). */
import { add, div } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import {
  expandReduced,
  onnxReduction,
  reducedCount,
  reductionOp,
  reductionSamples,
  type ReductionAttrs,
} from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMean: ReductionAttrs;
  }
}

export const reduceMean: OpDefinition<'reduceMean'> = reductionOp({
  name: 'reduceMean',
  start: 0,
  combine: add,
  finish: (sum, count) => div(sum, count),
  gradient({ attrs, inputs: [x], gradient, g }) {
    const shape = g.shapeOf(x!);
    const share = scalar(g, 1 / reducedCount(shape, attrs.axes));
    return [expandReduced(g, g.node('mul', [gradient, share]), shape, attrs)];
  },
  samples: reductionSamples(),
  onnx: onnxReduction('ReduceMean'),
});
