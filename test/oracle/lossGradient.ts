/** The gradients of the oracle's losses that `backward` takes, written by hand. */
import type { OracleCase } from './oracle.ts';

export function lossGradient(
  loss: OracleCase['loss'],
  output: ArrayLike<number>,
  target: ArrayLike<number>,
): Float32Array {
  const outputs = Array.from(output);
  switch (loss) {
    case 'cross_entropy':
      return crossEntropyGradient(outputs, target);
    case 'mse':
      return Float32Array.from(outputs, (y, i) => (2 * (y - target[i]!)) / outputs.length);
    case 'bce_with_logits':
      return Float32Array.from(outputs, (y, i) => (1 / (1 + Math.exp(-y)) - target[i]!) / outputs.length);
  }
}

/** (softmax(logits) - one-hot(label)) / N, of logits [N, C]. */
function crossEntropyGradient(logits: readonly number[], labels: ArrayLike<number>): Float32Array {
  const classes = logits.length / labels.length;
  const rows = Array.from(labels, (label, n) => {
    const exponentials = logits.slice(n * classes, (n + 1) * classes).map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    return exponentials.map((value, c) => (value / sum - (c === label ? 1 : 0)) / labels.length);
  });
  return Float32Array.from(rows.flat());
}
