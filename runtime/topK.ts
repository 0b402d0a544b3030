/** From a network's output to labels. Self-contained; works in Node and in browsers. */
export interface Ranked {
  readonly index: number;
  /** The label of that index, or the index as text where no labels are given. */
  readonly label: string;
  readonly probability: number;
}

/**
 * The `k` most probable of one vector of logits, best first; of equals, the lower index first. All of them
 * where there are fewer than `k`. `probabilities: true` says that the values need no softmax.
 */
export function topK(
  values: ArrayLike<number>,
  k: number,
  labels?: readonly string[],
  options: { readonly probabilities?: boolean } = {},
): Ranked[] {
  if (!Number.isSafeInteger(k) || k < 1)
    throw new Error(`topK: k must be a whole number from 1 up, got ${k}`);
  if (labels && labels.length !== values.length) {
    throw new Error(`topK: ${values.length} values with ${labels.length} labels`);
  }
  const numbers = Array.from(values);
  const wrong = numbers.findIndex(Number.isNaN);
  if (wrong >= 0) throw new Error(`topK: value ${wrong} is NaN`);
  const probabilities = options.probabilities ? numbers : softmax(numbers);
  // By the logits: differences too small for a probability still count.
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
