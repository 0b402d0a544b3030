/** thresholdedRelu: x if x > alpha, else 0 (ONNX ThresholdedRelu). */
import { f32Const, gt, select } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

export interface ThresholdedReluAttrs {
  readonly alpha: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    thresholdedRelu: ThresholdedReluAttrs;
    /** gradient where x > alpha, else 0 */
    thresholdedReluGradient: ThresholdedReluAttrs;
  }
}

export const [thresholdedRelu, thresholdedReluGradient] = curveOps(
  'thresholdedRelu',
  'thresholdedReluGradient',
  {
    namesX: true,
    value: (x, { alpha }) => select(gt(x, alpha), x, 0),
    slopeFrom: 'x',
    slope: (x, { alpha }) => select(gt(x, alpha), f32Const(1), 0),
    isPiecewiseLinear: true,
    samples: elementwiseSamples({ alpha: 0.3 }, { kind: 'away', from: [0.3] }),
    gradientSamples: gradientSamples({ alpha: 0.3 }, { kind: 'away', from: [0.3] }),
    onnx: onnxNode('ThresholdedRelu', ({ alpha }) => ({ alpha: float(alpha) })),
  },
);
