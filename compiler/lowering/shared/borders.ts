/** The elements of a window that are inside of an image, as ranges for a loop, so that the loop contains no test. */
import { add, constant, div, max, min, mul, sub, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { WindowAttrs } from '../../ops/shared/window.ts';

/** First index and end; the end is exclusive. */
export type Range = readonly [first: Expr, end: Expr];

export interface WindowAlong {
  /** Number of the window's elements, and the distance between them in the image. */
  readonly taps: number;
  readonly reach: number;
  /** Extent of the image. */
  readonly extent: number;
  /** Whether a window begins before the image, and whether one ends after it. */
  readonly startsBefore: boolean;
  readonly endsAfter: boolean;
}

/** The elements of a window that are inside of the image, if the first one is at `position`. */
export function tapsInside(
  position: Expr,
  { taps, reach, extent, startsBefore, endsAfter }: WindowAlong,
): Range {
  const first = startsBefore ? max(0, div(sub(reach - 1, position), reach)) : constant(0);
  const end = endsAfter ? min(taps, div(add(sub(extent, position), reach - 1), reach)) : constant(taps);
  return [first, end];
}

/** The outputs whose windows have their element `tap` inside of the image. The end may be after the last output. */
export function outputsInside(
  { stride, padding, dilation }: WindowAttrs,
  axis: 0 | 1,
  tap: Operand,
  extent: number,
): Range {
  const [s, pad] = [stride[axis], padding[axis]];
  // 0 <= output * stride + tap * dilation - padding < extent
  const offset = sub(mul(tap, dilation[axis]), pad);
  const first = pad === 0 ? constant(0) : max(0, div(sub(s - 1, offset), s));
  return [first, div(add(sub(extent - 1, offset), s), s)];
}
