/** celu: max(x, 0) + min(0, alpha * (exp(x / alpha) - 1)) (Barron 2017). */
import { div, exp, gt, min, mul, select, sub } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

export interface CeluAttrs {
  readonly alpha: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    celu: CeluAttrs;
    /** gradient * exp(min(x, 0) / alpha) */
    celuGradient: CeluAttrs;
  }
}

export const [celu, celuGradient] = curveOps('celu', 'celuGradient', {
  check: ({ alpha }, reject) => {
    if (!(alpha > 0)) reject('CNNC1104', `alpha is ${alpha}, expected a number above 0`);
  },
  namesX: true,
  value: (x, { alpha }) => select(gt(x, 0), x, mul(sub(exp(div(min(x, 0), alpha)), 1), alpha)),
  slopeFrom: 'x',
  slope: (x, { alpha }) => exp(div(min(x, 0), alpha)),
  samples: elementwiseSamples({ alpha: 0.7 }, { kind: 'away', from: [0] }),
  gradientSamples: gradientSamples({ alpha: 0.7 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('Celu', ({ alpha }) => ({ alpha: float(alpha) })),
});
