/** reduceMin: the smallest x along `axes`; NaN wins. Equal ones share the gradient (torch.amin). */
import { min } from '../kernel/expression.ts';
import { onnxReduction, reductionOp, reductionSamples, type ReductionAttrs } from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMin: ReductionAttrs;
  }
}

export const reduceMin: OpDefinition<'reduceMin'> = reductionOp({
  name: 'reduceMin',
  combine: min,
  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('reduceExtremeGradient', [gradient, x!, output], attrs),
  ],
  samples: reductionSamples({ kind: 'distinct' }),
  onnx: onnxReduction('ReduceMin'),
});
