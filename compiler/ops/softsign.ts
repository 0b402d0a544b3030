/** softsign: x / (1 + |x|). */
import { abs, add, div, mul } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    softsign: Record<never, never>;
    /** gradient / (1 + |x|)^2 */
    softsignGradient: Record<never, never>;
  }
}

export const softsign: OpDefinition<'softsign'> = unaryOp({
  name: 'softsign',
  value: (value, _attrs, k) => {
    const x = k.let('x', value);
    return div(x, add(1, abs(x)));
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('softsignGradient', [gradient, x!])],
  samples: elementwiseSamples({}),
  onnx: onnxNode('Softsign'),
});

export const softsignGradient: OpDefinition<'softsignGradient'> = slopeOp({
  name: 'softsignGradient',
  from: 'x',
  slope: (x, _attrs, k) => {
    const inverse = k.let('inverse', div(1, add(1, abs(x))));
    return mul(inverse, inverse);
  },
  samples: gradientSamples({}),
});
