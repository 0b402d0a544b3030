/** mish: x * tanh(softplus(x)) (Misra 2020). */
import { fma, mul, sub, tanh } from '../kernel/expression.ts';
import { sigmoidOf } from './sigmoid.ts';
import { log1pExp } from './softplus.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    mish: Record<never, never>;
    /** gradient * (t + x * sigmoid(x) * (1 - t^2)), t = tanh(softplus(x)) */
    mishGradient: Record<never, never>;
  }
}

export const mish: OpDefinition<'mish'> = unaryOp({
  name: 'mish',
  value: (value, _attrs, k) => {
    const x = k.let('x', value);
    return mul(x, tanh(log1pExp(k, x)));
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('mishGradient', [gradient, x!])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: onnxNode('Mish'),
});

export const mishGradient: OpDefinition<'mishGradient'> = slopeOp({
  name: 'mishGradient',
  from: 'x',
  slope: (x, _attrs, k) => {
    const t = k.let('t', tanh(log1pExp(k, x)));
    return fma(mul(x, sigmoidOf(x)), sub(1, mul(t, t)), t);
  },
  samples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
});
