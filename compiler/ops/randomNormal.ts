/**
 * randomNormal: numbers of mean 0 and deviation 1 as (sum of twelve 16-bit integers - 393210) / 65536, by
 * Threefry-2x32. The sum of twelve uniform numbers is close to a normal one (Irwin-Hall: kurtosis -0.1, never
 * beyond 6 deviations), and unlike Box and Muller's it needs integers only: 20 bits and a power of two, exact
 * in f32, so that every machine and target gets the same bits.
 *
 *   seed u32[2]
 */
import { sizeOf } from '../ir/types.ts';
import { add, bitAnd, cast, constant, mul, shr } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { checkShape } from './leaves.ts';
import type { RandomAttrs } from './randomUniform.ts';
import { bytesOf } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import { rowMajorNumber } from './shared/rowMajor.ts';
import { checkSeed, draw, DRAW_COST, sampleSeed, type Words } from './shared/threefry.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    randomNormal: RandomAttrs;
  }
}

/** Two words of 32 bits are four of the twelve. */
const DRAWS = 3;
/** 12 * (2^16 - 1) / 2 */
const MEAN = 393210;

/** The sum of the four 16-bit halves. */
function sumOfHalves([a, b]: Words): Expr {
  const halves = [a, b].flatMap((word) => [bitAnd(word, 0xffff), shr(word, 16)]);
  return cast(halves.reduce(add), 'i32');
}

export const randomNormal: OpDefinition<'randomNormal'> = {
  name: 'randomNormal',
  operands: ['seed'],
  infer([seed], { shape, stream }, reject) {
    checkSeed(seed!, stream, reject);
    checkShape(shape, reject);
    return { dtype: 'f32', shape };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { shape, stream }, inputs: [seed], output }, k) {
    k.forEach(axisNames(shape.length), shape, (index) => {
      const sum = k.variable('sum', constant(-MEAN));
      const first = k.let('first', mul(rowMajorNumber(shape, index), DRAWS));
      k.for('i', 0, DRAWS, (i) =>
        k.assign(sum, add(sum, sumOfHalves(draw(k, seed!, add(first, i), stream)))),
      );
      output.store(index, mul(cast(sum, 'f32'), 2 ** -16));
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: DRAWS * DRAW_COST * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    { name: 'rank 2', inputs: [sampleSeed(1, 0)], attrs: { shape: [3, 7], stream: 0 } },
    {
      name: 'rank 4, large words',
      inputs: [sampleSeed(0xdeadbeef, 0xffffffff)],
      attrs: { shape: [2, 3, 4, 5], stream: 0xfedcba98 },
    },
    { name: 'a scalar', inputs: [sampleSeed(0, 0)], attrs: { shape: [], stream: 7 } },
  ],
};
