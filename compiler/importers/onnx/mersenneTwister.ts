/**
 * NumPy's `RandomState(seed).uniform(0, 1, size)`: MT19937 by Matsumoto and Nishimura, with 53 bits for each number.
 * ONNX's reference implementation draws the masks of dropout with it.
 */
const [SIZE, MIDDLE] = [624, 397];

export function uniformNumbers(seed: number, count: number): number[] {
  const next = mersenneTwister(seed);
  return Array.from({ length: count }, () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53);
}

function mersenneTwister(seed: number): () => number {
  const state = new Uint32Array(SIZE);
  state[0] = seed;
  for (let i = 1; i < SIZE; i++) {
    const before = state[i - 1]!;
    state[i] = Math.imul(1812433253, before ^ (before >>> 30)) + i;
  }
  let index = SIZE;
  return () => {
    if (index === SIZE) {
      twist(state);
      index = 0;
    }
    let word = state[index++]!;
    word ^= word >>> 11;
    word ^= (word << 7) & 0x9d2c5680;
    word ^= (word << 15) & 0xefc60000;
    return (word ^ (word >>> 18)) >>> 0;
  };
}

function twist(state: Uint32Array): void {
  for (let i = 0; i < SIZE; i++) {
    const bits = (state[i]! & 0x80000000) | (state[(i + 1) % SIZE]! & 0x7fffffff);
    state[i] = state[(i + MIDDLE) % SIZE]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
  }
}
