/**
 * randomUniform: numbers in [0, 1) with 24 random bits, by Threefry-2x32. Element number i (row-major) of a
 * stream depends on the seed, the stream and i only.
 *
 *   seed u32[2]
 */
import { sizeOf } from '../ir/types.ts';
import { checkShape } from './leaves.ts';
import { bytesOf } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import { rowMajorNumber } from './shared/rowMajor.ts';
import { checkSeed, draw, DRAW_COST, sampleSeed, toUniform } from './shared/threefry.ts';
import type { OpDefinition } from './types.ts';

export interface RandomAttrs {
  readonly shape: readonly number[];
  /** Draws of one seed that must not be the same have different streams. */
  readonly stream: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    randomUniform: RandomAttrs;
  }
}

export const randomUniform: OpDefinition<'randomUniform'> = {
  name: 'randomUniform',
  operands: ['seed'],
  infer([seed], { shape, stream }, reject) {
    checkSeed(seed!, stream, reject);
    checkShape(shape, reject);
    return { dtype: 'f32', shape };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { shape, stream }, inputs: [seed], output }, k) {
    k.forEach(axisNames(shape.length), shape, (index) => {
      const [word] = draw(k, seed!, rowMajorNumber(shape, index), stream);
      output.store(index, toUniform(word));
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: DRAW_COST * sizeOf(output.shape),
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
