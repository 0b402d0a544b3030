/** reduceMax: the largest x along `axes`; NaN wins. Equal elements share the gradient (torch.amax). */
import { max } from '../kernel/expression.ts';
import { extremeReduction, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMax: ReductionAttrs;
  }
}

export const reduceMax = extremeReduction('reduceMax', max, 'ReduceMax', 'max');
