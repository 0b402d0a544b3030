/**
 * The position of a tensor's elements in a flat buffer. A layout is a list of factors. Each takes a part of one axis'
 * index (`index / divisor % extent`) and multiplies it by a stride. One factor per axis is an ordinary strided
 * layout. Two make a blocked one, such as weights packed in groups of four output channels.
 */
import { add, constant, div, mul, rem, toExpr, type Operand } from './expression.ts';
import type { Expr } from './types.ts';

export interface LayoutFactor {
  readonly axis: number;
  readonly divisor: number;
  readonly extent: number;
  readonly stride: number;
}

export interface Layout {
  /** Name in listings: `nchw`, `nhwc`, `ohwi4`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Factors, outermost first. */
  readonly factors: readonly LayoutFactor[];
  /** Number of elements from the first to the last one, including the padding of blocks. */
  readonly size: number;
}

/** An axis, or a block of an axis' innermost `block` indices. The axis number alone then stands for the rest. */
export type LayoutPart = number | { readonly axis: number; readonly block: number };

/**
 * Creates a layout from its parts, from the outermost to the innermost. A blocked axis appears twice, the plain part
 * first.
 */
export function createLayout(name: string, shape: readonly number[], parts: readonly LayoutPart[]): Layout {
  const blocks = new Map<number, number>();
  for (const part of parts) if (typeof part !== 'number') blocks.set(part.axis, part.block);
  let stride = 1;
  const factors: LayoutFactor[] = [];
  for (const part of [...parts].reverse()) {
    const factor = layoutFactor(part, shape, blocks, stride);
    factors.unshift(factor);
    stride *= factor.extent;
  }
  return { name, shape, factors, size: stride };
}

function layoutFactor(
  part: LayoutPart,
  shape: readonly number[],
  blocks: ReadonlyMap<number, number>,
  stride: number,
): LayoutFactor {
  if (typeof part !== 'number') return { axis: part.axis, divisor: 1, extent: part.block, stride };
  const divisor = blocks.get(part) ?? 1;
  return { axis: part, divisor, extent: Math.ceil(shape[part]! / divisor), stride };
}

/** The canonical layout: the last axis is contiguous, as PyTorch and ONNX store tensors. */
export const rowMajor = (shape: readonly number[]): Layout =>
  createLayout(
    'rowMajor',
    shape,
    shape.map((_, axis) => axis),
  );

/** Channels last: N, H, W, C from the outermost to the innermost. */
export const channelsLast = (shape: readonly number[]): Layout => createLayout('nhwc', shape, [0, 2, 3, 1]);

/** Whether two layouts have the same numbers at the same places. Axes of extent 1 do not matter. */
export function sameLayout(a: Layout, b: Layout): boolean {
  const essence = (layout: Layout) =>
    layout.factors
      .filter((factor) => factor.extent > 1)
      .map(({ axis, divisor, extent, stride }) => [axis, divisor, extent, stride].join());
  return a.size === b.size && essence(a).join(';') === essence(b).join(';');
}

/** The stride of an axis that is not blocked. */
export function strideOf(layout: Layout, axis: number): number {
  const factors = layout.factors.filter((factor) => factor.axis === axis);
  if (factors.length !== 1) throw new Error(`axis ${axis} of layout ${layout.name} has no single stride`);
  return factors[0]!.stride;
}

/** The element's index in the buffer. */
export function elementIndex(layout: Layout, index: readonly Operand[]): Expr {
  let sum: Expr = constant(0);
  for (const factor of layout.factors) {
    if (factor.extent === 1) continue;
    const along = toExpr(index[factor.axis]!, 'i32');
    const split = layout.factors.some((other) => other !== factor && other.axis === factor.axis);
    sum = add(sum, mul(split ? part(along, factor) : along, factor.stride));
  }
  return sum;
}

const part = (index: Expr, { divisor, extent }: LayoutFactor): Expr =>
  divisor === 1 ? rem(index, extent) : div(index, divisor);
