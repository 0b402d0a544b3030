/**
 * The rows or columns of a pooling window, clamped to the image. A number at the image's border that is met twice does
 * not change a maximum.
 */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { constant, max, min } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { range } from '../../../../lowering/shared/shorthands.ts';
import { windowPosition, type WindowAttrs } from '../../../../ops/shared/window.ts';

/** Clamps only if some window leaves the image. */
export function clampedPositions(
  k: KernelBuilder,
  window: WindowAttrs,
  axis: 0 | 1,
  at: Expr,
  extent: { readonly inputs: number; readonly outputs: number },
): Expr[] {
  const last = (extent.outputs - 1) * window.stride[axis] - window.padding[axis] + window.kernel[axis] - 1;
  const inside = (position: Expr): Expr => {
    const above = window.padding[axis] > 0 ? max(position, 0) : position;
    return last >= extent.inputs ? min(above, extent.inputs - 1) : above;
  };
  return range(window.kernel[axis]).map((tap) =>
    k.let(`${axis === 0 ? 'y' : 'x'}${tap}`, inside(windowPosition(window, axis, at, constant(tap)))),
  );
}
