/**
 * Vectorized loops of every operation compute what the plain ones compute, in f64 with every access checked. A list
 * names the operations that stay plain, and why.
 */
import { describe, expect, it } from 'vitest';
import type { OpName } from '../../compiler/ir/types.ts';
import { createLayout, rowMajor, type Layout } from '../../compiler/kernel/layout.ts';
import type { Kernel, Statement } from '../../compiler/kernel/types.ts';
import { definitionOf, opNames } from '../../compiler/ops/index.ts';
import type { Sample } from '../../compiler/ops/types.ts';
import { toF64 } from '../support/gradients.ts';
import { pack } from '../support/layouts.ts';
import { sampleArrays } from '../support/samples.ts';
import { expectSame, isVectorized, nhwc, plainKernel, vectorized } from './vectorizing.ts';

const LOOPED = opNames.filter((name) => !definitionOf(name).structural);

const turned =
  (by: number) =>
  (shape: readonly number[]): Layout =>
    createLayout(
      'turned',
      shape,
      shape.map((_, axis) => (axis + by) % shape.length),
    );

const LAYOUTS: Readonly<Record<string, (shape: readonly number[]) => Layout>> = {
  'row-major': rowMajor,
  'channels last': nhwc,
  'rows last': turned(3),
  'samples last': turned(1),
};

describe('every sample of every operation computes the same', () => {
  for (const op of LOOPED) {
    for (const sample of definitionOf<OpName>(op).samples) {
      it(`${op}: ${sample.name}`, () => {
        const arrays = sampleArrays(op, sample);
        for (const layout of Object.values(LAYOUTS)) {
          const before = plainKernel(op, sample, layout);
          const packed = arrays.map((array, i) => toF64(pack(layout(sample.inputs[i]!.shape), array)));
          expectSame(before, vectorized(before), packed);
        }
      });
    }
  }
});

/** Has a loop over 8 numbers or more. */
const isLong = (body: readonly Statement[]): boolean =>
  body.some((s) => {
    if (s.kind === 'block') return isLong(s.body);
    if (s.kind === 'if') return isLong(s.then) || isLong(s.otherwise);
    if (s.kind !== 'for') return false;
    return (
      isLong(s.body) || (s.from.kind === 'const' && s.to.kind === 'const' && s.to.value - s.from.value >= 8)
    );
  });

/** Stays plain although it has long loops. */
const isPlain = (after: Kernel): boolean => !isVectorized(after) && isLong(after.body);

const BORDERS = 'its borders lie along the rows: conditions and bounds differ from lane to lane';
const QUOTIENTS = 'places along a row are quotients and remainders';
const INTEGERS = 'its results, or what they depend on, are integers';
const SHORT = 'the long loops are not the innermost, those are short';

/** Why row-major samples stay plain, though they have loops over 8 numbers or more. */
const PLAIN: Partial<Record<OpName, string>> = {
  adaptiveAveragePoolGradient: BORDERS,
  argMax: INTEGERS,
  averagePoolGradient: QUOTIENTS,
  cast: INTEGERS,
  compare: INTEGERS,
  conv2d: BORDERS,
  conv2dInputGradient: BORDERS,
  conv2dWeightGradient: BORDERS,
  convTranspose2d: QUOTIENTS,
  dropout: INTEGERS,
  flatten: QUOTIENTS,
  lpPoolGradient: QUOTIENTS,
  maxPoolGradient: QUOTIENTS,
  maxUnpool: INTEGERS,
  pad: BORDERS,
  pixelShuffle: QUOTIENTS,
  pixelUnshuffle: SHORT,
  randomNormal: INTEGERS,
  reshape: QUOTIENTS,
  resizeBilinear: QUOTIENTS,
  resizeBilinearGradient: BORDERS,
  resizeNearest: QUOTIENTS,
  sliceGradient: BORDERS,
  where: INTEGERS,
};

/** The same of images with many channels, channels last. */
const PLAIN_CHANNELS_LAST: Partial<Record<OpName, string>> = {
  argMax: INTEGERS,
  channelShuffle: QUOTIENTS,
  compare: INTEGERS,
  flatten: QUOTIENTS,
  localResponseNorm: 'its borders lie along the channels',
  localResponseNormGradient: 'its borders lie along the channels',
  maxPoolIndices: INTEGERS,
  maxUnpool: INTEGERS,
  maxUnpoolGradient: INTEGERS,
  pixelUnshuffle: QUOTIENTS,
};

const CHANNELS = 44;

/** A sample's images with more channels, and whatever else has as many; undefined where that is no longer the operation. */
function withChannels(op: OpName, sample: Sample<OpName>): Kernel | undefined {
  const wide = (shape: readonly number[]): number[] =>
    shape.map((extent, axis) => (axis === 1 || shape.length === 1 ? CHANNELS : extent));
  if (!sample.inputs.some(({ shape }) => shape.length === 4)) return undefined;
  const inputs = sample.inputs.map((type) => ({ ...type, shape: wide(type.shape) }));
  const attrs = Object.fromEntries(
    Object.entries<unknown>({ ...sample.attrs }).map(([name, value]) => [
      name,
      /shape/i.test(name) && Array.isArray(value) && value.length === 4 ? wide(value as number[]) : value,
    ]),
  );
  try {
    return plainKernel(op, { inputs, attrs }, nhwc);
  } catch {
    return undefined;
  }
}

describe('long loops are in lanes, but where it is known why', () => {
  it('row-major', () => {
    const found = LOOPED.filter((op) =>
      definitionOf<OpName>(op).samples.some((sample) =>
        isPlain(vectorized(plainKernel(op, sample, rowMajor))),
      ),
    );
    expect(found).toEqual(Object.keys(PLAIN));
  });

  it('channels last', () => {
    const found = new Set<OpName>();
    let count = 0;
    for (const op of LOOPED) {
      for (const sample of definitionOf<OpName>(op).samples) {
        const before = withChannels(op, sample);
        if (!before) continue;
        const after = vectorized(before);
        expectSame(before, after);
        if (isPlain(after)) found.add(op);
        count++;
      }
    }
    expect([...found]).toEqual(Object.keys(PLAIN_CHANNELS_LAST));
    expect(count).toBeGreaterThan(200);
  });
});
