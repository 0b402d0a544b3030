/** where: a where the condition is not 0, else b, with broadcasting (ONNX Where, torch.where). */
import { f32, formatType, type TensorType } from '../ir/types.ts';
import { ne, select } from '../kernel/expression.ts';
import { scalar } from './leaves.ts';
import { inferBroadcast, pointwiseOp, sumToShape } from './shared/pointwise.ts';
import type { SampleInput } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    where: NoAttrs;
  }
}

export const where = pointwiseOp('where', {
  operands: ['condition', 'a', 'b'],
  infer([condition, a, b], _attrs, reject): TensorType {
    if (a!.dtype !== b!.dtype)
      reject('CNNC1203', `a is ${formatType(a!)} and b is ${formatType(b!)}, expected one type`);
    return { dtype: a!.dtype, shape: inferBroadcast([condition!, a!, b!], reject).shape };
  },
  pointwise: ([condition, a, b]) => select(ne(condition!, 0), a!, b!),
  gradient({ inputs: [condition, a, b], gradient, g, needs }) {
    if (!needs(1) && !needs(2)) return [];
    const zero = scalar(g, 0);
    return [
      undefined,
      needs(1) ? sumToShape(g, g.node('where', [condition!, gradient, zero]), g.shapeOf(a!)) : undefined,
      needs(2) ? sumToShape(g, g.node('where', [condition!, zero, gradient]), g.shapeOf(b!)) : undefined,
    ];
  },
  samples: [
    { name: 'same shape', inputs: [mask(2, 3, 5), f32(2, 3, 5), f32(2, 3, 5)], attrs: {} },
    { name: 'a mask per channel, a scalar', inputs: [mask(3, 1), f32(2, 3, 5), f32()], attrs: {} },
    { name: 'everything broadcast', inputs: [mask(4, 1), f32(3), f32(2, 1, 1)], attrs: {} },
    {
      name: 'a condition of f32',
      inputs: [{ ...f32(7), values: { kind: 'integers', below: 2 } }, f32(7), f32(7)],
      attrs: {},
    },
  ],
  onnx: ({ e, inputs: [condition, a, b] }) => e.emit('Where', [e.cast(condition!, 'bool'), a, b]),
});

function mask(...shape: number[]): SampleInput {
  return { dtype: 'i32', shape, values: { kind: 'integers', below: 2 } };
}
