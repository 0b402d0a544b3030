/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3"; the
 * generator of JAX): maps a counter of two words to two random words under a key of two words. It uses only integers,
 * so every machine and target draws the same bits, in any order.
 */
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, bitOr, cast, mul, shl, shr, u32Const, xor } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Reject, SampleInput, TensorAccess } from '../types.ts';
import type { TensorType } from '../../ir/types.ts';

export type Words = readonly [Expr, Expr];

/** Rotations by round, modulo 8. */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const ROUNDS = 20;
/** The parity constant of the key schedule, from the Skein hash function. */
const PARITY = 0x1bd11bda;

const rotateLeft = (word: Expr, by: number): Expr => bitOr(shl(word, by), shr(word, 32 - by));

export function threefry(k: KernelBuilder, key: Words, counter: Words): Words {
  const schedule = [key[0], key[1], k.let('parity', xor(xor(key[0], key[1]), PARITY))];
  const a = k.variable('a', add(counter[0], key[0]));
  const b = k.variable('b', add(counter[1], key[1]));
  for (let round = 0; round < ROUNDS; round++) {
    k.assign(a, add(a, b));
    k.assign(b, xor(rotateLeft(b, ROTATIONS[round % 8]!), a));
    if (round % 4 !== 3) continue;
    const injection = (round + 1) / 4;
    k.assign(a, add(a, schedule[injection % 3]!));
    k.assign(b, add(b, add(schedule[(injection + 1) % 3]!, injection)));
  }
  return [a, b];
}

/** Checks the key, which is an operand of every random operator. */
export function checkSeed(seed: TensorType, stream: number, reject: Reject): void {
  if (seed.dtype !== 'u32' || seed.shape.join() !== '2') reject('CNNC1203', 'the seed is not u32[2]');
  if (!(Number.isInteger(stream) && stream >= 0 && stream < 2 ** 32)) {
    reject('CNNC1104', `the stream ${stream} is not a whole number below 2^32`);
  }
}

/** Two random words for `counter` (an i32 expression) of a stream. */
export function draw(k: KernelBuilder, seed: TensorAccess, counter: Expr, stream: number): Words {
  const key = [k.let('key', seed.load([0])), k.let('key', seed.load([1]))] as const;
  return threefry(k, key, [cast(counter, 'u32'), u32Const(stream)]);
}

/** The 24 high bits, as many as an f32 holds exactly. */
export const highBits = (word: Expr): Expr => shr(word, 8);

/** A number in [0, 1): 24 bits times 2^-24, exact in f32. */
export const toUniform = (word: Expr): Expr => mul(cast(highBits(word), 'f32'), 2 ** -24);

export const sampleSeed = (...words: [number, number]): SampleInput => ({
  dtype: 'u32',
  shape: [2],
  values: { kind: 'exact', data: words },
});

/** Multiply-adds that one draw counts as: two integer operations and a rotation per round. */
export const DRAW_COST = 5 * ROUNDS;
