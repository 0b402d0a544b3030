/** expand: repeats x to `shape`, aligned at the last axis (ONNX Expand, torch.broadcast_to). */
import { f32, sameShape } from '../ir/types.ts';
import { checkShape } from './leaves.ts';
import { movesOnly } from './shared/cost.ts';
import { axisNames, broadcastShapes, loadBroadcast, sumToShape } from './shared/pointwise.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition } from './types.ts';
import { along, axisLetters, element } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    expand: { readonly shape: readonly number[] };
  }
}

export const expand: OpDefinition<'expand'> = {
  name: 'expand',
  operands: ['x'],
  formula(_attrs, [x], { shape }) {
    const letters = axisLetters(shape.length).slice(shape.length - x!.shape.length);
    return element(
      'x',
      letters.map((letter, axis) => along(letter, x!.shape[axis]!)),
    );
  },
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  infer([x], { shape }, reject) {
    checkShape(shape, reject);
    const common = broadcastShapes([x!.shape, shape]);
    if (!common || !sameShape(common, shape)) {
      reject('CNNC1202', `the shape [${x!.shape.join(',')}] does not expand to [${shape.join(',')}]`);
    }
    return { dtype: x!.dtype, shape };
  },
  gradient: ({ inputs: [x], gradient, g }) => [sumToShape(g, gradient, g.shapeOf(x!))],
  define({ inputs: [x], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => output.store(index, loadBroadcast(x!, index)));
  },
  cost: movesOnly,
  samples: [
    { name: 'per channel', inputs: [f32(1, 3, 1, 1)], attrs: { shape: [2, 3, 4, 5] } },
    { name: 'a lower rank', inputs: [f32(3, 1)], attrs: { shape: [2, 3, 5] } },
    { name: 'a scalar', inputs: [f32()], attrs: { shape: [3, 2] } },
    { name: 'nothing to repeat', inputs: [f32(3, 2)], attrs: { shape: [3, 2] } },
  ],
  onnx: ({ e, inputs: [x], output }) => e.emit('Expand', [x, e.integers(output.shape)]),
};
