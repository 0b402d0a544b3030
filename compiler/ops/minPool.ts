/**
 * minPool: out[n, c, y, x] = the smallest element of the window; NaN wins. Padding never wins.
 *
 *   x   f32[N, C, H, W]
 *   out f32[N, C, H', W']
 */
import { min } from '../kernel/expression.ts';
import { extremePool } from './shared/extremePool.ts';
import { poolAttributes } from './shared/onnxWindow.ts';
import type { PoolAttrs } from './shared/pool.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    minPool: PoolAttrs;
  }
}

export const minPool = extremePool('minPool', {
  pick: min,
  what: 'min',
  onnx: ({ e, inputs: [x], types, attrs, output }) =>
    e.emit('Neg', [e.emit('MaxPool', [e.emit('Neg', [x])], poolAttributes(attrs, types[0]!, output))]),
});
