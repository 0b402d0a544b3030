/** Converts between an element's index and its number in row-major order, which reshapes and random counters use. */
import { constant, div, rem, type Operand } from '../../kernel/expression.ts';
import { elementIndex, rowMajor } from '../../kernel/layout.ts';
import type { Expr } from '../../kernel/types.ts';

export const rowMajorNumber = (shape: readonly number[], index: readonly Operand[]): Expr =>
  elementIndex(rowMajor(shape), index);

/** The index of the element with this number. `number` appears once for each axis, so name it first. */
export function rowMajorIndex(shape: readonly number[], number: Expr): Expr[] {
  let stride = shape.reduce((size, extent) => size * extent, 1);
  const outermost = shape.findIndex((extent) => extent > 1);
  return shape.map((extent, axis) => {
    stride /= extent;
    if (extent === 1) return constant(0);
    const quotient = div(number, stride);
    return axis === outermost ? quotient : rem(quotient, extent);
  });
}
