/**
 * How a convolution goes along one axis: for each of `count` outputs it meets some elements of its kernel, `taps`,
 *
 *     result[first + outStep * j] += source[stride * j + offset + reach * t] * weight[element + step * t]
 *
 * A convolution is one such walk; its input's gradient is one for each rest that a position leaves with the stride,
 * because those positions meet the same elements of the kernel, the last one first.
 */
import { add, mul } from '../../../../kernel/expression.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { WindowAttrs } from '../../../../ops/shared/window.ts';

export interface Walk {
  readonly count: number;
  readonly first: number;
  readonly outStep: number;
  /** Of the source; positions outside of it are zeros. */
  readonly extent: number;
  readonly stride: number;
  readonly offset: number;
  readonly reach: number;
  /** None where the kernel is smaller than the stride. */
  readonly taps: number;
  readonly element: number;
  readonly step: number;
}

export const forwardWalk = (window: WindowAttrs, axis: 0 | 1, extent: number, count: number): Walk => ({
  ...{ count, first: 0, outStep: 1, extent },
  ...{ stride: window.stride[axis], offset: -window.padding[axis], reach: window.dilation[axis] },
  ...{ taps: window.kernel[axis], element: 0, step: 1 },
});

/** `extent` is that of the gradient that flows back, `count` that of the result. */
export function gradientWalks(
  { kernel, stride, padding, dilation }: WindowAttrs,
  axis: 0 | 1,
  extent: number,
  count: number,
): readonly Walk[] {
  const [s, d, pad] = [stride[axis], dilation[axis], padding[axis]];
  return Array.from({ length: s }, (_, rest) => rest).flatMap((rest): Walk[] => {
    const first = (rest - (pad % s) + s) % s;
    if (first >= count) return [];
    const elements = Array.from({ length: kernel[axis] }, (_, i) => i).filter((i) => (i * d) % s === rest);
    const element = elements.at(-1) ?? 0;
    const step = elements.length > 1 ? elements[1]! - elements[0]! : s;
    return [
      {
        ...{ count: Math.ceil((count - first) / s), first, outStep: s, extent, stride: 1 },
        // Of a single tap nobody asks where the next one is.
        ...{ offset: (first + pad - element * d) / s, reach: elements.length > 1 ? (step * d) / s : 1 },
        ...{ taps: elements.length, element, step: -step },
      },
    ];
  });
}

/** The position of a walk's output in the result. */
export const resultOf = ({ first, outStep }: Walk, output: Expr): Expr => add(mul(output, outStep), first);

/** What an output meets with an element of the kernel; may lie outside of the source. */
export const positionOf = ({ stride, reach, offset }: Walk, output: Expr, tap: Expr): Expr =>
  add(add(mul(output, stride), mul(tap, reach)), offset);
