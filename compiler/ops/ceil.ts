/** ceil: the smallest whole number that is at least x. Its gradient is 0 wherever it exists. */
import { ceil as ceilOf } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    ceil: NoAttrs;
  }
}

export const ceil = flatOp('ceil', 'Ceil', ceilOf);
