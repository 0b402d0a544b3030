/** tanh: the hyperbolic tangent. */
import { mul, sub, tanh as tanhOf } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    tanh: Record<never, never>;
    /** gradient * (1 - result^2) */
    tanhGradient: Record<never, never>;
  }
}

export const tanh: OpDefinition<'tanh'> = unaryOp({
  name: 'tanh',
  value: (x) => tanhOf(x),
  gradient: ({ output, gradient, g }) => [g.node('tanhGradient', [gradient, output])],
  samples: elementwiseSamples({}, { kind: 'uniform', low: -3, high: 3 }),
  onnx: onnxNode('Tanh'),
});

export const tanhGradient: OpDefinition<'tanhGradient'> = slopeOp({
  name: 'tanhGradient',
  from: 'result',
  slope: (y) => sub(1, mul(y, y)),
  samples: gradientSamples({}),
});
