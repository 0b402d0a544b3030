/** sin: x in radians. */
import { sin as sinOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sin: NoAttrs;
  }
}

export const sin = unaryOp('sin', {
  value: (x) => sinOf(x),
  gradient: ({ inputs: [x], gradient, g }) => [g.node('mul', [gradient, g.node('cos', [x!])])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('Sin'),
});
