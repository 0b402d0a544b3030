/**
 * maxPool: out[n, c, y, x] = the largest element of the window; NaN wins. Padding never wins.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { max } from '../kernel/expression.ts';
import { extremePool } from './shared/extremePool.ts';
import { windowName } from './shared/names.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import { windowsReachInput, type PoolAttrs } from './shared/pool.ts';
import { widerPadding } from './shared/window.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maxPool: PoolAttrs;
  }
}

export const maxPool = extremePool('maxPool', {
  pick: max,
  what: 'max',
  nonNegative: 'if operands are',
  kernelName: ([x], attrs) => `maxPool_${windowName(attrs)}_${x!.shape[1]}`,
  withBorder(attrs, border) {
    const { value, surroundsNonNegative } = border;
    const neverWins = value === -Infinity || (value <= 0 && surroundsNonNegative);
    const padded = { ...attrs, padding: widerPadding(attrs.padding, border) };
    return neverWins && windowsReachInput(padded) ? padded : undefined;
  },
  onnx: ({ e, inputs, types, attrs, output }) =>
    e.emit('MaxPool', inputs, poolAttributes(attrs, types[0]!, output)),
});
