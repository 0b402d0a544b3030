/**
 * flatten: reshapes to two axes, one for the axes before `axis` and one for the rest (ONNX Flatten); [N, rest] for
 * axis 1.
 */
import { f32, sizeOf } from '../ir/types.ts';
import { copyInOrder } from './reshape.ts';
import { movesOnly } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    flatten: { readonly axis: number };
  }
}

export const flatten: OpDefinition<'flatten'> = {
  name: 'flatten',
  operands: ['x'],
  formula: () => 'x, its elements in row-major order in another shape',
  sight: 'whole plane',
  view: 'reshaped',
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  keepsExamples: ([x], _attrs, { shape }) => shape[0] === x!.shape[0],
  infer([x], { axis }, reject) {
    const rank = x!.shape.length;
    if (!(Number.isInteger(axis) && axis >= 0 && axis <= rank)) {
      reject('CNNC1204', `axis ${axis} does not lie between 0 and the input's rank ${rank}`);
    }
    return { dtype: x!.dtype, shape: [sizeOf(x!.shape.slice(0, axis)), sizeOf(x!.shape.slice(axis))] };
  },
  gradient: ({ inputs: [x], gradient, g }) => [g.node('reshape', [gradient], { shape: g.shapeOf(x!) })],
  define: ({ inputs: [x], output }, k) => copyInOrder(x!, output, k),
  cost: movesOnly,
  samples: [
    { name: 'axis 1', inputs: [f32(2, 3, 4, 5)], attrs: { axis: 1 } },
    { name: 'axis 2 of three', inputs: [f32(3, 5, 2)], attrs: { axis: 2 } },
    { name: 'axis 0', inputs: [f32(3, 5)], attrs: { axis: 0 } },
    { name: 'axis after the last', inputs: [f32(3, 5)], attrs: { axis: 2 } },
  ],
  onnx: onnxNode('Flatten', ({ axis }) => ({ axis: int(axis) })),
};
