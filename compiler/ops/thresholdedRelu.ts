/** thresholdedRelu: x above alpha, else 0 (ONNX ThresholdedRelu). */
import { f32Const, gt, select } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

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

export const thresholdedRelu: OpDefinition<'thresholdedRelu'> = unaryOp({
  name: 'thresholdedRelu',
  value: (value, { alpha }, k) => {
    const x = k.let('x', value);
    return select(gt(x, alpha), x, 0);
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    g.node('thresholdedReluGradient', [gradient, x!], attrs),
  ],
  samples: elementwiseSamples({ alpha: 0.3 }, { kind: 'away', from: [0.3] }),
  onnx: onnxNode('ThresholdedRelu', ({ alpha }) => ({ alpha: float(alpha) })),
});

export const thresholdedReluGradient: OpDefinition<'thresholdedReluGradient'> = slopeOp({
  name: 'thresholdedReluGradient',
  from: 'x',
  slope: (x, { alpha }) => select(gt(x, alpha), f32Const(1), 0),
  pieces: 'thresholdedReluGradient',
  samples: gradientSamples({ alpha: 0.3 }, { kind: 'away', from: [0.3] }),
});
