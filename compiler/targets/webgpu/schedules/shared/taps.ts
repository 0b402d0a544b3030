/** Which elements of a kernel meet the source: rows by the range of a loop, columns by reading a neighbour and a test. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import {
  add,
  and,
  boolConst,
  constant,
  div,
  ge,
  isConst,
  lt,
  max,
  min,
  mul,
  select,
  sub,
} from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';
import type { Walk } from './axes.ts';

/** What is read for one position along an axis. */
export interface Along {
  /** Clamped into the source, times its stride. */
  readonly offset: Expr;
  /** A constant where nothing lies outside. */
  readonly isInside: Expr;
}

/** Positions from `offset` to `last`. */
export function along(
  k: KernelBuilder,
  name: string,
  position: Expr,
  { extent, offset, last }: Pick<Walk, 'extent' | 'offset'> & { readonly last: number },
  stride: number,
): Along {
  const [isBefore, isBehind] = [offset < 0, last >= extent];
  if (!isBefore && !isBehind) return { offset: mul(position, stride), isInside: boolConst(true) };
  const at = k.let(name, position);
  const low = isBefore ? max(at, 0) : at;
  const clamped = isBehind ? min(low, extent - 1) : low;
  const test = and(isBefore ? ge(at, 0) : boolConst(true), isBehind ? lt(at, extent) : boolConst(true));
  return { offset: mul(clamped, stride), isInside: k.let(`${name}Inside`, test) };
}

/** Zeros instead of a value that was loaded for a position outside. */
export const insideOnly = (k: KernelBuilder, name: string, isInside: Expr, value: Expr, zero: Expr): Expr =>
  isConst(isInside) && isInside.value ? value : k.let(name, select(isInside, value, zero));

/** The last position that `count` outputs of a walk meet. */
export const lastPosition = ({ stride, offset, reach, taps }: Walk, count: number): number =>
  (count - 1) * stride + offset + (taps - 1) * reach;

/** [first, end) of the taps that meet the source for one output. */
export function tapRange(k: KernelBuilder, walk: Walk, output: Expr): [Expr, Expr] {
  const { stride, offset, reach, extent, taps, count } = walk;
  const position = k.let('top', add(mul(output, stride), offset));
  const first = offset >= 0 ? constant(0) : max(0, div(sub(reach - 1, position), reach));
  const end =
    lastPosition(walk, count) < extent
      ? constant(taps)
      : min(taps, div(add(sub(extent, position), reach - 1), reach));
  return [k.let('firstTap', first), k.let('endTap', end)];
}

/** [first, end) of the outputs whose windows have their element `tap` inside of the source. */
export function meetingOutputs(
  k: KernelBuilder,
  { stride, padding, dilation, kernel }: WindowAttrs,
  axis: 0 | 1,
  tap: Expr,
  extent: number,
  outputs: number,
): [Expr, Expr] {
  const [s, d, pad] = [stride[axis], dilation[axis], padding[axis]];
  const offset = sub(mul(tap, d), pad);
  const first = pad === 0 ? constant(0) : max(0, div(sub(s - 1, offset), s));
  const last = (outputs - 1) * s + (kernel[axis] - 1) * d - pad;
  const end = last < extent ? constant(outputs) : min(outputs, div(add(sub(extent - 1, offset), s), s));
  return [k.let('firstOutput', first), k.let('endOutput', end)];
}
