/** Vectors of up to four numbers, for the rest of an extent that is not a multiple of four. */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, f32Const, lane, vector, type Operand } from '../../kernel/expression.ts';
import { elementIndex } from '../../kernel/layout.ts';
import type { Expr } from '../../kernel/types.ts';
import type { TensorAccess } from '../../ops/types.ts';
import { range } from './shorthands.ts';

const LANES = [0, 1, 2, 3] as const;

/** Loads `count` numbers, `stride` apart. The other lanes are zeros, and nothing is read for them. */
export function loadLanes(k: KernelBuilder, buffer: string, at: Operand, count = 4, stride = 1): Expr {
  if (count >= 4 && stride === 1) return k.load(buffer, at, 'f32x4');
  const load = (i: number): Expr => (i < count ? k.load(buffer, add(at, i * stride)) : f32Const(0));
  return vector(load(0), load(1), load(2), load(3));
}

/** Loads `count` neighbouring numbers of a vector such as a bias. */
export function loadAlong(k: KernelBuilder, { place, load }: TensorAccess, at: Expr, count = 4): Expr {
  if (count >= 4) return k.load(place.buffer, elementIndex(place.layout, [at]), 'f32x4');
  const one = (i: number): Expr => (i < count ? load([add(at, i)]) : f32Const(0));
  return vector(one(0), one(1), one(2), one(3));
}

/** The sum of a vector's lanes, in pairs. */
export function sumOfLanes(k: KernelBuilder, value: Expr): Expr {
  const named = k.let('lanes', value);
  const [a, b, c, d] = LANES.map((i) => lane(named, i)) as [Expr, Expr, Expr, Expr];
  return add(add(a, b), add(c, d));
}

/** Groups numbers into vectors of four. The last one is filled up with zeros. */
export const inVectors = (values: readonly Expr[]): Expr[] =>
  range(Math.ceil(values.length / 4)).map((v) => {
    const [a, b, c, d] = range(4).map((i) => values[4 * v + i] ?? f32Const(0)) as [Expr, Expr, Expr, Expr];
    return vector(a, b, c, d);
  });
