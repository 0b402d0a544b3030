/** round: to the nearest whole number, halves to the even one. Flat wherever it has a gradient. */
import { roundEven } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    round: NoAttrs;
  }
}

export const round = flatOp('round', 'Round', roundEven, [-0.5, 0.5]);
