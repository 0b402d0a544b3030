/** floor: the largest whole number that is at most x. Its gradient is 0 wherever it exists. */
import { floor as floorOf } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    floor: NoAttrs;
  }
}

export const floor = flatOp('floor', 'Floor', floorOf);
