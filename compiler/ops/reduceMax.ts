/** reduceMax: the largest x along `axes`; NaN wins. Equal ones share the gradient (torch.amax). */
import { max } from '../kernel/expression.ts';
import { onnxReduction, reductionOp, reductionSamples, type ReductionAttrs } from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMax: ReductionAttrs;
  }
}

export const reduceMax: OpDefinition<'reduceMax'> = reductionOp({
  name: 'reduceMax',
  combine: max,
  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('reduceExtremeGradient', [gradient, x!, output], attrs),
  ],
  samples: reductionSamples({ kind: 'distinct' }),
  onnx: onnxReduction('ReduceMax'),
});
