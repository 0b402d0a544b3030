/** Global pooling: each channel of [N, C, ...spatial] becomes one element, [N, C, 1, ...]. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { sizeOf, type ValueId } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';
import { poolAttrs, type PoolAttrs } from './pool.ts';

export function globalShape(shape: readonly number[], reject: Reject): number[] {
  if (shape.length < 3)
    reject('CNNC1202', `the input has rank ${shape.length}, expected at least 3 (N, C, spatial axes)`);
  return shape.map((extent, axis) => (axis < 2 ? extent : 1));
}

/** Loops over the places of one channel, in scan order. */
export function forSpatial(k: KernelBuilder, shape: readonly number[], visit: (place: Expr[]) => void): void {
  const names = shape.length === 4 ? ['iy', 'ix'] : shape.slice(2).map((_, axis) => `s${axis}`);
  const open = (axis: number, place: Expr[]): void => {
    if (axis === shape.length) return visit(place);
    k.for(names[axis - 2]!, 0, shape[axis]!, (i) => open(axis + 1, [...place, i]));
  };
  open(2, []);
}

/**
 * The gradient, by the gradient of a pooling whose only window is the whole plane. For ranks other than 4 the spatial
 * axes are treated as one column.
 */
export function wholePlaneGradient(
  g: GraphBuilder,
  gradient: ValueId,
  x: ValueId,
  result: ValueId,
  pool: (planes: [gradient: ValueId, x: ValueId, result: ValueId], attrs: PoolAttrs) => ValueId,
): ValueId {
  const shape = g.shapeOf(x);
  if (shape.length === 4) return pool([gradient, x, result], poolAttrs([shape[2]!, shape[3]!]));
  const places = sizeOf(shape.slice(2));
  const asColumn = (value: ValueId, extent: number): ValueId =>
    g.node('reshape', [value], { shape: [shape[0]!, shape[1]!, extent, 1] });
  const column = pool(
    [asColumn(gradient, 1), asColumn(x, places), asColumn(result, 1)],
    poolAttrs([places, 1]),
  );
  return g.node('reshape', [column], { shape });
}
