/** erf: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
import { exp, mul, neg } from '../kernel/expression.ts';
import { erfOf } from './shared/erf.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    erf: Record<never, never>;
    /** gradient * 2 / sqrt(pi) * exp(-x^2) */
    erfGradient: Record<never, never>;
  }
}

export const erf: OpDefinition<'erf'> = unaryOp({
  name: 'erf',
  value: (x, _attrs, k) => erfOf(k, x),
  gradient: ({ inputs: [x], gradient, g }) => [g.node('erfGradient', [gradient, x!])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -3, high: 3 }),
  onnx: onnxNode('Erf'),
});

export const erfGradient: OpDefinition<'erfGradient'> = slopeOp({
  name: 'erfGradient',
  from: 'x',
  slope: (x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)),
  samples: gradientSamples({}),
});
