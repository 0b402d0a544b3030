/**
 * selu: gamma * x if x > 0, else gamma * alpha * (exp(x) - 1) (Klambauer et al. 2017, where alpha = 1.6732632 and
 * gamma = 1.0507010).
 */
import { exp, f32Const, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

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

export const [selu, seluGradient] = curveOps('selu', 'seluGradient', {
  namesX: true,
  value: (x, { alpha, gamma }) => mul(select(gt(x, 0), x, mul(sub(exp(min(x, 0)), 1), alpha)), gamma),
  slopeFrom: 'x',
  slope: (x, { alpha, gamma }) => select(gt(x, 0), f32Const(gamma), mul(exp(min(x, 0)), alpha * gamma)),
  samples: elementwiseSamples(selfNormalizing, { kind: 'away', from: [0] }),
  gradientSamples: gradientSamples(selfNormalizing, { kind: 'away', from: [0] }),
  onnx: onnxNode('Selu', ({ alpha, gamma }) => ({ alpha: float(alpha), gamma: float(gamma) })),
});
