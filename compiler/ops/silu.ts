/** silu: x * sigmoid(x), also called swish (Elfwing et al. 2018). */
import { f32Const, fma, mul, sub } from '../kernel/expression.ts';
import { sigmoidOf } from './sigmoid.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    silu: NoAttrs;
    /** gradient * s * (1 + x * (1 - s)), s = sigmoid(x) */
    siluGradient: NoAttrs;
  }
}

export const [silu, siluGradient] = curveOps('silu', 'siluGradient', {
  formula: () => 'x / (1 + exp(-x))',
  gradientFormula: () => 'gradient * s * (1 + x * (1 - s)), s = 1 / (1 + exp(-x))',
  namesX: true,
  value: (x) => mul(x, sigmoidOf(x)),
  slopeFrom: 'x',
  slope: (x, _attrs, k) => {
    const s = k.let('s', sigmoidOf(x));
    return mul(s, fma(x, sub(1, s), f32Const(1)));
  },
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  gradientSamples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: ({ e, inputs: [x] }) => e.emit('Mul', [x, e.emit('Sigmoid', [x])]),
});
