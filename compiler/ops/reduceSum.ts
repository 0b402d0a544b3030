/** reduceSum: the sum of x along `axes` (ONNX ReduceSum, torch.sum). */
import { add } from '../kernel/expression.ts';
import {
  expandReduced,
  onnxReduction,
  reductionOp,
  reductionSamples,
  type ReductionAttrs,
} from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceSum: ReductionAttrs;
  }
}

export const reduceSum: OpDefinition<'reduceSum'> = reductionOp({
  name: 'reduceSum',
  start: 0,
  combine: add,
  gradient: ({ attrs, inputs: [x], gradient, g }) => [expandReduced(g, gradient, g.shapeOf(x!), attrs)],
  samples: reductionSamples(),
  onnx: onnxReduction('ReduceSum'),
});
