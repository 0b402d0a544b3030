/** silu: x * sigmoid(x), also called swish (Elfwing et al. 2018). */
import { f32Const, fma, mul, sub } from '../kernel/expression.ts';
import { sigmoidOf } from './sigmoid.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    silu: Record<never, never>;
    /** gradient * s * (1 + x * (1 - s)), s = sigmoid(x) */
    siluGradient: Record<never, never>;
  }
}

export const silu: OpDefinition<'silu'> = unaryOp({
  name: 'silu',
  value: (value, _attrs, k) => {
    const x = k.let('x', value);
    return mul(x, sigmoidOf(x));
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('siluGradient', [gradient, x!])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -6, high: 6 }),
  onnx: ({ e, inputs: [x] }) => e.emit('Mul', [x, e.emit('Sigmoid', [x])]),
});

export const siluGradient: OpDefinition<'siluGradient'> = slopeOp({
  name: 'siluGradient',
  from: 'x',
  slope: (x, _attrs, k) => {
    const s = k.let('s', sigmoidOf(x));
    return mul(s, fma(x, sub(1, s), f32Const(1)));
  },
  samples: gradientSamples({}, { kind: 'uniform', low: -6, high: 6 }),
});
