/**
 * A convolution's input gradient along one axis. With a stride, pixels with the same position modulo the stride use the
 * same elements of the kernel. For each remainder they are a plain convolution of the output's gradient with those
 * elements, last one first:
 *
 *     gradient of x[first + stride * j] = sum over t of gradient[j + offset + t * reach] * weight[element - t * step]
 */
import type { WindowAttrs } from '../../ops/shared/window.ts';
import { range } from './shorthands.ts';

export interface GradientPhase {
  /** The first pixel, and the number of pixels, which are `stride` apart. */
  readonly first: number;
  readonly count: number;
  /** Number of kernel elements that they use; 0 if the kernel is smaller than the stride. */
  readonly taps: number;
  /** The elements' positions modulo the stride. */
  readonly rest: number;
  /** The last such element, and the distance to the one before. */
  readonly element: number;
  readonly step: number;
  /** The start of the first pixel's sum in the gradient (may be outside), and the distance between taps. */
  readonly offset: number;
  readonly reach: number;
  /** Number of taps of the previous phases. */
  readonly tapsBefore: number;
}

/** Returns the phases that have pixels. */
export function gradientPhases(
  { kernel, stride, padding, dilation }: WindowAttrs,
  axis: 0 | 1,
  extent: number,
): GradientPhase[] {
  const [s, d, pad] = [stride[axis], dilation[axis], padding[axis]];
  const phases: GradientPhase[] = [];
  let tapsBefore = 0;
  for (let rest = 0; rest < s; rest++) {
    const elements = range(kernel[axis]).filter((i) => (i * d) % s === rest);
    const first = (rest - (pad % s) + s) % s;
    if (first < extent) {
      const element = elements.at(-1) ?? 0;
      const step = elements.length > 1 ? elements[1]! - elements[0]! : 1;
      phases.push({
        first,
        count: Math.ceil((extent - first) / s),
        taps: elements.length,
        rest,
        element,
        step,
        offset: (first + pad - element * d) / s,
        reach: (step * d) / s,
        tapsBefore,
      });
    }
    tapsBefore += elements.length;
  }
  return phases;
}

export interface Reach {
  /** The first row of the gradient that row 0 of any phase reads, at most 0, and the end of these rows. */
  readonly from: number;
  readonly to: number;
  /** The largest number of pixels of a phase. */
  readonly count: number;
}

/** The part of the gradient that all phases together read. */
export function reachOf(phases: readonly GradientPhase[]): Reach {
  const reading = phases.filter(({ taps }) => taps > 0);
  return {
    from: Math.min(0, ...reading.map(({ offset }) => offset)),
    to: Math.max(1, ...reading.map(({ offset, taps, reach }) => offset + (taps - 1) * reach + 1)),
    count: Math.max(...phases.map(({ count }) => count)),
  };
}
