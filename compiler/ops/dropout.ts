/**
 * dropout: each element becomes 0 with probability p, else x / (1 - p) (Srivastava et al. 2014; PyTorch's scaling).
 * Threefry-2x32 draws the mask from the element's number in row-major order, so it is the same in any layout. The
 * gradient is the same operator applied to the gradient.
 *
 *   x    f32
 *   seed u32[2]
 */
import { f32, formatType } from '../ir/types.ts';
import { ge, mul, select, u32Const } from '../kernel/expression.ts';
import { perResult } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import { rowMajorNumber } from './shared/rowMajor.ts';
import { checkSeed, draw, DRAW_COST, highBits, sampleSeed } from './shared/threefry.ts';
import type { OpDefinition } from './types.ts';
import { elementAt, short } from './shared/formula.ts';

export interface DropoutAttrs {
  /** The probability of a 0, from 0 to below 1. */
  readonly p: number;
  /** A number that is unique to each dropout of a net. */
  readonly stream: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    dropout: DropoutAttrs;
  }
}

export const dropout: OpDefinition<'dropout'> = {
  name: 'dropout',
  operands: ['x', 'seed'],
  formula: ({ p, stream }, [x]) =>
    `0 with probability ${p}, else ${elementAt('x', x!)} / ${short(1 - p)}, by Threefry-2x32 of seed, stream ${stream} and the element's number`,
  isIdentity: (_inputs, { p }) => p === 0,
  keepsExamples: true,
  infer([x, seed], { p, stream }, reject) {
    if (x!.dtype !== 'f32') reject('CNNC1203', `the input is ${formatType(x!)}, expected f32`);
    checkSeed(seed!, stream, reject);
    if (!(p >= 0 && p < 1)) reject('CNNC1104', `p is ${p}, expected a probability from 0 to below 1`);
    return x!;
  },
  gradient: ({ attrs, inputs: [, seed], gradient, g }) => [
    g.node('dropout', [gradient, seed!], attrs),
    undefined,
  ],
  define({ attrs: { p, stream }, inputs: [x, seed], output }, k) {
    const shape = output.type.shape;
    // Compares integers, because targets could round the probability differently.
    const dropped = u32Const(Math.round(p * 2 ** 24));
    k.forEach(axisNames(shape.length), shape, (index) => {
      const [word] = draw(k, seed!, rowMajorNumber(shape, index), stream);
      const kept = ge(highBits(word), dropped);
      output.store(index, select(kept, mul(x!.load(index), 1 / (1 - p)), 0));
    });
  },
  cost: perResult(DRAW_COST),
  samples: [
    { name: 'a half', inputs: [f32(2, 3, 4, 5), sampleSeed(5, 6)], attrs: { p: 0.5, stream: 0 } },
    { name: 'rank 2, a tenth', inputs: [f32(7, 9), sampleSeed(0xffffffff, 1)], attrs: { p: 0.1, stream: 3 } },
    { name: 'nothing dropped', inputs: [f32(3, 5), sampleSeed(1, 2)], attrs: { p: 0, stream: 0 } },
  ],
};
