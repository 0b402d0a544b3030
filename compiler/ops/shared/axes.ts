/** Axes of a tensor: checks, and loops for operators that work along some of the axes. */
import type { KernelBuilder, LoopOptions } from '../../kernel/builder.ts';
import { constant } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject } from '../types.ts';
import { axisNames } from './pointwise.ts';

export function checkAxis(axis: number, rank: number, reject: Reject): void {
  if (!(Number.isInteger(axis) && axis >= 0 && axis < rank)) {
    reject('CNNC1204', `axis ${axis} does not exist, the input has rank ${rank}`);
  }
}

export function checkAxes(axes: readonly number[], rank: number, reject: Reject): void {
  for (const axis of axes) checkAxis(axis, rank, reject);
  if (new Set(axes).size !== axes.length)
    reject('CNNC1104', `the axes [${axes.join(', ')}] list an axis twice`);
}

/** Every axis except this one: the axes that a statistic per channel sums over. */
export const axesExcept = (rank: number, axis: number): number[] =>
  Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);

/** Visits every index along the inner axes. May be called again for a second pass. */
export type EachAlong = (visit: (index: Expr[]) => void, options?: LoopOptions) => void;

/**
 * Independent loops over the axes that are not named. Inside, `each` loops over the named axes. `outer` is an index
 * of full rank with 0 at the named axes.
 */
export function forEachAlong(
  k: KernelBuilder,
  shape: readonly number[],
  axes: readonly number[],
  body: (outer: readonly Expr[], each: EachAlong) => void,
): void {
  const names = axisNames(shape.length);
  const kept = shape.map((_, axis) => axis).filter((axis) => !axes.includes(axis));
  const inner = shape.map((_, axis) => axis).filter((axis) => axes.includes(axis));
  const outerNames = kept.map((axis) => names[axis]!);
  const outerShape = kept.map((axis) => shape[axis]!);
  k.forEach(outerNames, outerShape, (position) => {
    const outer = shape.map((_, axis) => position[kept.indexOf(axis)] ?? constant(0));
    const each: EachAlong = (visit, options) => {
      const open = (depth: number, index: Expr[]): void => {
        const axis = inner[depth];
        if (axis === undefined) return visit(index);
        k.for(names[axis]!, 0, shape[axis]!, (i) => open(depth + 1, index.with(axis, i)), options);
      };
      open(0, [...outer]);
    };
    body(outer, each);
  });
}
