/** sigmoid: 1 / (1 + exp(-x)). */
import { add, div, exp, mul, neg, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sigmoid: Record<never, never>;
    /** gradient * result * (1 - result) */
    sigmoidGradient: Record<never, never>;
  }
}

export const sigmoidOf = (x: Expr): Expr => div(1, add(1, exp(neg(x))));

export const sigmoid: OpDefinition<'sigmoid'> = unaryOp({
  name: 'sigmoid',
  nonNegative: 'always',
  value: (x) => sigmoidOf(x),
  gradient: ({ output, gradient, g }) => [g.node('sigmoidGradient', [gradient, output])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('Sigmoid'),
});

export const sigmoidGradient: OpDefinition<'sigmoidGradient'> = slopeOp({
  name: 'sigmoidGradient',
  from: 'result',
  slope: (y) => mul(y, sub(1, y)),
  samples: gradientSamples({}, { kind: 'uniform', low: 0, high: 1 }),
});
