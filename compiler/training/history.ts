/** What a run has measured so far: the curves, and the contents of `history.json`. */
export interface Measured {
  /** Mean cross-entropy, or the mean of the model's own loss. */
  readonly loss: number;
  /** Share of the examples whose own class had the highest score. */
  readonly accuracy: number;
}

/** Means over the training steps since the previous point. */
export interface TrainingPoint extends Measured {
  /** Finished steps. */
  readonly step: number;
}

export interface EpochResult {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Finished steps. */
  readonly step: number;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Means over the epoch, in training mode, while the network was changing. */
  readonly training: Measured;
  /** Measured after the epoch in evaluation mode. The loss is the mean cross-entropy of the scores. */
  readonly validation: Measured;
  readonly seconds: number;
}

export interface History {
  readonly points: readonly TrainingPoint[];
  readonly epochs: readonly EpochResult[];
}

/** The epoch with the highest accuracy; of several, the earliest. */
export function bestEpoch({ epochs }: History): EpochResult | undefined {
  return epochs.reduce<EpochResult | undefined>(
    (best, epoch) => (best && best.validation.accuracy >= epoch.validation.accuracy ? best : epoch),
    undefined,
  );
}
