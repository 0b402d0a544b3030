/** The options of `load({ training: true })` in a package, for every target. */
export const TRAINING_OPTIONS = `export interface TrainingOptions extends LoadOptions, Partial<Hyperparameters> {
  readonly training: true;
  /** The seed of dropout's random numbers; default 1. */
  readonly seed?: number;
}

export type { Trainer } from './training/trainer.js';
`;
