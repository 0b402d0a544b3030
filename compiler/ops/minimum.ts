/** minimum: the smaller of a and b, with broadcasting; NaN wins. Where they are equal each gets half of the gradient. */
import { f32 } from '../ir/types.ts';
import { eq, f32Const, lt, min, mul, select } from '../kernel/expression.ts';
import { binaryOp, binarySamples, inferF32 } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { pointwiseOp, sumToShape } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    minimum: Record<never, never>;
    /** gradient where own is the smaller, half of it where own equals other */
    minimumGradient: Record<never, never>;
  }
}

export const minimum: OpDefinition<'minimum'> = binaryOp({
  name: 'minimum',
  value: (a, b) => min(a, b),
  gradient: ({ inputs: [a, b], gradient, g, needs }) => [
    needs(0) ? sumToShape(g, g.node('minimumGradient', [gradient, a!, b!]), g.shapeOf(a!)) : undefined,
    needs(1) ? sumToShape(g, g.node('minimumGradient', [gradient, b!, a!]), g.shapeOf(b!)) : undefined,
  ],
  samples: binarySamples(),
  onnx: onnxNode('Min'),
});

export const minimumGradient: OpDefinition<'minimumGradient'> = pointwiseOp({
  name: 'minimumGradient',
  operands: ['gradient', 'own', 'other'],
  infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
  gradient: ({ inputs: [, own, other], gradient, g, needs }) => [
    needs(0) ? g.node('minimumGradient', [gradient, own!, other!]) : undefined,
    undefined,
    undefined,
  ],
  pointwise([gradient, first, second], _attrs, k) {
    const [own, other] = [k.let('mine', first!), k.let('yours', second!)];
    const share = select(eq(own, other), f32Const(0.5), 0);
    return mul(gradient!, select(lt(own, other), 1, share));
  },
  samples: [
    { name: 'same shape', inputs: [f32(3, 5), f32(3, 5), f32(3, 5)], attrs: {} },
    { name: 'per channel', inputs: [f32(2, 3, 5), f32(2, 3, 5), f32(3, 1)], attrs: {} },
  ],
});
