/**
 * selu: gamma * (x above 0, else alpha * (exp(x) - 1)) (Klambauer et al. 2017, where alpha = 1.6732632 and
 * gamma = 1.0507010).
 */
import { exp, f32Const, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

export interface SeluAttrs {
  readonly alpha: number;
  readonly gamma: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    selu: SeluAttrs;
    /** gradient * gamma where x > 0, else gradient * gamma * alpha * exp(x) */
    seluGradient: SeluAttrs;
  }
}

const selfNormalizing: SeluAttrs = { alpha: 1.6732632423543772, gamma: 1.0507009873554805 };

export const selu: OpDefinition<'selu'> = unaryOp({
  name: 'selu',
  value: (value, { alpha, gamma }, k) => {
    const x = k.let('x', value);
    return mul(select(gt(x, 0), x, mul(sub(exp(min(x, 0)), 1), alpha)), gamma);
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [g.node('seluGradient', [gradient, x!], attrs)],
  samples: elementwiseSamples(selfNormalizing, { kind: 'away', from: [0] }),
  onnx: onnxNode('Selu', ({ alpha, gamma }) => ({ alpha: float(alpha), gamma: float(gamma) })),
});

export const seluGradient: OpDefinition<'seluGradient'> = slopeOp({
  name: 'seluGradient',
  from: 'x',
  slope: (x, { alpha, gamma }) => select(gt(x, 0), f32Const(gamma), mul(exp(min(x, 0)), alpha * gamma)),
  samples: gradientSamples(selfNormalizing, { kind: 'away', from: [0] }),
});
