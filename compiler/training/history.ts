/** What a run has measured so far: the curves, and what `history.json` holds. */
export interface Measured {
  /** Mean cross-entropy, or what else the model declares as its loss. */
  readonly loss: number;
  /** Share of the examples whose class had the highest score. */
  readonly accuracy: number;
}

/** Means over the training steps since the point before. */
export interface TrainingPoint extends Measured {
  /** Steps done. */
  readonly step: number;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Over the epoch, while the network was changing and in training mode. */
  readonly training: Measured;
  /** After the epoch, in evaluation mode; the loss is the mean cross-entropy of the scores. */
  readonly validation: Measured;
  readonly seconds: number;
}

export interface History {
  readonly points: readonly TrainingPoint[];
  readonly epochs: readonly EpochResult[];
}

/** The earliest of the epochs with the highest accuracy. */
export function bestEpoch({ epochs }: History): EpochResult | undefined {
  return epochs.reduce<EpochResult | undefined>(
    (best, epoch) => (best && best.validation.accuracy >= epoch.validation.accuracy ? best : epoch),
    undefined,
  );
}
