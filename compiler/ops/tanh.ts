/** tanh: the hyperbolic tangent. */
import { mul, sub, tanh as tanhOf } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    tanh: NoAttrs;
    /** gradient * (1 - result^2) */
    tanhGradient: NoAttrs;
  }
}

export const [tanh, tanhGradient] = curveOps('tanh', 'tanhGradient', {
  value: (x) => tanhOf(x),
  slopeFrom: 'result',
  slope: (y) => sub(1, mul(y, y)),
  samples: elementwiseSamples({}, { kind: 'uniform', low: -3, high: 3 }),
  gradientSamples: gradientSamples({}),
  onnx: onnxNode('Tanh'),
});
