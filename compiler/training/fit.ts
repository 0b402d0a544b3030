/**
 * The loop of `cnnc train`: `fit` of the package that is trained. These types are declared again in
 * `runtime/training/fit/types.ts`, because compiler and runtime do not import each other.
 */
import { fail, plural } from '../diagnostics/diagnostic.ts';
import type { Augmentation, DataSet, Examples, Extents, Normalization } from './dataset.ts';
import type { EpochResult, History, Measured } from './history.ts';

interface Sums {
  readonly loss: number;
  /** Number of examples whose own class had the highest score. */
  readonly correct: number;
  readonly steps: number;
}

/** How far a run has come. Plain data, because checkpoints store it. */
export interface LoopState extends History {
  /** Finished epochs. */
  readonly epoch: number;
  /** Finished steps of the current epoch. */
  readonly step: number;
  /** Sums over the current epoch. */
  readonly sums: Sums;
  /** Sums since the last point of the curves. */
  readonly window: Sums;
  /** Time spent on the current epoch. */
  readonly seconds: number;
}

/** What the loop is doing, for display. */
export interface LoopProgress extends Measured {
  readonly phase: 'train' | 'validate';
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Finished steps of this phase, out of `steps`. */
  readonly step: number;
  readonly steps: number;
}

/** A run as it is saved. */
export interface SavedRun {
  readonly state: LoopState;
  readonly trainer: Uint8Array;
  /** The weights after the best epoch so far. */
  readonly best?: Uint8Array;
}

interface FitExamples extends Examples {
  readonly extents: Extents;
}

/** The options that decide the numbers of a run. */
export interface Recipe {
  readonly examples: FitExamples;
  readonly validation: FitExamples;
  readonly epochs: number;
  readonly seed: number;
  readonly augment: Augmentation;
  readonly normalization?: Normalization | undefined;
  /** Returns the learning rate by the number of finished steps of the whole run. */
  readonly schedule: (step: number) => number;
  /** The remaining examples of an epoch are left out, because all versions of cnnc give a run the same bytes. */
  readonly lastBatch: 'skip';
}

export interface FitRequest extends Recipe {
  readonly store: {
    load(): Promise<SavedRun | undefined>;
    save(saved: SavedRun): Promise<void>;
    clear(): Promise<void>;
  };
  /** Longest time between two saves, so that a crash does not lose all of a long epoch. */
  readonly saveSeconds: number;
  readonly signal: { readonly aborted: boolean };
  onStep(progress: LoopProgress): void;
  onEpoch(result: EpochResult): void;
}

export interface FitOutcome extends History {
  readonly ending: 'finished' | 'patience' | 'stopped';
}

/** The examples of a data set for `fit`. */
export const fitExamples = ({
  train,
  validation,
  extents,
}: DataSet): Pick<Recipe, 'examples' | 'validation'> => ({
  examples: { ...train, extents },
  validation: { ...validation, extents },
});

/** Whole batches in an epoch. Refuses a batch that is larger than the data. */
export function stepsPerEpoch({ name, train }: DataSet, batch: number): number {
  if (train.count < batch) {
    const found = plural(train.count, 'training example');
    fail('CNNC6010', '--batch', {}, `the batch is ${batch}, but ${name} has only ${found}`);
  }
  return Math.floor(train.count / batch);
}
