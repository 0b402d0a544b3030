/**
 * The gradient of a pooling that reads x and the result. Every element of x gathers from the windows that cover it, so
 * it is stored once.
 *
 *   gradient f32[N, C, H', W']
 *   x        f32[N, C, H, W]
 *   result   f32[N, C, H', W'], the forward result
 *   out      f32[N, C, H, W]
 */
import type { Attrs } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpDefinition, Reject } from '../types.ts';
import { checkPlanes } from './planes.ts';
import { checkPooled, poolGradientCost } from './pool.ts';
import { forCovering, slidingOver, type CoveringOutput, type Sliding } from './windowLoops.ts';

type PoolGradient = 'maxPoolGradient' | 'lpPoolGradient';

/** One window that covers an element of x. */
export interface Covering {
  readonly sliding: Sliding;
  readonly output: CoveringOutput;
  /** The value of the element. */
  readonly value: Expr;
  readonly gradient: Expr;
  readonly result: Expr;
  /** Loads another element of the same plane of x. */
  load(row: Expr, column: Expr): Expr;
}

interface PoolGradientPart<K extends PoolGradient> extends Pick<OpDefinition<K>, 'samples'> {
  readonly formula: NonNullable<OpDefinition<K>['formula']>;
  readonly check?: (attrs: Attrs[K], reject: Reject) => void;
  /** Adds a window's contribution to the element's sum. */
  readonly gather: (k: KernelBuilder, sum: Expr, covering: Covering, attrs: Attrs[K]) => void;
}

export const poolGradientOp = <K extends PoolGradient>(
  name: K,
  { check, gather, formula, samples }: PoolGradientPart<K>,
): OpDefinition<K> => ({
  name,
  operands: ['gradient', 'x', 'result'],
  formula,
  infer([gradient, x, result], attrs, reject) {
    checkPlanes(x!, reject);
    check?.(attrs, reject);
    checkPooled('gradient', gradient!, x!.shape, attrs, reject);
    checkPooled('result', result!, x!.shape, attrs, reject);
    return { dtype: 'f32', shape: x!.shape };
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, x, result], output }, k) {
    const sliding = slidingOver(attrs, x!.type.shape, gradient!.type.shape);
    const [n, channels, height, width] = output.type.shape;
    k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, row, column, c]) => {
      const load = (r: Expr, q: Expr): Expr => x!.load([image!, c!, r, q]);
      const value = k.let('value', load(row!, column!));
      const sum = k.variable('sum', 0);
      forCovering(k, sliding, [row!, column!], (covering) => {
        const place = [image!, c!, covering.oy, covering.ox];
        const [dy, y] = [gradient!.load(place), result!.load(place)];
        gather(k, sum, { sliding, output: covering, value, gradient: dy, result: y, load }, attrs);
      });
      output.store([image!, c!, row!, column!], sum);
    });
  },
  cost: poolGradientCost,
  samples,
});
