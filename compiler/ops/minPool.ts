/**
 * minPool: out[n, c, y, x] = the smallest element of the window; NaN wins. Padding never wins.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { min } from '../kernel/expression.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import {
  definePool,
  inferPool,
  poolCost,
  poolSamples,
  type PoolAttrs,
  poolsNothing,
  poolSight,
} from './shared/pool.ts';
import { firstOfWindow } from './shared/windowLoops.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    minPool: PoolAttrs;
  }
}

export const minPool: OpDefinition<'minPool'> = {
  name: 'minPool',
  operands: ['x'],
  sight: poolSight,
  isIdentity: poolsNothing,
  infer: inferPool,

  // The same rule serves: the element that equals the window's result gets the gradient.
  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('maxPoolGradient', [gradient, x!, output], attrs),
  ],

  define({ attrs, inputs: [x], output }, k) {
    definePool(k, attrs, x!, output, (window) => {
      const best = k.variable(
        'best',
        window.load(...firstOfWindow(k, window.sliding, [window.oy, window.ox])),
      );
      window.forEach((value) => k.assign(best, min(best, value)));
      return best;
    });
  },

  cost: poolCost,
  samples: poolSamples({ kind: 'distinct' }),
  onnx: ({ e, inputs: [x], types, attrs, output }) =>
    e.emit('Neg', [e.emit('MaxPool', [e.emit('Neg', [x])], poolAttributes(attrs, types[0]!, output))]),
};
