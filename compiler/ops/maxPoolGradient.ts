/**
 * maxPoolGradient: the gradient of every window goes to its first element, in scan order, that equals the window's
 * result. It serves minPool too. If a window contains NaN, none of its elements gets a gradient. The operator
 * compares x with the result; as a function of the two it is not continuous anywhere, so it has no gradient.
 */
import { f32 } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import { add, constant, eq, and, lt, or, select } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { poolAttrs, type PoolAttrs } from './shared/pool.ts';
import { poolGradientOp } from './shared/poolGradient.ts';
import { windowPosition, type WindowAttrs } from './shared/window.ts';
import { insideRange, withNamedEnd, type CoveringOutput, type Sliding } from './shared/windowLoops.ts';
import type { SampleInput } from './types.ts';
import { covered } from './shared/poolFormula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    maxPoolGradient: PoolAttrs;
  }
}

/** The number of elements of the output's window before (ky, kx), in scan order, that equal the result. */
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

export const maxPoolGradient = poolGradientOp('maxPoolGradient', {
  formula: (attrs) =>
    covered(
      attrs,
      (gradient) => `${gradient} where x[n, c, h, w] is the first of the window equal to result`,
    ),
  gather(k, sum, { sliding, output, value, gradient, result, load }) {
    k.if(eq(value, result), () => {
      const earlier = countEarlier(k, sliding, output, (row, column) => eq(load(row, column), value));
      k.if(eq(earlier, 0), () => k.assign(sum, add(sum, gradient)));
    });
  },

  // A few small integers, so that many elements equal the result by chance.
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
    sample('3x3, stride 2, padding 1, eight channels', [2, 8, 7, 8], [4, 4], {
      ...poolAttrs([3, 3]),
      stride: [2, 2],
      padding: [1, 1, 1, 1],
    }),
    sample('3x2, stride 1 by 3, ceil mode, four channels', [1, 4, 5, 10], [5, 4], {
      ...poolAttrs([3, 2]),
      stride: [1, 3],
      padding: [1, 0, 1, 1],
      ceilMode: true,
    }),
    sample('dilation 2 by 3', [1, 2, 7, 9], [5, 2], {
      ...poolAttrs([2, 3]),
      stride: [1, 2],
      dilation: [2, 3],
    }),
  ],
});

function sample(name: string, x: number[], plane: number[], attrs: PoolAttrs & WindowAttrs) {
  const few = (shape: number[]): SampleInput => ({
    dtype: 'f32',
    shape,
    values: { kind: 'integers', below: 3 },
  });
  const pooled = [x[0]!, x[1]!, ...plane];
  return { name, inputs: [f32(...pooled), few(x), few(pooled)], attrs };
}
