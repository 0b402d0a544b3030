/** The random operations: Random123's known answers, exact values, moments and independence of draws. */
import { describe, expect, it } from 'vitest';
import { buildKernel } from '../../compiler/kernel/builder.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { verifyKernel } from '../../compiler/kernel/verifier.ts';
import { channelsLast } from '../../compiler/kernel/layout.ts';
import { referenceKernel } from '../../compiler/ops/reference.ts';
import { threefry } from '../../compiler/ops/shared/threefry.ts';
import { rowMajor } from '../../compiler/kernel/layout.ts';
import { f32, type Attrs, type TensorType } from '../../compiler/ir/types.ts';
import { singleNodeGraph } from '../support/gradients.ts';

const seedType: TensorType = { dtype: 'u32', shape: [2] };

/** Runs Threefry on a counter and a key of two words. */
function threefryWords(counter: [number, number], key: [number, number]): number[] {
  const buffer = (name: string, access: 'read' | 'write') => ({
    name,
    element: 'u32' as const,
    length: 2,
    access,
  });
  const buffers = [buffer('counter', 'read'), buffer('key', 'read'), buffer('out', 'write')];
  const kernel = buildKernel({ name: 'threefry', buffers }, (k) => {
    const words = threefry(
      k,
      [k.load('key', 0), k.load('key', 1)],
      [k.load('counter', 0), k.load('counter', 1)],
    );
    words.forEach((word, i) => k.store('out', i, word));
  });
  const out = new Uint32Array(2);
  interpretKernel(verifyKernel(kernel), [Uint32Array.from(counter), Uint32Array.from(key), out]);
  return [...out];
}

type RandomOp = 'randomUniform' | 'randomNormal';

function drawn(op: RandomOp, attrs: Attrs[RandomOp], seed: [number, number]): Float32Array {
  const { node } = singleNodeGraph(op, [seedType], attrs);
  const out = new Float32Array(attrs.shape.reduce((a, b) => a * b, 1));
  compileKernel(referenceKernel(node, [seedType]))(Uint32Array.from(seed), out);
  return out;
}

function moments(values: ArrayLike<number>): { mean: number; variance: number; kurtosis: number } {
  const list = Array.from(values);
  const mean = list.reduce((a, b) => a + b, 0) / list.length;
  const central = (power: number) => list.reduce((sum, x) => sum + (x - mean) ** power, 0) / list.length;
  return { mean, variance: central(2), kurtosis: central(4) / central(2) ** 2 - 3 };
}

describe('Threefry-2x32', () => {
  // kat_vectors of Random123 1.14: threefry2x32, 20 rounds.
  it.each([
    { counter: [0, 0], key: [0, 0], words: [0x6b200159, 0x99ba4efe] },
    { counter: [0xffffffff, 0xffffffff], key: [0xffffffff, 0xffffffff], words: [0x1cb996fc, 0xbb002be7] },
    { counter: [0x243f6a88, 0x85a308d3], key: [0x13198a2e, 0x03707344], words: [0xc4923a9c, 0x483df7a0] },
  ] as { counter: [number, number]; key: [number, number]; words: number[] }[])(
    'gives the known answer for counter $counter',
    ({ counter, key, words }) => expect(threefryWords(counter, key)).toEqual(words),
  );
});

describe('randomUniform', () => {
  const values = drawn('randomUniform', { shape: [100, 1000], stream: 0 }, [42, 0]);

  it('is the first word by element number and stream, in 24 bits', () => {
    for (const i of [0, 1, 999, 54321])
      expect(values[i]).toBe((threefryWords([i, 0], [42, 0])[0]! >>> 8) / 2 ** 24);
    const other = drawn('randomUniform', { shape: [3], stream: 9 }, [42, 0]);
    expect(other[2]).toBe((threefryWords([2, 9], [42, 0])[0]! >>> 8) / 2 ** 24);
  });

  it('is uniform in [0, 1)', () => {
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
    const { mean, variance } = moments(values);
    // Five deviations of the mean and variance of 100000 draws.
    expect(Math.abs(mean - 1 / 2)).toBeLessThan(5 * Math.sqrt(1 / 12 / 1e5));
    expect(Math.abs(variance - 1 / 12)).toBeLessThan(5 * Math.sqrt(1 / 180 / 1e5));
  });

  it('is the same numbers under any shape', () => {
    expect(drawn('randomUniform', { shape: [4, 5, 3], stream: 0 }, [42, 0])).toEqual(values.slice(0, 60));
  });
});

describe('randomNormal', () => {
  const values = drawn('randomNormal', { shape: [100_000], stream: 0 }, [7, 8]);

  it('has the moments of a sum of twelve', () => {
    const { mean, variance, kurtosis } = moments(values);
    expect(Math.abs(mean)).toBeLessThan(5 * Math.sqrt(1 / 1e5));
    expect(Math.abs(variance - 1)).toBeLessThan(5 * Math.sqrt(2 / 1e5));
    expect(Math.abs(kurtosis + 0.1)).toBeLessThan(5 * Math.sqrt(24 / 1e5));
  });

  it('has multiples of 2^-16 within 6 deviations: nothing was rounded', () => {
    expect(values.every((value) => Number.isInteger(value * 2 ** 16) && Math.abs(value) < 6)).toBe(true);
  });

  it('depends on seed and stream', () => {
    const first = [...values.slice(0, 20)];
    expect([...drawn('randomNormal', { shape: [20], stream: 1 }, [7, 8])]).not.toEqual(first);
    expect([...drawn('randomNormal', { shape: [20], stream: 0 }, [7, 9])]).not.toEqual(first);
    expect([...drawn('randomNormal', { shape: [20], stream: 0 }, [7, 8])]).toEqual(first);
  });
});

describe('dropout', () => {
  const run = (shape: number[], p: number, lastChannels = false): Float32Array => {
    const types = [f32(...shape), seedType];
    const { node } = singleNodeGraph('dropout', types, { p, stream: 2 });
    const layout = lastChannels ? channelsLast(shape) : rowMajor(shape);
    const layouts = { inputs: [layout, rowMajor([2])], output: layout };
    const out = new Float32Array(layout.size);
    compileKernel(referenceKernel(node, types, layouts))(
      new Float32Array(layout.size).fill(1),
      Uint32Array.of(3, 4),
      out,
    );
    return out;
  };

  it.each([0.1, 0.5, 0.9])('drops %d of the elements and scales the others', (p) => {
    const out = run([100, 500], p);
    const dropped = out.filter((value) => value === 0).length / out.length;
    expect(Math.abs(dropped - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / out.length));
    expect(new Set(out)).toEqual(new Set([0, Math.fround(1 / (1 - p))]));
  });

  it('has the same mask in another layout', () => {
    const [planes, pixels] = [run([2, 3, 4, 5], 0.5), run([2, 3, 4, 5], 0.5, true)];
    for (let n = 0; n < 2; n++)
      for (let c = 0; c < 3; c++)
        for (let p = 0; p < 20; p++) expect(pixels[(n * 20 + p) * 3 + c]).toBe(planes[(n * 3 + c) * 20 + p]);
  });

  it('rejects p = 1', () => {
    expect(() => singleNodeGraph('dropout', [f32(3), seedType], { p: 1, stream: 0 })).toThrow(
      'p is 1, expected a probability',
    );
  });
});
