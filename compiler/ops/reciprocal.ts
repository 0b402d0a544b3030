/** reciprocal: 1 / x. */
import { div } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reciprocal: NoAttrs;
  }
}

export const reciprocal = unaryOp('reciprocal', {
  value: (x) => div(1, x),
  gradient: ({ output, gradient, g }) => [
    g.node('neg', [g.node('mul', [gradient, g.node('mul', [output, output])])]),
  ],
  samples: elementwiseSamples({}, { kind: 'uniform', low: 0.25, high: 3 }),
  onnx: onnxNode('Reciprocal'),
});
