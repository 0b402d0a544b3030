/** Global pooling: each channel of [N, C, ...spatial] becomes one element, [N, C, 1, ...]. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';

export function globalShape(shape: readonly number[], reject: Reject): number[] {
  if (shape.length < 3)
    reject(`the input has rank ${shape.length}, expected at least 3 (N, C, spatial axes)`);
  return shape.map((extent, axis) => (axis < 2 ? extent : 1));
}

/** Loops over the places of one channel, in scan order. */
export function forSpatial(k: KernelBuilder, shape: readonly number[], visit: (place: Expr[]) => void): void {
  const names = shape.length === 4 ? ['y', 'x'] : shape.slice(2).map((_, axis) => `s${axis}`);
  const open = (axis: number, place: Expr[]): void => {
    if (axis === shape.length) return visit(place);
    k.for(names[axis - 2]!, 0, shape[axis]!, (i) => open(axis + 1, [...place, i]));
  };
  open(2, []);
}
