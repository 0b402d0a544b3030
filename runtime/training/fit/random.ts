/**
 * Random numbers of the host: Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror and Shaw 2011), the same as
 * `ops/shared/threefry.ts` for kernels. It uses only integers and is addressed by counters. So every machine draws
 * the same bits, in any order, and a resumed run draws what an uninterrupted one would have drawn.
 */
export type Words = readonly [number, number];

/** Rotations by round, modulo 8. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const ROUNDS = 20;
/** The parity constant of the key schedule, from the Skein hash function. */
const PARITY = 0x1bd11bda;

/** Maps a counter of two words to two random words, under a key of two words. All words are unsigned 32-bit. */
export function threefry([k0, k1]: Words, [c0, c1]: Words): Words {
  const schedule = [k0, k1, k0 ^ k1 ^ PARITY];
  let a = (c0 + k0) | 0;
  let b = (c1 + k1) | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const by = ROTATIONS[round % 8]!;
    a = (a + b) | 0;
    b = ((b << by) | (b >>> (32 - by))) ^ a;
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    a = (a + schedule[injection % 3]!) | 0;
    b = (b + schedule[(injection + 1) % 3]! + injection) | 0;
  }
  return [a >>> 0, b >>> 0];
}

/** Purposes of random numbers. Each has a separate stream in every epoch. */
const PURPOSES = { order: 0, augmentation: 1 } as const;

/** The key for one purpose in one epoch of a run. */
export const epochKey = (seed: number, epoch: number, purpose: keyof typeof PURPOSES): Words =>
  threefry([seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0], [epoch, PURPOSES[purpose]]);

/** Maps a random word to a whole number in [0, below). `below` is far under 2^32, so the bias is negligible. */
export const pick = (word: number, below: number): number => Math.floor((word / 2 ** 32) * below);

/** The numbers 0 to count - 1, sorted by one random number each: a permutation that depends only on the key. */
export function permutation(key: Words, count: number): Uint32Array {
  const marks = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [high, low] = threefry(key, [i, 0]);
    marks[i] = high * 2 ** 21 + (low >>> 11);
  }
  return Uint32Array.from(marks.keys()).sort((a, b) => marks[a]! - marks[b]! || a - b);
}
