/** reciprocal: 1 / x. */
import { div } from '../kernel/expression.ts';
import { elementwiseSamples, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reciprocal: Record<never, never>;
  }
}

export const reciprocal: OpDefinition<'reciprocal'> = unaryOp({
  name: 'reciprocal',
  value: (x) => div(1, x),
  gradient: ({ output, gradient, g }) => [
    g.node('neg', [g.node('mul', [gradient, g.node('mul', [output, output])])]),
  ],
  samples: elementwiseSamples({}, { kind: 'uniform', low: 0.25, high: 3 }),
  onnx: onnxNode('Reciprocal'),
});
