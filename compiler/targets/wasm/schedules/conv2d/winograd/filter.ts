/** Filters as the products of Winograd's algorithm read them: G g G^T, packed [(m + 2)^2][O / 8][I][8]. */
import type { KernelBuilder } from '../../../../../kernel/builder.ts';
import { add, constant, f32Const, fma, mul, type Operand } from '../../../../../kernel/expression.ts';
import { elementIndex, rowMajor, type Layout } from '../../../../../kernel/layout.ts';
import type { Expr } from '../../../../../kernel/types.ts';
import type { Transform } from '../../../../../lowering/target.ts';
import type { Winograd } from '../../../../../lowering/shared/winograd.ts';

/** Output channels of a panel. */
export const PANEL = 8;

/** Matrices of a power of two would all begin in the same set of the cache, and are written side by side. */
const SKEW = 16;

/** Of one position of a tile, in elements. */
export const filterMatrix = (outputs: number, channels: number): number =>
  Math.ceil(outputs / PANEL) * PANEL * channels + SKEW;

export const filterLayout = (outputs: number, channels: number, { inputs }: Winograd): Layout => ({
  ...rowMajor([inputs * inputs * filterMatrix(outputs, channels)]),
  name: `winograd${inputs - 2}`,
});

/** Which filters: the convolution's own, or those of its input gradient: turned around, from outputs to inputs. */
export type Direction = 'forward' | 'gradient';

export function filterTransform(
  shape: readonly number[],
  winograd: Winograd,
  direction: Direction = 'forward',
): Transform {
  const isForward = direction === 'forward';
  const [outputs, channels] = (isForward ? shape : [shape[1]!, shape[0]!]) as [number, number];
  const from = rowMajor(shape);
  const place = (output: Expr, channel: Expr, y: number, x: number): Expr =>
    isForward
      ? elementIndex(from, [output, channel, constant(y), constant(x)])
      : elementIndex(from, [channel, output, constant(2 - y), constant(2 - x)]);
  const m = winograd.outputs;
  return {
    name: `winograd${m}${isForward ? '' : '_rotated'}`,
    from,
    comment: `filters of Winograd's F(${m}x${m}, 3x3), a matrix for each of ${winograd.inputs ** 2} positions, in panels of ${PANEL}`,
    build: (k) => buildFilters(k, place, outputs, channels, winograd),
  };
}

/** Panel by panel: lines of the packed matrices are written as a whole. */
function buildFilters(
  k: KernelBuilder,
  place: (output: Expr, channel: Expr, y: number, x: number) => Expr,
  outputs: number,
  channels: number,
  winograd: Winograd,
): void {
  const whole = Math.floor(outputs / PANEL);
  const fill = (panel: Expr, lanes: number): void =>
    k.for('i', 0, channels, (channel) =>
      k.for('lane', 0, lanes, (lane) => {
        const output = k.let('output', add(mul(panel, PANEL), lane));
        const to = k.let('place', add(mul(add(mul(panel, channels), channel), PANEL), lane));
        buildFilter(k, (y, x) => place(output, channel, y, x), to, filterMatrix(outputs, channels), winograd);
      }),
    );
  k.for('panel', 0, whole, (panel) => fill(panel, PANEL), { independent: true });
  if (outputs % PANEL > 0) fill(constant(whole), outputs % PANEL);
}

function buildFilter(
  k: KernelBuilder,
  from: (y: number, x: number) => Expr,
  to: Expr,
  matrix: number,
  { filter, inputs }: Winograd,
): void {
  const g = [0, 1, 2].map((y) => [0, 1, 2].map((x) => k.let(`g${y}${x}`, k.load('x', from(y, x)))));
  filter.forEach((row, y) => {
    const half = [0, 1, 2].map((x) => k.let(`h${y}${x}`, dot(row, [g[0]![x]!, g[1]![x]!, g[2]![x]!])));
    filter.forEach((column, x) => k.store('out', add(to, (y * inputs + x) * matrix), dot(column, half)));
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
