/** Where neighbours along the axes of an image lie, in elements. */
import { strideOf, type Layout } from '../../../../kernel/layout.ts';

export interface Strides {
  readonly image: number;
  readonly channel: number;
  readonly row: number;
  readonly column: number;
}

export const stridesOf = (layout: Layout): Strides => ({
  image: strideOf(layout, 0),
  channel: strideOf(layout, 1),
  row: strideOf(layout, 2),
  column: strideOf(layout, 3),
});
