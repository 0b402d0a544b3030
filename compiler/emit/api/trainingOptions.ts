/** What `load({ training: true })` of a package takes, for every target. */
export const TRAINING_OPTIONS = `export interface TrainingOptions extends LoadOptions, Partial<Hyperparameters> {
  readonly training: true;
  /** The seed of the random numbers of dropout; default 1. */
  readonly seed?: number;
}

export type { Trainer } from './training/trainer.js';
`;
