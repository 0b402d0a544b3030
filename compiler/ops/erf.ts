/** erf: 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x. */
import { exp, mul, neg } from '../kernel/expression.ts';
import { erfOf } from './shared/erf.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    erf: NoAttrs;
    /** gradient * 2 / sqrt(pi) * exp(-x^2) */
    erfGradient: NoAttrs;
  }
}

export const [erf, erfGradient] = curveOps('erf', 'erfGradient', {
  formula: () => '2 / sqrt(pi) * (integral of exp(-t^2) over t from 0 to x)',
  gradientFormula: () => 'gradient * 2 / sqrt(pi) * exp(-x^2)',
  value: (x, _attrs, k) => erfOf(k, x),
  slopeFrom: 'x',
  slope: (x) => mul(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI)),
  samples: elementwiseSamples({}, { kind: 'uniform', low: -3, high: 3 }),
  gradientSamples: gradientSamples({}),
  onnx: onnxNode('Erf'),
});
