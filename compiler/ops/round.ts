/** round: the nearest whole number; halves round to the even one. Its gradient is 0 wherever it exists. */
import { roundEven } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    round: NoAttrs;
  }
}

export const round = flatOp('round', 'Round', roundEven, [-0.5, 0.5]);
