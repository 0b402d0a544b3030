/**
 * maxPoolIndices: the index of the largest element of each window of maxPool, as h * W + w in its channel's plane
 * (PyTorch's return_indices). Of equal elements the first one in scan order counts. NaN never wins here.
 *
 *   x   f32[N, C, H, W]
 *   out i32[N, C, H', W']
 */
import { add, gt, mul } from '../kernel/expression.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import { definePool, inferPool, poolCost, poolSamples, type PoolAttrs } from './shared/pool.ts';
import { firstOfWindow } from './shared/windowLoops.ts';
import type { OpDefinition } from './types.ts';
import { windowPlace, windowTaps } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maxPoolIndices: PoolAttrs;
  }
}

export const maxPoolIndices: OpDefinition<'maxPoolIndices'> = {
  name: 'maxPoolIndices',
  operands: ['x'],
  formula(attrs, [x]) {
    const [row, column] = windowPlace(attrs);
    const loops = windowTaps(attrs.kernel).join(', ');
    const place = `${x!.shape[3]} * row + column of the largest x[n, c, row, column]`;
    return `${place}, first of equals, row = ${row}, column = ${column}${loops && `, ${loops}`}`;
  },
  infer: (inputs, attrs, reject) => ({ ...inferPool(inputs, attrs, reject), dtype: 'i32' }),
  gradient: 'notDifferentiable',

  define({ attrs, inputs: [x], output }, k) {
    const width = x!.type.shape[3]!;
    definePool(k, attrs, x!, output, (window) => {
      const [firstRow, firstColumn] = firstOfWindow(k, window.sliding, [window.oy, window.ox]);
      const best = k.variable('best', window.load(firstRow, firstColumn));
      const index = k.variable('index', add(mul(firstRow, width), firstColumn));
      window.forEach((value, { row, column }) =>
        k.if(gt(value, best), () => {
          k.assign(best, value);
          k.assign(index, add(mul(row, width), column));
        }),
      );
      return index;
    });
  },

  cost: poolCost,
  samples: [
    ...poolSamples({ kind: 'distinct' }),
    ...poolSamples({ kind: 'integers', below: 3 }).map((sample) => ({
      ...sample,
      name: `ties: ${sample.name}`,
    })),
  ],
  onnx: ({ e, inputs, types, attrs, output }) => {
    // ONNX counts through all planes of all images. Here each plane is counted separately.
    const [, , height, width] = types[0]!.shape;
    const indices = e.emitSecond('MaxPool', inputs, poolAttributes(attrs, types[0]!, output));
    const plane = e.constant('i64', [], BigInt64Array.of(BigInt(height! * width!)));
    return e.cast(e.emit('Mod', [indices, plane]), 'i32');
  },
};
