/**
 * randomUniform: numbers in [0, 1) with 24 random bits, by Threefry-2x32. Element number i (row-major) of a stream
 * depends only on the seed, the stream and i.
 *
 *   seed u32[2]
 */
import { randomOp, type RandomAttrs } from './shared/random.ts';
import { toUniform } from './shared/threefry.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    randomUniform: RandomAttrs;
  }
}

export const randomUniform = randomOp('randomUniform', {
  draws: 1,
  what: 'uniform from 0 to below 1',
  value: (_k, element, drawn) => toUniform(drawn(element)[0]),
});
