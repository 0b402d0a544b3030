/** relu: max(x, 0). NaN stays NaN. Its gradient at 0 is 0, as in PyTorch. */
import { f32 } from '../ir/types.ts';
import { gt, max, select } from '../kernel/expression.ts';
import { onnxNode } from './shared/onnx.ts';
import { pointwiseOp } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    relu: NoAttrs;
    /** gradient where result > 0, else 0 */
    reluGradient: NoAttrs;
  }
}

export const relu = pointwiseOp('relu', {
  operands: ['x'],
  keepsNonNegative: true,
  nonNegative: 'always',
  pointwise: ([x]) => max(x!, 0),
  gradient: ({ output, gradient, g }) => [g.node('reluGradient', [gradient, output])],
  samples: [
    { name: 'rank 4', inputs: [{ ...f32(2, 3, 4, 5), values: { kind: 'away', from: [0] } }], attrs: {} },
    { name: 'rank 2', inputs: [{ ...f32(3, 7), values: { kind: 'away', from: [0] } }], attrs: {} },
  ],
  onnx: onnxNode('Relu'),
});

/** reluGradient: passes the gradient where the forward result is above 0. Operands: gradient, result. */
export const reluGradient = pointwiseOp('reluGradient', {
  operands: ['gradient', 'result'],
  pointwise: ([gradient, result]) => select(gt(result!, 0), gradient!, 0),
  gradient: ({ inputs, gradient, g, needs }) => [
    needs(0) ? g.node('reluGradient', [gradient, inputs[1]!]) : undefined,
    undefined,
  ],
  samples: [
    {
      name: 'rank 4',
      inputs: [f32(2, 3, 4, 5), { ...f32(2, 3, 4, 5), values: { kind: 'away', from: [0] } }],
      attrs: {},
    },
  ],
});
