/** leakyRelu: x if x > 0, else slope * x. Its gradient at 0 is the slope, as in PyTorch. */
import { f32Const, gt, mul, select } from '../kernel/expression.ts';
import { curveOps } from './shared/curves.ts';
import { elementwiseSamples, gradientSamples } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';

export interface LeakyReluAttrs {
  readonly slope: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    leakyRelu: LeakyReluAttrs;
    /** gradient where x > 0, else slope * gradient */
    leakyReluGradient: LeakyReluAttrs;
  }
}

export const [leakyRelu, leakyReluGradient] = curveOps('leakyRelu', 'leakyReluGradient', {
  namesX: true,
  value: (x, { slope }) => select(gt(x, 0), x, mul(x, slope)),
  slopeFrom: 'x',
  slope: (x, { slope }) => select(gt(x, 0), f32Const(1), slope),
  isPiecewiseLinear: true,
  samples: elementwiseSamples({ slope: 0.1 }, { kind: 'away', from: [0] }),
  gradientSamples: gradientSamples({ slope: 0.1 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('LeakyRelu', ({ slope }) => ({ alpha: float(slope) })),
});
