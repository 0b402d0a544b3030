/** leakyRelu: x above 0, else slope * x. Its gradient at 0 is the slope, as PyTorch's. */
import { f32Const, gt, mul, select } from '../kernel/expression.ts';
import { elementwiseSamples, gradientSamples, slopeOp, unaryOp } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

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

export const leakyRelu: OpDefinition<'leakyRelu'> = unaryOp({
  name: 'leakyRelu',
  value: (value, { slope }, k) => {
    const x = k.let('x', value);
    return select(gt(x, 0), x, mul(x, slope));
  },
  gradient: ({ attrs, inputs: [x], gradient, g }) => [g.node('leakyReluGradient', [gradient, x!], attrs)],
  samples: elementwiseSamples({ slope: 0.1 }, { kind: 'away', from: [0] }),
  onnx: onnxNode('LeakyRelu', ({ slope }) => ({ alpha: float(slope) })),
});

export const leakyReluGradient: OpDefinition<'leakyReluGradient'> = slopeOp({
  name: 'leakyReluGradient',
  from: 'x',
  slope: (x, { slope }) => select(gt(x, 0), f32Const(1), slope),
  pieces: 'leakyReluGradient',
  samples: gradientSamples({ slope: 0.1 }, { kind: 'away', from: [0] }),
});
