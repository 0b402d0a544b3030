/** What a run has measured so far: the curves, and what `history.json` holds. */
export interface LossPoint {
  /** Steps done. */
  readonly step: number;
  /** Mean training loss since the point before. */
  readonly loss: number;
}

export interface EpochResult {
  /** From 1. */
  readonly epoch: number;
  /** Steps done. */
  readonly step: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Mean over the epoch, while the network was changing and in training mode. */
  readonly trainLoss: number;
  /** Mean cross-entropy over the validation examples, after the epoch and in evaluation mode. */
  readonly validationLoss: number;
  /** Share of the validation examples whose class has the highest score. */
  readonly accuracy: number;
  readonly seconds: number;
}

export interface History {
  readonly points: readonly LossPoint[];
  readonly epochs: readonly EpochResult[];
}

/** The earliest of the epochs with the highest accuracy. */
export function bestEpoch({ epochs }: History): EpochResult | undefined {
  return epochs.reduce<EpochResult | undefined>(
    (best, epoch) => (best && best.accuracy >= epoch.accuracy ? best : epoch),
    undefined,
  );
}
