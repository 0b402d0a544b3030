/** ceil: the smallest whole number not below x. Flat wherever it has a gradient. */
import { ceil as ceilOf } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    ceil: NoAttrs;
  }
}

export const ceil = flatOp('ceil', 'Ceil', ceilOf);
