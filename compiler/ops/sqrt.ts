/** sqrt: the square root; its gradient is gradient / (2 * result). */
import { sqrt as sqrtOf } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sqrt: NoAttrs;
  }
}

export const sqrt = unaryOp('sqrt', {
  nonNegative: 'always',
  value: (x) => sqrtOf(x),
  gradient: ({ output, gradient, g }) => {
    const half = scalar(g, 0.5);
    return [g.node('div', [g.node('mul', [gradient, half]), output])];
  },
  samples: elementwiseSamples({}, { kind: 'uniform', low: 0.25, high: 3 }),
  onnx: onnxNode('Sqrt'),
});
