/**
 * maxPool: out[n, c, y, x] = the largest element of the window; NaN wins. Padding never wins.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { max } from '../kernel/expression.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import {
  definePool,
  inferPool,
  poolCost,
  poolSamples,
  type PoolAttrs,
  poolsNothing,
  poolSight,
  windowsReachInput,
} from './shared/pool.ts';
import { firstOfWindow } from './shared/windowLoops.ts';
import { widerPadding } from './shared/window.ts';
import { windowName } from './shared/names.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maxPool: PoolAttrs;
  }
}

export const maxPool: OpDefinition<'maxPool'> = {
  name: 'maxPool',
  operands: ['x'],
  describe: ([x], attrs) => `maxPool_${windowName(attrs)}_${x!.shape[1]}`,
  sight: poolSight,
  withBorder(attrs, border) {
    const { value, surroundsNonNegative } = border;
    const neverWins = value === -Infinity || (value <= 0 && surroundsNonNegative);
    const padded = { ...attrs, padding: widerPadding(attrs.padding, border) };
    return neverWins && windowsReachInput(padded) ? padded : undefined;
  },
  isIdentity: poolsNothing,
  nonNegative: 'if operands are',
  infer: inferPool,

  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('maxPoolGradient', [gradient, x!, output], attrs),
  ],

  define({ attrs, inputs: [x], output }, k) {
    definePool(k, attrs, x!, output, (window) => {
      // The window's first element, because not every target can spell minus infinity.
      const best = k.variable(
        'best',
        window.load(...firstOfWindow(k, window.sliding, [window.oy, window.ox])),
      );
      window.forEach((value) => k.assign(best, max(best, value)));
      return best;
    });
  },

  cost: poolCost,
  samples: poolSamples({ kind: 'distinct' }),
  onnx: ({ e, inputs, types, attrs, output }) =>
    e.emit('MaxPool', inputs, poolAttributes(attrs, types[0]!, output)),
};
