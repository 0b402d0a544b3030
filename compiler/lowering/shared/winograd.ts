/**
 * Winograd's minimal filtering F(m x m, 3 x 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * 2015): an m x m tile of outputs needs (m + 2)^2 products per channel instead of 9 m^2. Filters become G g G^T,
 * tiles of the input B^T d B, and the sums of their products A^T s A. Each one-dimensional transform is written out
 * and shares common terms of its rows.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, f32Const, fma, mul, splat, sub } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import { isDense, type ConvGeometry } from './convolution.ts';

export interface Winograd {
  /** Outputs of a tile in each direction: m. */
  readonly outputs: 2 | 4;
  /** Inputs of a tile in each direction: m + 2. */
  readonly inputs: number;
  /** G: rows of three factors. */
  readonly filter: readonly (readonly [number, number, number])[];
  /** B^T times a column. `name` names a value. */
  transformInput(d: readonly Expr[], name: Name): readonly Expr[];
  /** A^T times a column. */
  transformOutput(s: readonly Expr[], name: Name): readonly Expr[];
}

type Name = (hint: string, value: Expr) => Expr;

const factor = (value: number): Expr => splat(f32Const(value));
const times = (value: number, of: Expr, plus: Expr): Expr => fma(of, factor(value), plus);

/** F(2 x 2, 3 x 3), with the points 0, 1, -1 and infinity. */
export const F2: Winograd = {
  outputs: 2,
  inputs: 4,
  filter: [
    [1, 0, 0],
    [0.5, 0.5, 0.5],
    [0.5, -0.5, 0.5],
    [0, 0, 1],
  ],
  transformInput: ([d0, d1, d2, d3]) => [sub(d0!, d2!), add(d1!, d2!), sub(d2!, d1!), sub(d1!, d3!)],
  transformOutput: ([s0, s1, s2, s3]) => [add(add(s0!, s1!), s2!), sub(sub(s1!, s2!), s3!)],
};

/** F(4 x 4, 3 x 3), with the points 0, 1, -1, 2, -2 and infinity. */
export const F4: Winograd = {
  outputs: 4,
  inputs: 6,
  filter: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  transformInput([d0, d1, d2, d3, d4, d5], name) {
    const even = name('even', times(-4, d2!, d4!));
    const odd = name('odd', times(-4, d1!, d3!));
    const evenTwo = name('evenTwo', sub(d4!, d2!));
    const oddTwo = name('oddTwo', mul(sub(d3!, d1!), factor(2)));
    return [
      times(4, d0!, times(-5, d2!, d4!)),
      add(even, odd),
      sub(even, odd),
      add(evenTwo, oddTwo),
      sub(evenTwo, oddTwo),
      times(4, d1!, times(-5, d3!, d5!)),
    ];
  },
  transformOutput([s0, s1, s2, s3, s4, s5], name) {
    const even = name('even', add(s1!, s2!));
    const odd = name('odd', sub(s1!, s2!));
    const evenTwo = name('evenTwo', add(s3!, s4!));
    const oddTwo = name('oddTwo', sub(s3!, s4!));
    return [
      add(add(s0!, even), evenTwo),
      times(2, oddTwo, odd),
      times(4, evenTwo, even),
      add(times(8, oddTwo, odd), s5!),
    ];
  },
};

/** Whether it is a 3x3 convolution without stride, dilation or groups. */
export const isWinogradShape = ({ window, groups }: ConvGeometry): boolean =>
  window.kernel.every((extent) => extent === 3) && isDense(window) && groups === 1;

/** The result of a transform of filters, for its comment. Panels have `block` outputs. */
export const describeFilters = ({ outputs: m, inputs }: Winograd, block: number): string =>
  `filters of Winograd's F(${m}x${m}, 3x3), a matrix for each of ${inputs ** 2} positions, in panels of ${block}`;

type Filter = readonly (readonly Expr[])[];

/** Loads a filter from buffer `x`, row by row. */
export const loadFilter = (k: KernelBuilder, placeOf: (y: number, x: number) => Expr): Filter =>
  [0, 1, 2].map((y) => [0, 1, 2].map((x) => k.let(`g${y}${x}`, k.load('x', placeOf(y, x)))));

/** Stores G g G^T of the filter g in buffer `out`, with its numbers `matrix` elements apart. */
export function transformFilter(
  k: KernelBuilder,
  { filter, inputs }: Winograd,
  g: Filter,
  to: Expr,
  matrix: number,
): void {
  filter.forEach((row, y) => {
    const half = [0, 1, 2].map((x) => k.let(`h${y}${x}`, dot(row, [g[0]![x]!, g[1]![x]!, g[2]![x]!])));
    filter.forEach((column, x) => k.store('out', add(to, (y * inputs + x) * matrix), dot(column, half)));
  });
}

/** A dot product. Factors of 0 leave their number out. */
const dot = (factors: readonly number[], values: readonly Expr[]): Expr =>
  factors.reduce<Expr>((sum, factor, i) => {
    if (factor === 0) return sum;
    const value = values[i]!;
    if (sum.kind === 'const') return factor === 1 ? value : mul(value, f32Const(factor));
    return factor === 1 ? add(sum, value) : fma(value, f32Const(factor), sum);
  }, f32Const(0));
