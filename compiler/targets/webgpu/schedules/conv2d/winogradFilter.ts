/** Filters as the products of Winograd's algorithm read them: G g G^T, packed [(m + 2)^2][O / block][I][block]. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, div, f32Const, fma, mul, rem } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor, type Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Winograd } from '../../../../lowering/shared/winograd.ts';
import type { Transform } from '../../../../lowering/target.ts';

/** Outputs are whole blocks. */
export const filterLayout = ([outputs, channels]: readonly number[], { inputs }: Winograd): Layout => ({
  ...rowMajor([inputs * inputs * outputs! * channels!]),
  name: `winograd${inputs - 2}`,
});

export function filterTransform(shape: readonly number[], winograd: Winograd, block: number): Transform {
  const m = winograd.outputs;
  return {
    name: `winograd${m}_${block}`,
    from: rowMajor(shape),
    comment: `filters of Winograd's F(${m}x${m}, 3x3), a matrix for each of ${winograd.inputs ** 2} positions, in panels of ${block}`,
    build: (k) => buildFilters(k, shape, winograd, block),
  };
}

function buildFilters(k: KernelBuilder, shape: readonly number[], winograd: Winograd, block: number): void {
  const [outputs, channels] = shape as [number, number];
  const from = rowMajor(shape);
  const { filter, inputs } = winograd;
  k.forEach(['o', 'i'], [outputs, channels], ([output, channel]) => {
    const g = [0, 1, 2].map((y) =>
      [0, 1, 2].map((x) => {
        const at = elementIndex(from, [output!, channel!, constant(y), constant(x)]);
        return k.let(`g${y}${x}`, k.load('x', at));
      }),
    );
    const panel = add(mul(div(output!, block), channels), channel!);
    const to = k.let('place', add(mul(panel, block), rem(output!, block)));
    filter.forEach((row, y) => {
      const half = [0, 1, 2].map((x) => k.let(`h${y}${x}`, dot(row, [g[0]![x]!, g[1]![x]!, g[2]![x]!])));
      filter.forEach((column, x) => {
        const matrix = (y * inputs + x) * outputs * channels;
        k.store('out', add(to, matrix), dot(column, half));
      });
    });
  });
}

/** Factors of 0 leave their number out. */
const dot = (factors: readonly number[], values: readonly Expr[]): Expr =>
  factors.reduce<Expr>((sum, factor, i) => {
    if (factor === 0) return sum;
    const value = values[i]!;
    if (sum.kind === 'const') return factor === 1 ? value : mul(value, f32Const(factor));
    return factor === 1 ? add(sum, value) : fma(value, f32Const(factor), sum);
  }, f32Const(0));
