/** floor: the largest whole number not above x. Flat wherever it has a gradient. */
import { floor as floorOf } from '../kernel/expression.ts';
import { flatOp } from './shared/elementwise.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    floor: NoAttrs;
  }
}

export const floor = flatOp('floor', 'Floor', floorOf);
