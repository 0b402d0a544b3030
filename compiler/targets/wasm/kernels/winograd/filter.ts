/** Filters as the products of Winograd's algorithm read them: G g G^T, packed [(m + 2)^2][O / 8][I][8]. */
import type { KernelBuilder } from '../../../../kernel/builder.ts';
import { add, constant, div, f32Const, fma, mul, rem, type Operand } from '../../../../kernel/expression.ts';
import { elementIndex, rowMajor, type Layout } from '../../../../kernel/layout.ts';
import type { Expr } from '../../../../kernel/types.ts';
import type { Transform } from '../../../../lowering/target.ts';
import type { Winograd } from './matrices.ts';

/** Output channels of a panel. */
export const PANEL = 8;

/** Of one position of a tile, in elements. */
export const filterMatrix = (outputs: number, channels: number): number =>
  Math.ceil(outputs / PANEL) * PANEL * channels;

export const filterLayout = (outputs: number, channels: number, { inputs }: Winograd): Layout => ({
  ...rowMajor([inputs * inputs * filterMatrix(outputs, channels)]),
  name: `winograd${inputs - 2}`,
});

export function filterTransform(shape: readonly number[], winograd: Winograd): Transform {
  const [outputs, channels] = shape as [number, number];
  const from = rowMajor(shape);
  const m = winograd.outputs;
  return {
    name: `winograd${m}`,
    from,
    comment: `filters of Winograd's F(${m}x${m}, 3x3), a matrix for each of ${winograd.inputs ** 2} positions, in panels of ${PANEL}`,
    build: (k) => buildFilters(k, from, outputs, channels, winograd),
  };
}

function buildFilters(
  k: KernelBuilder,
  from: Layout,
  outputs: number,
  channels: number,
  { filter, inputs }: Winograd,
): void {
  const matrix = filterMatrix(outputs, channels);
  k.forEach(['o', 'i'], [outputs, channels], ([output, channel]) => {
    const load = (y: number, x: number): Expr =>
      k.let(`g${y}${x}`, k.load('x', elementIndex(from, [output!, channel!, constant(y), constant(x)])));
    const g = [0, 1, 2].map((y) => [0, 1, 2].map((x) => load(y, x)));
    const panel = add(mul(div(output!, PANEL), channels * PANEL), rem(output!, PANEL));
    const place = k.let('place', add(panel, mul(channel!, PANEL)));
    filter.forEach((row, y) => {
      const half = [0, 1, 2].map((x) => k.let(`h${y}${x}`, dot(row, [g[0]![x]!, g[1]![x]!, g[2]![x]!])));
      filter.forEach((column, x) => k.store('out', add(place, (y * inputs + x) * matrix), dot(column, half)));
    });
  });
}

/** Factors of 0 leave their number out. */
function dot(factors: readonly number[], values: readonly Operand[]): Expr {
  return factors.reduce<Expr>((sum, factor, i) => {
    if (factor === 0) return sum;
    const value = values[i] as Expr;
    if (sum.kind === 'const') return factor === 1 ? value : mul(value, f32Const(factor));
    return factor === 1 ? add(sum, value) : fma(value, f32Const(factor), sum);
  }, f32Const(0));
}
