/** exp: e to the power of x. */
import { exp as expOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    exp: NoAttrs;
  }
}

export const exp = unaryOp('exp', {
  nonNegative: 'always',
  value: (x) => expOf(x),
  gradient: ({ output, gradient, g }) => [g.node('mul', [gradient, output])],
  samples: elementwiseSamples({}),
  onnx: onnxNode('Exp'),
});
