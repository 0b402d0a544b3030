/**
 * Copies a tensor from one layout to another. Loops run over the destination in memory order, so that writes are
 * sequential. Places without an element (the padding of a block) become 0.
 */
import { formatType } from '../ir/types.ts';
import { buildKernel, type KernelBuilder } from '../kernel/builder.ts';
import { add, constant, lt, mul, select, toExpr } from '../kernel/expression.ts';
import { elementIndex, type Layout } from '../kernel/layout.ts';
import type { ElementType, Expr, Kernel } from '../kernel/types.ts';
import { axisLetters } from '../ops/shared/formula.ts';
import { isPackedWeight, placeText, weightLetters } from './places.ts';

export function repackKernel(from: Layout, to: Layout, element: ElementType): Kernel {
  const name = `repack_${from.name}_to_${to.name}`;
  const rank = to.shape.length;
  const letters = [from, to].some(isPackedWeight) ? weightLetters(rank) : axisLetters(rank);
  const type = formatType({ dtype: element, shape: to.shape });
  const comment = [
    `${name}: copy`,
    '    out = x, the same elements at other places',
    `x: ${type}${placeText(from, letters)}`,
    `out: ${type}${placeText(to, letters)}`,
  ];
  const buffers = [
    { name: 'x', element, length: from.size, access: 'read' as const },
    { name: 'out', element, length: to.size, access: 'write' as const },
  ];
  return buildKernel({ name, comment, buffers }, (k) => repackLoops(k, from, to, element));
}

function repackLoops(k: KernelBuilder, from: Layout, to: Layout, element: ElementType): void {
  const names = to.factors.map((factor, i) => `${'abcdefgh'[factor.axis] ?? 'i'}${i}`);
  k.forEach(
    names,
    to.factors.map(({ extent }) => extent),
    (along) => {
      const index = to.shape.map(() => constant(0));
      to.factors.forEach(
        (factor, i) => (index[factor.axis] = add(index[factor.axis]!, mul(along[i]!, factor.divisor))),
      );
      const place = to.factors.reduce(
        (sum, factor, i) => add(sum, mul(along[i]!, factor.stride)),
        constant(0),
      );
      k.store('out', place, loadOrZero(k, from, index, to, element));
    },
  );
}

/** Loads an element, or 0 for an index beyond the extent of an axis that is padded to whole blocks. */
function loadOrZero(
  k: KernelBuilder,
  from: Layout,
  index: readonly Expr[],
  to: Layout,
  element: ElementType,
): Expr {
  const padded = to.shape.flatMap((extent, axis) => {
    const room = to.factors
      .filter((factor) => factor.axis === axis)
      .reduce((product, factor) => product * factor.extent, 1);
    return room > extent ? [lt(index[axis]!, extent)] : [];
  });
  const value = k.load('x', elementIndex(from, index));
  return padded.reduce<Expr>((inner, condition) => select(condition, inner, toExpr(0, element)), value);
}
