/**
 * randomNormal: numbers with mean 0 and deviation 1, computed as (sum of twelve 16-bit integers - 393210) / 65536, by
 * Threefry-2x32. The sum of twelve uniform numbers is approximately normal (Irwin-Hall: kurtosis -0.1, never beyond
 * 6 deviations). Unlike Box and Muller's method it needs only integers: 20 bits and a power of two, which f32 holds
 * exactly, so every machine and target gets the same bits.
 *
 *   seed u32[2]
 */
import { add, bitAnd, cast, constant, mul, shr } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { randomOp, type RandomAttrs } from './shared/random.ts';
import type { Words } from './shared/threefry.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    randomNormal: RandomAttrs;
  }
}

/** One draw gives two words of 32 bits, which are four of the twelve integers. */
const DRAWS = 3;
/** 12 * (2^16 - 1) / 2 */
const MEAN = 393210;

/** The sum of the four 16-bit halves. */
function sumOfHalves([a, b]: Words): Expr {
  const halves = [a, b].flatMap((word) => [bitAnd(word, 0xffff), shr(word, 16)]);
  return cast(halves.reduce(add), 'i32');
}

export const randomNormal = randomOp('randomNormal', {
  draws: DRAWS,
  what: 'normal, mean 0 and deviation 1',
  value(k, element, drawn) {
    const sum = k.variable('sum', constant(-MEAN));
    const first = k.let('first', mul(element, DRAWS));
    k.for('i', 0, DRAWS, (i) => k.assign(sum, add(sum, sumOfHalves(drawn(add(first, i))))));
    return mul(cast(sum, 'f32'), 2 ** -16);
  },
});
