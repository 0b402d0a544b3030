/** neg: -x. */
import { neg as negative } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    neg: NoAttrs;
  }
}

export const neg = unaryOp('neg', {
  value: (x) => negative(x),
  gradient: ({ gradient, g }) => [g.node('neg', [gradient])],
  samples: elementwiseSamples({}),
  onnx: onnxNode('Neg'),
});
