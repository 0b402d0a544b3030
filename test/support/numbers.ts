/** Comparing computed numbers: errors relative to the largest magnitude that was expected. */

/** Numbers drawn from a seed (mulberry32), uniform in [0, 1); the same on every machine. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** FNV-1a: a seed from what a set of numbers is for. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

export function maxAbs(values: ArrayLike<number>): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}

/**
 * The largest difference over the largest expected magnitude (over 1 where everything expected is 0).
 * NaN and infinities must be expected where they are found, else the error is infinite.
 */
export function maxRelativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (Object.is(a, e)) continue;
    if (!Number.isFinite(a) || !Number.isFinite(e)) return Infinity;
    difference = Math.max(difference, Math.abs(a - e));
  }
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i]!)) magnitude = Math.max(magnitude, Math.abs(expected[i]!));
  return difference / (magnitude || 1);
}

/** The first few places where two arrays differ by more than `tolerance` of the largest magnitude, for messages. */
export function describeDifferences(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): string {
  if (actual.length !== expected.length) return `${actual.length} numbers, expected ${expected.length}`;
  const limit = tolerance * (maxAbs(Array.from(expected).filter(Number.isFinite)) || 1);
  const lines: string[] = [];
  for (let i = 0; i < expected.length && lines.length < 5; i++) {
    const [a, e] = [actual[i]!, expected[i]!];
    if (!Object.is(a, e) && !(Math.abs(a - e) <= limit)) lines.push(`[${i}] ${a}, expected ${e}`);
  }
  return lines.join('; ');
}
