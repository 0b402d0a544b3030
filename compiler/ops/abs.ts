/** abs: |x|. Its gradient at 0 is 0. */
import { abs as absOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    abs: Record<never, never>;
  }
}

export const abs: OpDefinition<'abs'> = unaryOp({
  name: 'abs',
  keepsNonNegative: true,
  nonNegative: 'always',
  value: (x) => absOf(x),
  gradient: ({ inputs: [x], gradient, g }) => [g.node('mul', [gradient, g.node('sign', [x!])])],
  samples: elementwiseSamples({}, { kind: 'away', from: [0] }),
  onnx: onnxNode('Abs'),
});
