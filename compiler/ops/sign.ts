/** sign: 1 above 0, -1 below 0, 0 at 0. NaN stays NaN. Its gradient is 0 wherever it exists. */
import { gt, lt, select } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    sign: NoAttrs;
  }
}

export const sign = flatOp('sign', 'Sign', (value, k) => {
  const x = k.let('x', value);
  return select(gt(x, 0), 1, select(lt(x, 0), -1, x));
});
