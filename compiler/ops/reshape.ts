/** reshape: the same elements in row-major order with another shape (ONNX Reshape, torch.reshape). */
import { sizeOf } from '../ir/types.ts';
import { f32 } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { checkShape } from './leaves.ts';
import { movesOnly } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import { rowMajorIndex, rowMajorNumber } from './shared/rowMajor.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition, OutputAccess, TensorAccess } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reshape: { readonly shape: readonly number[] };
  }
}

export const reshape: OpDefinition<'reshape'> = {
  name: 'reshape',
  operands: ['x'],
  formula: () => 'x, its elements in row-major order in another shape',
  sight: 'unknown',
  view: 'reshaped',
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  keepsExamples: ([x], _attrs, { shape }) => shape[0] === x!.shape[0],
  infer([x], { shape }, reject) {
    checkShape(shape, reject);
    if (sizeOf(shape) !== sizeOf(x!.shape)) {
      reject(
        'CNNC1202',
        `the input has ${sizeOf(x!.shape)} elements, the shape [${shape.join(',')}] has ${sizeOf(shape)}`,
      );
    }
    return { dtype: x!.dtype, shape };
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('reshape', [gradient], { shape: g.shapeOf(x!) })],
  define: ({ inputs: [x], output }, k) => copyInOrder(x!, output, k),
  cost: movesOnly,
  samples: [
    { name: 'to fewer axes', inputs: [f32(2, 3, 4, 5)], attrs: { shape: [6, 20] } },
    { name: 'to more axes', inputs: [f32(6, 35)], attrs: { shape: [2, 3, 1, 5, 7] } },
    { name: 'to a scalar', inputs: [f32(1, 1)], attrs: { shape: [] } },
    { name: 'a scalar', inputs: [f32()], attrs: { shape: [1, 1, 1] } },
    { name: 'across all extents', inputs: [f32(3, 5, 4)], attrs: { shape: [4, 15] } },
  ],
  onnx: ({ e, inputs: [x], output }) => e.reshape(x!, output.shape),
};

/** Copies element by element in row-major order. The shapes may differ. */
export function copyInOrder(x: TensorAccess, output: OutputAccess, k: KernelBuilder): void {
  const shape = output.type.shape;
  k.forEach(axisNames(shape.length), shape, (index) => {
    const number = k.let('element', rowMajorNumber(shape, index));
    output.store(index, x.load(rowMajorIndex(x.type.shape, number)));
  });
}
