/** cast: converts the elements to another type. f32 to an integer truncates toward zero (ONNX Cast). */
import { f32 } from '../ir/types.ts';
import { cast as castTo } from '../kernel/expression.ts';
import { pointwiseOp } from './shared/pointwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    cast: { readonly dtype: DType };
  }
}

export const cast = pointwiseOp('cast', {
  operands: ['x'],
  isIdentity: ([x], { dtype }) => x!.dtype === dtype,
  infer: ([x], { dtype }) => ({ dtype, shape: x!.shape }),
  pointwise: ([x], { dtype }) => castTo(x!, dtype),
  // No gradient passes through integers.
  gradient: ({ attrs, inputs: [x], gradient, g }) => [
    attrs.dtype === 'f32' && g.typeOf(x!).dtype === 'f32' ? gradient : undefined,
  ],
  samples: [
    {
      name: 'f32 to i32',
      inputs: [{ ...f32(3, 5), values: { kind: 'uniform', low: -9, high: 9 } }],
      attrs: { dtype: 'i32' },
    },
    {
      name: 'f32 to u32',
      inputs: [{ ...f32(3, 5), values: { kind: 'uniform', low: 0, high: 9 } }],
      attrs: { dtype: 'u32' },
    },
    {
      name: 'i32 to f32',
      inputs: [{ dtype: 'i32', shape: [2, 3], values: { kind: 'exact', data: [-3, -2, -1, 0, 1, 2 ** 24] } }],
      attrs: { dtype: 'f32' },
    },
    {
      name: 'u32 to i32',
      inputs: [
        { dtype: 'u32', shape: [4], values: { kind: 'exact', data: [0, 1, 2 ** 31 - 1, 2 ** 32 - 1] } },
      ],
      attrs: { dtype: 'i32' },
    },
    { name: 'f32 to f32', inputs: [f32(2, 3)], attrs: { dtype: 'f32' } },
  ],
  onnx: ({ e, inputs: [x], attrs: { dtype } }) => e.cast(x!, dtype),
});
