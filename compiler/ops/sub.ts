/** sub: a - b with broadcasting. */
import { sub as difference } from '../kernel/expression.ts';
import { binaryOp, binarySamples } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { sumToShape } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sub: NoAttrs;
  }
}

export const sub = binaryOp('sub', {
  neutral: 0,
  affine: 'summand',
  value: (a, b) => difference(a, b),
  gradient: ({ inputs: [a, b], gradient, g, needs }) => [
    needs(0) ? sumToShape(g, gradient, g.shapeOf(a!)) : undefined,
    needs(1) ? g.node('neg', [sumToShape(g, gradient, g.shapeOf(b!))]) : undefined,
  ],
  samples: binarySamples(),
  onnx: onnxNode('Sub'),
});
