/** sigmoid: 1 / (1 + exp(-x)). */
import { add, div, exp, mul, neg, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sigmoid: NoAttrs;
    /** gradient * result * (1 - result) */
    sigmoidGradient: NoAttrs;
  }
}

export const sigmoidOf = (x: Expr): Expr => div(1, add(1, exp(neg(x))));

export const [sigmoid, sigmoidGradient] = curveOps('sigmoid', 'sigmoidGradient', {
  nonNegative: 'always',
  value: (x) => sigmoidOf(x),
  slopeFrom: 'result',
  slope: (y) => mul(y, sub(1, y)),
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  gradientSamples: gradientSamples({}, { kind: 'uniform', low: 0, high: 1 }),
  onnx: onnxNode('Sigmoid'),
});
