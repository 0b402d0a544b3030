import { describe, expect, it } from 'vitest';
import { epochKey, permutation, pick, threefry } from '../../runtime/training/fit/random.ts';

describe('threefry', () => {
  // Known answers of Random123 for threefry2x32 with 20 rounds.
  it.each([
    [
      [0, 0],
      [0, 0],
      [0x6b200159, 0x99ba4efe],
    ],
    [
      [0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      [0x1cb996fc, 0xbb002be7],
    ],
    [
      [0x13198a2e, 0x03707344],
      [0x243f6a88, 0x85a308d3],
      [0xc4923a9c, 0x483df7a0],
    ],
  ] as const)('key %j, counter %j', (key, counter, expected) => {
    expect(threefry(key, counter)).toEqual(expected);
  });
});

describe('permutation', () => {
  it('holds every number once, in another order for every key', () => {
    const first = permutation(epochKey(1, 0, 'order'), 1000);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(permutation(epochKey(1, 0, 'order'), 1000)).toEqual(first);
    for (const other of [
      epochKey(1, 1, 'order'),
      epochKey(2, 0, 'order'),
      epochKey(2 ** 32 + 1, 0, 'order'),
    ]) {
      expect(permutation(other, 1000)).not.toEqual(first);
    }
  });

  it('is pinned, since every machine must train alike', () => {
    expect([...permutation(epochKey(1, 0, 'order'), 8)]).toMatchInlineSnapshot(`
      [
        1,
        3,
        2,
        5,
        4,
        0,
        7,
        6,
      ]
    `);
  });

  it('puts every number at every place about equally often', () => {
    const counts = new Float64Array(25);
    const runs = 5000;
    for (let run = 0; run < runs; run++) {
      permutation(epochKey(run, 0, 'order'), 5).forEach((value, place) => counts[place * 5 + value]!++);
    }
    // Each is binomial with mean 1000 and deviation 28; six deviations.
    for (const count of counts) expect(Math.abs(count - runs / 5)).toBeLessThan(170);
  });
});

describe('pick', () => {
  it('spans the whole range', () => {
    expect([pick(0, 5), pick(2 ** 32 - 1, 5), pick(2 ** 31, 4)]).toEqual([0, 4, 2]);
  });
});
