/** Operators that draw random numbers. Shape and stream are attributes; the key is the operand. */
import type { OpName, Attrs } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import { checkShape } from '../leaves.ts';
import type { OpDefinition, Sample } from '../types.ts';
import { perResult } from './cost.ts';
import { axisNames } from './pointwise.ts';
import { rowMajorNumber } from './rowMajor.ts';
import { checkSeed, draw, DRAW_COST, sampleSeed, type Words } from './threefry.ts';

export interface RandomAttrs {
  readonly shape: readonly number[];
  /** Draws with the same seed need different streams to differ. */
  readonly stream: number;
}

/** The operators that have these attributes. */
type RandomName = { [K in OpName]: Attrs[K] extends RandomAttrs ? K : never }[OpName];

interface RandomPart {
  /** Number of draws for each number. */
  readonly draws: number;
  /** What the numbers are, as text. */
  readonly what: string;
  /** Computes a number from its place in row-major order. `drawn` gives two words for a counter. */
  readonly value: (k: KernelBuilder, element: Expr, drawn: (counter: Expr) => Words) => Expr;
}

export const randomOp = <K extends RandomName>(
  name: K,
  { draws, what, value }: RandomPart,
): OpDefinition<K> => ({
  name,
  operands: ['seed'],
  formula: ({ stream }) =>
    `${what}, Threefry-2x32 of seed, stream ${stream} and the element's row-major number`,
  infer([seed], { shape, stream }, reject) {
    checkSeed(seed!, stream, reject);
    checkShape(shape, reject);
    return { dtype: 'f32', shape };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { shape, stream }, inputs: [seed], output }, k) {
    k.forEach(axisNames(shape.length), shape, (index) => {
      const drawn = (counter: Expr): Words => draw(k, seed!, counter, stream);
      output.store(index, value(k, rowMajorNumber(shape, index), drawn));
    });
  },
  cost: perResult(draws * DRAW_COST),
  samples: randomSamples<K>(),
});

const randomSamples = <K extends RandomName>(): Sample<K>[] => [
  { name: 'rank 2', inputs: [sampleSeed(1, 0)], attrs: { shape: [3, 7], stream: 0 } },
  {
    name: 'rank 4, large words',
    inputs: [sampleSeed(0xdeadbeef, 0xffffffff)],
    attrs: { shape: [2, 3, 4, 5], stream: 0xfedcba98 },
  },
  { name: 'a scalar', inputs: [sampleSeed(0, 0)], attrs: { shape: [], stream: 7 } },
];
