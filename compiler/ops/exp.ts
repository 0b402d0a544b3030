/** exp: e to the power of x. */
import { exp as expOf } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    exp: Record<never, never>;
  }
}

export const exp: OpDefinition<'exp'> = unaryOp({
  name: 'exp',
  nonNegative: 'always',
  value: (x) => expOf(x),
  gradient: ({ output, gradient, g }) => [g.node('mul', [gradient, output])],
  samples: elementwiseSamples({}),
  onnx: onnxNode('Exp'),
});
