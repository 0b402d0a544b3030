/** add: a + b with broadcasting. */
import { f32 } from '../ir/types.ts';
import { add as sum } from '../kernel/expression.ts';
import { onnxNode } from './shared/onnx.ts';
import { pointwiseOp, sumToShape } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    add: NoAttrs;
  }
}

export const add = pointwiseOp('add', {
  operands: ['a', 'b'],
  commutative: true,
  neutral: 0,
  affine: 'summand',
  nameInTail: 'residual',
  nonNegative: 'if operands are',
  pointwise: ([a, b]) => sum(a!, b!),
  gradient: ({ inputs: [a, b], gradient, g, needs }) => [
    needs(0) ? sumToShape(g, gradient, g.shapeOf(a!)) : undefined,
    needs(1) ? sumToShape(g, gradient, g.shapeOf(b!)) : undefined,
  ],
  samples: [
    { name: 'same shape', inputs: [f32(2, 3, 4, 5), f32(2, 3, 4, 5)], attrs: {} },
    { name: 'per channel', inputs: [f32(2, 3, 4, 5), f32(1, 3, 1, 1)], attrs: {} },
    { name: 'lower rank on the left', inputs: [f32(5), f32(3, 1)], attrs: {} },
    { name: 'scalar', inputs: [f32(2, 3), f32()], attrs: {} },
  ],
  onnx: onnxNode('Add'),
});
