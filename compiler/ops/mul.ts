/** mul: a * b with broadcasting. */
import { mul as product } from '../kernel/expression.ts';
import { binaryOp, binarySamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { sumToShape } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    mul: NoAttrs;
  }
}

export const mul = binaryOp('mul', {
  commutative: true,
  neutral: 1,
  affine: 'factor',
  nonNegative: 'if operands are',
  value: (a, b) => product(a, b),
  gradient: ({ inputs: [a, b], gradient, g, needs }) => [
    needs(0) ? sumToShape(g, g.node('mul', [gradient, b!]), g.shapeOf(a!)) : undefined,
    needs(1) ? sumToShape(g, g.node('mul', [gradient, a!]), g.shapeOf(b!)) : undefined,
  ],
  samples: binarySamples(),
  onnx: onnxNode('Mul'),
});
