/**
 * maxPoolGradient: every window's gradient goes to its first element, in scan order, that equals the
 * window's result; every input element gathers from the windows that cover it, so that it is stored once.
 * Serves minPool as well. Where a window holds NaN, no element of it gets anything.
 *
 *   gradient f32[N, C, H', W']
 *   x        f32[N, C, H, W]
 *   result   f32[N, C, H', W'], the forward result
 *   out      f32[N, C, H, W]
 */
import { f32 } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, constant, eq, and, lt, or, select } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { checkPlanes } from './shared/planes.ts';
import { checkPooled, poolAttrs, poolGradientCost, type PoolAttrs } from './shared/pool.ts';
import { windowPosition, type WindowAttrs } from './shared/window.ts';
import {
  forCovering,
  insideRange,
  withNamedEnd,
  slidingOver,
  type CoveringOutput,
  type Sliding,
} from './shared/windowLoops.ts';
import type { OpDefinition, SampleInput } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maxPoolGradient: PoolAttrs;
  }
}

/** How many elements of the output's window before (ky, kx), in scan order, equal the result. */
function countEarlier(
  k: KernelBuilder,
  sliding: Sliding,
  { oy, ox, ...element }: CoveringOutput,
  equalsResult: (row: Expr, column: Expr) => Expr,
): Expr {
  const [ky, kx] = [k.let('ky', element.ky), k.let('kx', element.kx)];
  const earlier = k.variable('earlier', constant(0));
  const columns = withNamedEnd(k, 'bxEnd', insideRange(sliding, 1, ox));
  k.for('by', insideRange(sliding, 0, oy).from, add(ky, 1), (by) =>
    k.for('bx', columns.from, columns.to, (bx) => {
      const [row, column] = [
        windowPosition(sliding.window, 0, oy, by),
        windowPosition(sliding.window, 1, ox, bx),
      ];
      const before = or(lt(by, ky), lt(bx, kx));
      k.assign(
        earlier,
        add(earlier, select(and(before, equalsResult(row, column)), constant(1), constant(0))),
      );
    }),
  );
  return earlier;
}

export const maxPoolGradient: OpDefinition<'maxPoolGradient'> = {
  name: 'maxPoolGradient',
  operands: ['gradient', 'x', 'result'],

  infer([gradient, x, result], attrs, reject) {
    checkPlanes(x!, reject);
    checkPooled('gradient', gradient!, x!.shape, attrs, reject);
    checkPooled('result', result!, x!.shape, attrs, reject);
    return { dtype: 'f32', shape: x!.shape };
  },

  // It asks whether x equals the result: as a function of the two it is continuous nowhere.
  gradient: 'notDifferentiable',

  define({ attrs, inputs: [gradient, x, result], output }, k) {
    const sliding = slidingOver(attrs, x!.type.shape, gradient!.type.shape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const value = k.let('value', x!.load([image!, c!, row!, column!]));
      const sum = k.variable('sum', 0);
      forCovering(k, sliding, [row!, column!], (covering) => {
        const place = [image!, c!, covering.oy, covering.ox];
        k.if(eq(value, result!.load(place)), () => {
          const earlier = countEarlier(k, sliding, covering, (r, q) =>
            eq(x!.load([image!, c!, r, q]), value),
          );
          k.if(eq(earlier, 0), () => k.assign(sum, add(sum, gradient!.load(place))));
        });
      });
      output.store([image!, c!, row!, column!], sum);
    });
  },

  cost: poolGradientCost,

  // A few small integers, so that elements equal the result by chance and ties abound.
  samples: [
    sample('2x2', [2, 3, 6, 8], [3, 4], poolAttrs([2, 2])),
    sample('3x3, stride 1, padding 1', [1, 2, 5, 6], [5, 6], {
      ...poolAttrs([3, 3]),
      stride: [1, 1],
      padding: [1, 1, 1, 1],
    }),
    sample('3x3, stride 2, ceil mode', [1, 2, 6, 7], [3, 3], {
      ...poolAttrs([3, 3]),
      stride: [2, 2],
      ceilMode: true,
    }),
    sample('2x2, six channels, a row and a column without a window', [2, 6, 5, 7], [2, 3], poolAttrs([2, 2])),
    sample('dilation 2 by 3', [1, 2, 7, 9], [5, 2], {
      ...poolAttrs([2, 3]),
      stride: [1, 2],
      dilation: [2, 3],
    }),
  ],
};

function sample(name: string, x: number[], plane: number[], attrs: PoolAttrs & WindowAttrs) {
  const few = (shape: number[]): SampleInput => ({
    dtype: 'f32',
    shape,
    values: { kind: 'integers', below: 3 },
  });
  const pooled = [x[0]!, x[1]!, ...plane];
  return { name, inputs: [f32(...pooled), few(x), few(pooled)], attrs };
}
