/** elu: x if x > 0, else alpha * (exp(x) - 1) (Clevert et al. 2016). */
import { exp, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

export interface EluAttrs {
  readonly alpha: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    elu: EluAttrs;
    /** gradient where x > 0, else gradient * alpha * exp(x) */
    eluGradient: EluAttrs;
  }
}

export const [elu, eluGradient] = curveOps('elu', 'eluGradient', {
  namesX: true,
  value: (x, { alpha }) => select(gt(x, 0), x, mul(sub(exp(min(x, 0)), 1), alpha)),
  slopeFrom: 'x',
  slope: (x, { alpha }) => select(gt(x, 0), 1, mul(exp(min(x, 0)), alpha)),
  samples: elementwiseSamples({ alpha: 1.5 }, { kind: 'away', from: [0] }),
  gradientSamples: gradientSamples({ alpha: 1.5 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('Elu', ({ alpha }) => ({ alpha: float(alpha) })),
});
