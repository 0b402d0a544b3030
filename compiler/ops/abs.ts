/** abs: |x|. Its gradient at 0 is 0. */
import { abs as absOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    abs: NoAttrs;
  }
}

export const abs = unaryOp('abs', {
  keepsNonNegative: true,
  nonNegative: 'always',
  value: (x) => absOf(x),
  gradient: ({ inputs: [x], gradient, g }) => [g.node('mul', [gradient, g.node('sign', [x!])])],
  samples: elementwiseSamples({}, { kind: 'away', from: [0] }),
  onnx: onnxNode('Abs'),
});
