/** Losses and hits: of single examples, of batches, and their means over steps. */
import type { FitBatch } from './batches.ts';
import type { FitEpoch, FitPlan, FitSums, MeasuredFit } from './types.ts';

export const noSums = (): FitSums => ({ loss: 0, correct: 0, steps: 0 });

/** Adds a step. A step that counts half of its batch has half of the weight, because its loss is a mean. */
export function addStep(sums: FitSums, loss: number, correct: number, share: number): void {
  sums.loss += loss * share;
  sums.correct += correct;
  sums.steps += share;
}

export const meansOf = ({ loss, correct, steps }: FitSums, batch: number): MeasuredFit => ({
  loss: loss / steps,
  accuracy: correct / (steps * batch),
});

/** Adds up loss and hits over the batch's examples. */
export function judgeBatch(
  { classes }: FitPlan,
  scores: Float32Array,
  { label, count }: FitBatch,
): { loss: number; correct: number } {
  const found = { loss: 0, correct: 0 };
  for (let i = 0; i < count; i++) {
    const { loss, isCorrect } = judge(scores.subarray(i * classes, (i + 1) * classes), label[i]!);
    found.loss += loss;
    found.correct += isCorrect ? 1 : 0;
  }
  return found;
}

/** Returns -log softmax(scores)[label], and whether the label's score is the first of the highest. */
export function judge(scores: Float32Array, label: number): { loss: number; isCorrect: boolean } {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity);
  const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0);
  return { loss: Math.log(sum) + largest - scores[label]!, isCorrect: scores.indexOf(largest) === label };
}

/**
 * The best epoch: that with the highest validation accuracy, or without validation that with the lowest training loss.
 * Of several it is the earliest.
 */
export const bestOf = (epochs: readonly FitEpoch[]): FitEpoch | undefined =>
  epochs.reduce<FitEpoch | undefined>(
    (best, epoch) => (best && meritOf(best) >= meritOf(epoch) ? best : epoch),
    undefined,
  );

const meritOf = ({ validation, training }: FitEpoch): number => validation?.accuracy ?? -training.loss;
