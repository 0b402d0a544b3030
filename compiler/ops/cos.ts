/** cos: x in radians. */
import { cos as cosOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    cos: NoAttrs;
  }
}

export const cos = unaryOp('cos', {
  value: (x) => cosOf(x),
  gradient: ({ inputs: [x], gradient, g }) => [
    g.node('neg', [g.node('mul', [gradient, g.node('sin', [x!])])]),
  ],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('Cos'),
});
