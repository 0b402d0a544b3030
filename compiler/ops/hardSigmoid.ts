/** hardSigmoid: alpha * x + beta, limited to [0, 1] (ONNX; PyTorch has alpha = 1/6 and beta = 1/2). */
import { add, and, f32Const, gt, lt, max, min, mul, select } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

export interface HardSigmoidAttrs {
  readonly alpha: number;
  readonly beta: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    hardSigmoid: HardSigmoidAttrs;
    /** gradient * alpha where 0 < result < 1, else 0 */
    hardSigmoidGradient: HardSigmoidAttrs;
  }
}

/** Both kinks, at -2/3 and 1/3, are within the samples. */
const steep: HardSigmoidAttrs = { alpha: 1, beta: 2 / 3 };

export const [hardSigmoid, hardSigmoidGradient] = curveOps('hardSigmoid', 'hardSigmoidGradient', {
  nonNegative: 'always',
  value: (x, { alpha, beta }) => min(max(add(mul(x, alpha), beta), 0), 1),
  slopeFrom: 'result',
  slope: (y, { alpha }) => select(and(gt(y, 0), lt(y, 1)), f32Const(alpha), 0),
  isPiecewiseLinear: true,
  samples: elementwiseSamples(steep, { kind: 'away', from: [-2 / 3, 1 / 3] }),
  gradientSamples: gradientSamples(steep, { kind: 'uniform', low: -0.5, high: 1.5 }),
  onnx: onnxNode('HardSigmoid', ({ alpha, beta }) => ({ alpha: float(alpha), beta: float(beta) })),
});
