/** transpose: axis i of the result is axis `permutation[i]` of x (ONNX Transpose, torch.permute). */
import { f32 } from '../ir/types.ts';
import { checkAxes } from './shared/axes.ts';
import { movesOnly } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, element } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    transpose: { readonly permutation: readonly number[] };
  }
}

const inverse = (permutation: readonly number[]): number[] =>
  permutation.map((_, axis) => permutation.indexOf(axis));

export const transpose: OpDefinition<'transpose'> = {
  name: 'transpose',
  operands: ['x'],
  formula({ permutation }) {
    const letters = axisLetters(permutation.length);
    return element(
      'x',
      inverse(permutation).map((place) => letters[place]!),
    );
  },
  sight: 'unknown',
  isIdentity: (_inputs, { permutation }) => permutation.every((axis, i) => axis === i),
  nonNegative: 'if operands are',
  infer([x], { permutation }, reject) {
    const rank = x!.shape.length;
    if (permutation.length !== rank)
      reject('CNNC1204', `the permutation has ${permutation.length} axes, the input has rank ${rank}`);
    checkAxes(permutation, rank, reject);
    return { dtype: x!.dtype, shape: permutation.map((axis) => x!.shape[axis]!) };
  },
  gradient: ({ attrs: { permutation }, gradient, g }) => [
    g.node('transpose', [gradient], { permutation: inverse(permutation) }),
  ],
  define({ attrs: { permutation }, inputs: [x], output }, k) {
    const shape = output.type.shape;
    const places = inverse(permutation);
    k.forEach(axisNames(shape.length), shape, (index) =>
      output.store(index, x!.load(places.map((place) => index[place]!))),
    );
  },
  cost: movesOnly,
  samples: [
    { name: 'to channels last', inputs: [f32(2, 3, 4, 5)], attrs: { permutation: [0, 2, 3, 1] } },
    { name: 'a matrix', inputs: [f32(3, 7)], attrs: { permutation: [1, 0] } },
    { name: 'a cycle of three', inputs: [f32(2, 3, 5)], attrs: { permutation: [2, 0, 1] } },
    {
      name: 'five axes, as a channel shuffle',
      inputs: [f32(1, 2, 3, 2, 2)],
      attrs: { permutation: [0, 2, 1, 3, 4] },
    },
    { name: 'nothing moves', inputs: [f32(2, 3)], attrs: { permutation: [0, 1] } },
  ],
  onnx: ({ e, inputs: [x], attrs: { permutation } }) => e.transpose(x!, permutation),
};
