/** reduceL1: the sum of |x| along `axes` (ONNX ReduceL1). */
import { abs, add } from '../kernel/expression.ts';
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
    reduceL1: ReductionAttrs;
  }
}

export const reduceL1: OpDefinition<'reduceL1'> = reductionOp({
  name: 'reduceL1',
  start: 0,
  map: abs,
  combine: add,
  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('mul', [expandReduced(g, gradient, g.shapeOf(x!), attrs), g.node('sign', [x!])]),
  ],
  samples: reductionSamples({ kind: 'away', from: [0] }),
  onnx: onnxReduction('ReduceL1'),
});
