/** reduceMin: the smallest x along `axes`; NaN wins. Equal elements share the gradient (torch.amin). */
import { min } from '../kernel/expression.ts';
import { extremeReduction, type ReductionAttrs } from './shared/reduction.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceMin: ReductionAttrs;
  }
}

export const reduceMin = extremeReduction('reduceMin', min, 'ReduceMin', 'min');
