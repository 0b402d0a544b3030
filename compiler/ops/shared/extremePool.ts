/** The largest or the smallest element of each window. */
import type { Expr } from '../../kernel/types.ts';
import type { OpFacts } from '../facts.ts';
import type { OpDefinition } from '../types.ts';
import { definePool, inferPool, poolCost, poolSamples, poolSight, poolsNothing } from './pool.ts';
import { firstOfWindow } from './windowLoops.ts';
import { insideOnly, pooled } from './poolFormula.ts';

type ExtremePool = 'maxPool' | 'minPool';

interface ExtremePoolPart<K extends ExtremePool>
  extends Pick<OpFacts<K>, 'kernelName' | 'withBorder' | 'nonNegative'>, Pick<OpDefinition<K>, 'onnx'> {
  readonly pick: (a: Expr, b: Expr) => Expr;
  /** The name in a formula. */
  readonly what: 'max' | 'min';
}

export const extremePool = <K extends ExtremePool>(
  name: K,
  { pick, what, ...part }: ExtremePoolPart<K>,
): OpDefinition<K> => ({
  name,
  operands: ['x'],
  formula: (attrs) => `${pooled(what, attrs)}${insideOnly(attrs)}`,
  sight: poolSight,
  keepsExamples: true,
  isIdentity: poolsNothing,
  infer: inferPool,
  // One rule for both: the element that equals the window's result gets the gradient.
  gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
    g.node('maxPoolGradient', [gradient, x!, output], attrs),
  ],
  define({ attrs, inputs: [x], output }, k) {
    definePool(k, attrs, x!, output, ({ sliding, oy, ox, load, forEach }) => {
      // Starts with the window's first element, because not every target can write minus infinity.
      const best = k.variable('best', load(...firstOfWindow(k, sliding, [oy, ox])));
      forEach((value) => k.assign(best, pick(best, value)));
      return best;
    });
  },
  cost: poolCost,
  samples: poolSamples({ kind: 'distinct' }),
  ...part,
});
