/** mish: x * tanh(softplus(x)) (Misra 2020). */
import { fma, mul, sub, tanh } from '../kernel/expression.ts';
import { sigmoidOf } from './sigmoid.ts';
import { log1pExp } from './softplus.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    mish: NoAttrs;
    /** gradient * (t + x * sigmoid(x) * (1 - t^2)), t = tanh(softplus(x)) */
    mishGradient: NoAttrs;
  }
}

export const [mish, mishGradient] = curveOps('mish', 'mishGradient', {
  formula: () => 'x * tanh(log(1 + exp(x)))',
  gradientFormula: () => 'gradient * (t + x * (1 - t^2) / (1 + exp(-x))), t = tanh(log(1 + exp(x)))',
  namesX: true,
  value: (x, _attrs, k) => mul(x, tanh(log1pExp(k, x))),
  slopeFrom: 'x',
  slope: (x, _attrs, k) => {
    const t = k.let('t', tanh(log1pExp(k, x)));
    return fma(mul(x, sigmoidOf(x)), sub(1, mul(t, t)), t);
  },
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  gradientSamples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('Mish'),
});
