/** Transformed filters for the products of Winograd's algorithm: G g G^T, packed [(m + 2)^2][O / block][I][block]. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, div, mul, rem } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor, type Layout } from '../../../../kernel/layout.ts';
import {
  describeFilters,
  loadFilter,
  transformFilter,
  type Winograd,
} from '../../../../lowering/shared/winograd.ts';
import type { Transform } from '../../../../lowering/target.ts';

/** The layout of the transformed filters. The number of outputs is a multiple of the block. */
export const filterLayout = ([outputs, channels]: readonly number[], { inputs }: Winograd): Layout => ({
  ...rowMajor([inputs * inputs * outputs! * channels!]),
  name: `winograd${inputs - 2}`,
});

export function filterTransform(shape: readonly number[], winograd: Winograd, block: number): Transform {
  return {
    name: `winograd${winograd.outputs}_${block}`,
    from: rowMajor(shape),
    comment: describeFilters(winograd, block),
    build: (k) => buildFilters(k, shape, winograd, block),
  };
}

function buildFilters(k: KernelBuilder, shape: readonly number[], winograd: Winograd, block: number): void {
  const [outputs, channels] = shape as [number, number];
  const from = rowMajor(shape);
  k.forEach(['o', 'i'], [outputs, channels], ([output, channel]) => {
    const filter = loadFilter(k, (y, x) => elementIndex(from, [output!, channel!, constant(y), constant(x)]));
    const panel = add(mul(div(output!, block), channels), channel!);
    const to = k.let('place', add(mul(panel, block), rem(output!, block)));
    const matrix = outputs * channels;
    transformFilter(k, winograd, filter, (position, value) =>
      k.store('out', add(to, position * matrix), value),
    );
  });
}
