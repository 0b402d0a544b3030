/** Kernel elements outside the source: rows are excluded by a loop's range, columns are clamped and tested. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import {
  add,
  and,
  boolConst,
  constant,
  ge,
  isConst,
  lt,
  max,
  min,
  mul,
  select,
} from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import { outputsInside, tapsInside, type Range } from '../../../../lowering/shared/borders.ts';
import { coveredExtent } from '../../../../lowering/shared/convolution.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Walk } from './axes.ts';

/** The place of one position along an axis. */
export interface Along {
  /** The position, clamped to the source, times the stride. */
  readonly offset: Expr;
  /** Whether the position is inside the source; a constant if all are. */
  readonly isInside: Expr;
}

/** The place of a position that is between `offset` and `last`. */
export function along(
  k: KernelBuilder,
  name: string,
  position: Expr,
  { extent, offset, last }: Pick<Walk, 'extent' | 'offset'> & { readonly last: number },
  stride: number,
): Along {
  const [isBefore, isAfter] = [offset < 0, last >= extent];
  if (!isBefore && !isAfter) return { offset: mul(position, stride), isInside: boolConst(true) };
  const at = k.let(name, position);
  const low = isBefore ? max(at, 0) : at;
  const clamped = isAfter ? min(low, extent - 1) : low;
  const test = and(isBefore ? ge(at, 0) : boolConst(true), isAfter ? lt(at, extent) : boolConst(true));
  return { offset: mul(clamped, stride), isInside: k.let(`${name}Inside`, test) };
}

/** The value, or zeros if its position is outside the source. */
export const insideOnly = (k: KernelBuilder, name: string, isInside: Expr, value: Expr, zero: Expr): Expr =>
  isConst(isInside) && isInside.value ? value : k.let(name, select(isInside, value, zero));

/** The last position that `count` outputs of a walk read. */
export const lastPosition = ({ stride, offset, reach, taps }: Walk, count: number): number =>
  (count - 1) * stride + offset + (taps - 1) * reach;

/** The range of taps inside the source for one output. */
export function tapRange(k: KernelBuilder, walk: Walk, output: Expr): Range {
  const { stride, offset, reach, extent, taps, count } = walk;
  const position = k.let('top', add(mul(output, stride), offset));
  const [first, end] = tapsInside(position, {
    ...{ taps, reach, extent },
    ...{ startsBefore: offset < 0, endsAfter: lastPosition(walk, count) >= extent },
  });
  return [k.let('firstTap', first), k.let('endTap', end)];
}

/** The range of outputs whose windows have element `tap` inside the source. */
export function meetingOutputs(
  k: KernelBuilder,
  window: WindowAttrs,
  axis: 0 | 1,
  tap: Expr,
  extent: number,
  outputs: number,
): Range {
  const [first, end] = outputsInside(window, axis, tap, extent);
  const isInside = coveredExtent(window, axis, outputs) - window.padding[axis] <= extent;
  return [k.let('firstOutput', first), k.let('endOutput', isInside ? constant(outputs) : min(outputs, end))];
}
