/**
 * Winograd's minimal filtering F(m x m, 3 x 3) (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2015):
 * an m x m tile of outputs takes (m + 2)^2 products a channel instead of 9 m^2. Filters become G g G^T, tiles of the
 * input B^T d B, and sums of their products A^T s A. Each one-dimensional transform is written out with what its rows
 * have in common.
 */
import { add, f32Const, fma, mul, splat, sub } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';

export interface Winograd {
  /** Outputs of a tile in each direction. */
  readonly outputs: 2 | 4;
  /** Inputs: m + 2. */
  readonly inputs: number;
  /** G: rows of three factors. */
  readonly filter: readonly (readonly [number, number, number])[];
  /** B^T times a column. `name` gives a value a name. */
  transformInput(d: readonly Expr[], name: Name): readonly Expr[];
  /** A^T times a column. */
  transformOutput(s: readonly Expr[], name: Name): readonly Expr[];
}

type Name = (hint: string, value: Expr) => Expr;

const factor = (value: number): Expr => splat(f32Const(value));
const times = (value: number, of: Expr, plus: Expr): Expr => fma(of, factor(value), plus);

/** The points 0, 1, -1 and infinity. */
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

/** The points 0, 1, -1, 2, -2 and infinity. */
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
