/**
 * The types of `fit`: the examples and options that it takes, what it reports and what it returns, and the store that
 * keeps a run.
 */
import type { Schedule } from '../schedule.ts';

/**
 * An image, planes first: 8-bit levels, which are normalized as the model's `preprocess` says, or numbers that are
 * ready for the network, such as `preprocess` returns them.
 */
export type ExampleImage = Uint8Array | Uint8ClampedArray | Float32Array;

/** Channels, height and width. */
export type ImageExtents = readonly [channels: number, height: number, width: number];

export interface Example {
  readonly image: ExampleImage | Promise<ExampleImage>;
  /** The number of its class. */
  readonly label: number;
}

/** Examples that are read one by one, for example from files. */
export interface Examples {
  readonly count: number;
  /** The class of each example. */
  readonly labels: ArrayLike<number>;
  /** Returns the image of one example. It is not changed. */
  read(index: number): ExampleImage | Promise<ExampleImage>;
  /** Extents of the images. Default: those of the model's input. Smaller images get a black border. */
  readonly extents?: ImageExtents;
}

export interface ImageAugmentation {
  /** Whether every second view is mirrored left to right, at random. */
  readonly flip?: boolean;
  /** Largest random shift in pixels. Black fills the part beyond the border. */
  readonly shift?: number;
}

/** Statistics for levels that are scaled to [0, 1], one number for each plane. */
export interface LevelStatistics {
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface MeasuredFit {
  /** Mean loss of the examples. In validation it is the cross-entropy of the scores. */
  readonly loss: number;
  /** Share of the examples whose own class had the highest score. */
  readonly accuracy: number;
}

/** Means over the training steps since the previous point. */
export interface FitPoint extends MeasuredFit {
  /** Finished steps. */
  readonly step: number;
}

export interface FitEpoch {
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  /** Finished steps. */
  readonly step: number;
  /** Learning rate of the epoch's last step. */
  readonly learningRate: number;
  /** Means over the epoch, in training mode, while the network was changing. */
  readonly training: MeasuredFit;
  /** Measured after the epoch in evaluation mode, if there are examples for it. */
  readonly validation?: MeasuredFit;
  readonly seconds: number;
}

export interface FitProgress extends MeasuredFit {
  readonly phase: 'train' | 'validate';
  /** Number of the epoch, from 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Finished steps of this phase, out of `steps`. */
  readonly step: number;
  readonly steps: number;
  /** Images in a second of this phase. */
  readonly imagesPerSecond: number;
}

/** Sums over steps. A step that counts only some of its examples adds a part of a step. */
export interface FitSums {
  loss: number;
  correct: number;
  steps: number;
}

/** How far a run has come. Plain data, because stores keep it. */
export interface FitState {
  /** Finished epochs. */
  epoch: number;
  /** Finished steps of the current epoch. */
  step: number;
  /** Sums over the current epoch. */
  sums: FitSums;
  /** Sums since the last point. */
  window: FitSums;
  /** Time spent on the current epoch. */
  seconds: number;
  points: FitPoint[];
  epochs: FitEpoch[];
}

/** A run as a store keeps it. */
export interface SavedFit {
  /** The examples and settings of the run. Only a run with the same ones can continue it. Default: not checked. */
  readonly run?: string | undefined;
  readonly state: FitState;
  /** The trainer's `saveState`. */
  readonly trainer: Uint8Array;
  /** The weights after the best epoch so far. */
  readonly best?: Uint8Array | undefined;
}

/** A place that keeps a run, so that it can continue after a reload. */
export interface FitStore {
  load(): Promise<SavedFit | undefined>;
  /** Keeps all of it, or leaves what was there. */
  save(saved: SavedFit): Promise<void>;
  /** Forgets the run. */
  clear(): Promise<void>;
}

export interface FitOptions {
  readonly examples: Examples | readonly Example[];
  /** Number of passes over the examples. */
  readonly epochs: number;
  /** Examples that are not learned. They are measured after each epoch. */
  readonly validation?: Examples | readonly Example[];
  /** Random changes of the training images. Default: none. */
  readonly augment?: ImageAugmentation;
  /** The learning rate by the number of finished steps. Default: the hyperparameter `learningRate`. */
  readonly schedule?: Schedule;
  /** Stops when this number of epochs in a row are no better than the best one. Default: never. */
  readonly patience?: number;
  /** Seed of the order and of the augmentation. Default: 1. */
  readonly seed?: number;
  /**
   * The examples of an epoch that do not fill a whole batch: `use` runs a last step with them, `skip` leaves them
   * out. Default: `use`.
   */
  readonly lastBatch?: 'use' | 'skip';
  /** Normalizes levels if the model has no `preprocess`. */
  readonly normalization?: LevelStatistics;
  /** Keeps the run. If it holds an unfinished run with the same examples, that run continues. */
  readonly store?: FitStore;
  /** A run in the store with other examples or settings: an error (`refuse`), or replaced (`forget`). Default: `refuse`. */
  readonly otherRun?: 'refuse' | 'forget';
  /** Longest time between two saves. Every epoch ends with one. Default: 60. */
  readonly saveSeconds?: number;
  /** Stops the run after the current step. */
  readonly signal?: { readonly aborted: boolean };
  /** Called after every step of training and of validation. */
  onStep?(progress: FitProgress): void;
  /** Called after each epoch. */
  onEpoch?(epoch: FitEpoch): void | Promise<void>;
}

export interface FitResult {
  /** `patience`: no epoch was better for long enough. `stopped`: by the signal. */
  readonly ending: 'finished' | 'patience' | 'stopped';
  /**
   * Weights as safetensors: those after the best epoch, or the current ones if no epoch has ended. The best epoch has
   * the highest validation accuracy, or without validation the lowest training loss.
   */
  readonly weights: Uint8Array;
  /** The best epoch. */
  readonly best?: FitEpoch;
  readonly epochs: readonly FitEpoch[];
  /** The curve of the training, at most 50 points an epoch. */
  readonly points: readonly FitPoint[];
}

/** A value, or on WebGPU a promise of it. */
type Soon<T> = T | Promise<T>;

/** The members of a trainer that are used. */
export interface FitTrainer {
  readonly hyperparameters: { learningRate: number };
  trainStep(inputs: object, options?: { readonly count?: number }): Soon<object | undefined>;
  predict(inputs: object): Soon<object>;
  exportWeights(): Soon<Uint8Array>;
  saveState(): Soon<Uint8Array>;
  loadState(bytes: Uint8Array): Soon<void>;
}

/** The names and sizes of a model that classifies images. */
export interface FitPlan {
  readonly name: string;
  /** Names of the image input, the labels and the scores. */
  readonly image: string;
  readonly label: string;
  readonly scores: string;
  readonly batch: number;
  /** Extents of an image of the model's input. */
  readonly extents: ImageExtents;
  readonly classes: number;
  /** Whether a step can leave examples of its batch out (`count`). */
  readonly countsExamples: boolean;
  /** The normalization of the model's `preprocess`. */
  readonly levels?: LevelRule;
}

export interface LevelRule extends Partial<LevelStatistics> {
  readonly scale: number;
  /** Whether the first plane is blue. Levels have red first. */
  readonly isBgr?: boolean;
}
