/**
 * Winograd's minimal filtering F(m x m, 3 x 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks",
 * 2015): an m x m tile of outputs needs (m + 2)^2 products per channel instead of 9 m^2. Filters become G g G^T,
 * tiles of the input B^T d B, and the sums of their products A^T s A. Each one-dimensional transform is written out
 * and shares common terms of its rows. The factors of G are here in A, so that G has only whole numbers: filters are
 * transformed more often than sums.
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
  /** G times a column of three numbers or vectors. `name` names a value. */
  transformFilter(g: readonly Expr[], name: Name): readonly Expr[];
  /** B^T times a column. */
  transformInput(d: readonly Expr[], name: Name): readonly Expr[];
  /** A^T times a column. */
  transformOutput(s: readonly Expr[], name: Name): readonly Expr[];
}

export type Name = (hint: string, value: Expr) => Expr;

/** A factor for a number or a vector. */
const factor = (value: number, of: Expr): Expr =>
  of.type === 'f32x4' ? splat(f32Const(value)) : f32Const(value);
const scaled = (value: number, of: Expr): Expr => mul(of, factor(value, of));
const times = (value: number, of: Expr, plus: Expr): Expr => fma(of, factor(value, of), plus);

/** F(2 x 2, 3 x 3), with the points 0, 1, -1 and infinity. */
export const F2: Winograd = {
  outputs: 2,
  inputs: 4,
  transformFilter([g0, g1, g2], name) {
    const even = name('even', add(g0!, g2!));
    return [g0!, add(even, g1!), sub(even, g1!), g2!];
  },
  transformInput: ([d0, d1, d2, d3]) => [sub(d0!, d2!), add(d1!, d2!), sub(d2!, d1!), sub(d3!, d1!)],
  transformOutput: ([s0, s1, s2, s3]) => [times(1 / 2, add(s1!, s2!), s0!), times(1 / 2, sub(s1!, s2!), s3!)],
};

/** F(4 x 4, 3 x 3), with the points 0, 1, -1, 2, -2 and infinity. */
export const F4: Winograd = {
  outputs: 4,
  inputs: 6,
  transformFilter([g0, g1, g2], name) {
    const even = name('even', add(g0!, g2!));
    const twice = name('twice', add(g2!, g2!));
    const evenTwo = name('evenTwo', add(g0!, add(twice, twice)));
    const oddTwo = name('oddTwo', add(g1!, g1!));
    return [g0!, add(even, g1!), sub(even, g1!), add(evenTwo, oddTwo), sub(evenTwo, oddTwo), g2!];
  },
  transformInput([d0, d1, d2, d3, d4, d5], name) {
    const fourTimes = (of: Expr): Expr => {
      const twice = name('twice', add(of, of));
      return add(twice, twice);
    };
    const even = name('even', sub(d4!, fourTimes(d2!)));
    const odd = name('odd', sub(d3!, fourTimes(d1!)));
    const evenTwo = name('evenTwo', sub(d4!, d2!));
    const half = name('half', sub(d3!, d1!));
    const oddTwo = name('oddTwo', add(half, half));
    const corner = name('corner', sub(d0!, d2!));
    return [
      add(evenTwo, fourTimes(corner)),
      add(even, odd),
      sub(even, odd),
      add(evenTwo, oddTwo),
      sub(evenTwo, oddTwo),
      sub(sub(d5!, d3!), add(oddTwo, oddTwo)),
    ];
  },
  transformOutput([s0, s1, s2, s3, s4, s5], name) {
    const even = name('even', scaled(-1 / 6, add(s1!, s2!)));
    const odd = name('odd', scaled(-1 / 6, sub(s1!, s2!)));
    const evenTwo = name('evenTwo', add(s3!, s4!));
    const oddTwo = name('oddTwo', sub(s3!, s4!));
    return [
      times(1 / 4, s0!, times(1 / 24, evenTwo, even)),
      times(1 / 12, oddTwo, odd),
      times(1 / 6, evenTwo, even),
      add(times(1 / 3, oddTwo, odd), s5!),
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

/** Calls `store` with each number (or vector) of G g G^T of the filter g, row by row. */
export function transformFilter(
  k: KernelBuilder,
  winograd: Winograd,
  g: Filter,
  store: (position: number, value: Expr) => void,
): void {
  const { inputs } = winograd;
  for (let y = 0; y < inputs; y++) {
    // Only one row at a time is kept in registers. Terms that two rows share are computed twice.
    const row = [0, 1, 2].map((x) => {
      const column = [g[0]![x]!, g[1]![x]!, g[2]![x]!];
      return k.let(`h${y}${x}`, winograd.transformFilter(column, (_hint, value) => value)[y]!);
    });
    const values = winograd.transformFilter(row, (name, value) => k.let(name, value));
    values.forEach((value, x) => store(y * inputs + x, value));
  }
}
