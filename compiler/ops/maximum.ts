/** maximum: the larger of a and b, with broadcasting; NaN wins. Where they are equal each gets half of the gradient. */
import { f32 } from '../ir/types.ts';
import { eq, f32Const, gt, max, mul, select } from '../kernel/expression.ts';
import { binaryOp, binarySamples, inferF32 } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { pointwiseOp, sumToShape } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maximum: Record<never, never>;
    /** gradient where own is the larger, half of it where own equals other */
    maximumGradient: Record<never, never>;
  }
}

export const maximum: OpDefinition<'maximum'> = binaryOp({
  name: 'maximum',
  value: (a, b) => max(a, b),
  gradient: ({ inputs: [a, b], gradient, g, needs }) => [
    needs(0) ? sumToShape(g, g.node('maximumGradient', [gradient, a!, b!]), g.shapeOf(a!)) : undefined,
    needs(1) ? sumToShape(g, g.node('maximumGradient', [gradient, b!, a!]), g.shapeOf(b!)) : undefined,
  ],
  samples: binarySamples(),
  onnx: onnxNode('Max'),
});

export const maximumGradient: OpDefinition<'maximumGradient'> = pointwiseOp({
  name: 'maximumGradient',
  operands: ['gradient', 'own', 'other'],
  infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
  gradient: ({ inputs: [, own, other], gradient, g, needs }) => [
    needs(0) ? g.node('maximumGradient', [gradient, own!, other!]) : undefined,
    undefined,
    undefined,
  ],
  pointwise([gradient, first, second], _attrs, k) {
    const [own, other] = [k.let('mine', first!), k.let('yours', second!)];
    const share = select(eq(own, other), f32Const(0.5), 0);
    return mul(gradient!, select(gt(own, other), 1, share));
  },
  samples: [
    { name: 'same shape', inputs: [f32(3, 5), f32(3, 5), f32(3, 5)], attrs: {} },
    { name: 'per channel', inputs: [f32(2, 3, 5), f32(2, 3, 5), f32(3, 1)], attrs: {} },
  ],
});
