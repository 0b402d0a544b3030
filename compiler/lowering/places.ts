/** Memory layouts of tensors as text, for the comments of kernels. */
import { sizeOf } from '../ir/types.ts';
import type { Layout } from '../kernel/layout.ts';
import { axisLetters } from '../ops/shared/formula.ts';

/** Letters of a weight: output and input channels, and the kernel's rows and columns. */
export const weightLetters = (rank: number): readonly string[] =>
  rank <= 4 ? ['o', 'i', 'kh', 'kw'].slice(0, rank) : axisLetters(rank);

/** Whether the layout is of packed weights. Schedules name these by their axes: `ohwi4`. */
export const isPackedWeight = ({ name }: Layout): boolean => /^[hiow]*o[hiow]*\d*$/.test(name);

/** ` in memory [n 1][h 28][w 28][c 6]`, or nothing if there is at most one axis. */
export function placeText(layout: Layout, letters: readonly string[]): string {
  const long = layout.factors.filter(({ extent }) => extent > 1);
  if (layout.shape.length < 2 || long.length < 2) return '';
  if (layout.name === 'rowMajor') return ', row-major';
  const parts = layout.factors.map(({ axis, divisor, extent }) => {
    const isSplit = layout.factors.filter((other) => other.axis === axis).length > 1;
    const letter = letters[axis]!;
    if (!isSplit) return `[${letter} ${extent}]`;
    return divisor === 1 ? `[${letter} % ${extent}]` : `[${letter} / ${divisor}: ${extent}]`;
  });
  const filled = layout.size > sizeOf(layout.shape) ? ', filled up with zeros' : '';
  return `, in memory ${parts.join('')}${filled}`;
}
