/** Turns a network's output into ranked labels. Self-contained; works in Node and in browsers. */
export interface Ranked {
  readonly index: number;
  /** The label of that index, or the index as text if there are no labels. */
  readonly label: string;
  readonly probability: number;
}

/**
 * The `k` most probable classes from one vector of logits, best first; equal logits are sorted by index. If
 * there are fewer than `k` classes, all are returned. With `probabilities: true` the values are probabilities
 * already and get no softmax.
 */
export function topK(
  values: ArrayLike<number>,
  k: number,
  labels?: readonly string[],
  options: { readonly probabilities?: boolean } = {},
): Ranked[] {
  if (!Number.isSafeInteger(k) || k < 1)
    throw new Error(`topK: k must be a whole number of at least 1, got ${k}`);
  if (labels && labels.length !== values.length) {
    throw new Error(
      `topK: there are ${values.length} values but ${labels.length} labels; there must be one label for each value`,
    );
  }
  const numbers = Array.from(values);
  const wrong = numbers.findIndex(Number.isNaN);
  if (wrong >= 0) throw new Error(`topK: value ${wrong} is NaN`);
  const probabilities = options.probabilities ? numbers : softmax(numbers);
  // Sorted by the logits: they can differ where the probabilities are equal after rounding.
  const order = numbers.map((_, index) => index).sort((a, b) => numbers[b]! - numbers[a]! || a - b);
  return order.slice(0, k).map((index) => ({
    index,
    label: labels?.[index] ?? String(index),
    probability: probabilities[index]!,
  }));
}

function softmax(logits: readonly number[]): number[] {
  const largest = logits.reduce((most, logit) => Math.max(most, logit), -Infinity);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
