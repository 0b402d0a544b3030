/** Numbers over samples, and how far two results are apart. */

export interface Summary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly runs: number;
}

export function median(values: readonly number[]): number {
  if (values.length === 0) throw new Error('nothing has a median');
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export const summarize = (values: readonly number[]): Summary => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values),
  runs: values.length,
});

/**
 * The largest difference, relative to the largest magnitude of what is expected. Infinite where lengths differ or
 * something is no number.
 */
export function relativeDifference(found: readonly number[], expected: readonly number[]): number {
  if (found.length !== expected.length) return Infinity;
  let [difference, largest] = [0, 0];
  for (const [i, value] of expected.entries()) {
    const gap = Math.abs(found[i]! - value);
    if (!Number.isFinite(gap)) return Infinity;
    difference = Math.max(difference, gap);
    largest = Math.max(largest, Math.abs(value));
  }
  return difference === 0 ? 0 : difference / largest;
}
