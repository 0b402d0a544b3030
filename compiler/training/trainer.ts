/**
 * A package compiled for training, as `cnnc train` uses it. Its batch is fixed. It has one image input, i32 labels,
 * and scores f32[batch,classes].
 */
import { fail } from '../diagnostics/diagnostic.ts';
import type { Extents } from './dataset.ts';
import type { FitOutcome, FitRequest } from './fit.ts';
import type { Schedules } from './rate.ts';

type Arrays = Readonly<Record<string, Float32Array>>;

/** The result of a call, or on WebGPU a promise of it. Await the promise before the next call. */
export type Later<T> = T | Promise<T>;

export interface Trainer {
  /** Runs forward, loss, backward and update. Returns the `loss` before the step, and the outputs. */
  trainStep(
    inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  ): Later<Readonly<Record<string, number | Float32Array>>>;
  /** Runs in evaluation mode. */
  predict(inputs: Arrays): Later<Arrays>;
  /** Every step reads these. */
  readonly hyperparameters: Record<string, number>;
  /** Returns the weights as safetensors, with PyTorch's names and shapes. */
  exportWeights(): Later<Uint8Array>;
  loadWeights(bytes: Uint8Array, options: { readonly partial: boolean }): Later<readonly LeftOut[]>;
  /** Returns the complete state. A run that continues from it has the same bits. */
  saveState(): Later<Uint8Array>;
  loadState(bytes: Uint8Array): Later<void>;
  /** Finished steps. */
  readonly step: number;
  close(): void;
}

export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

interface TensorInfo {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/** Inputs and outputs of an image classifier. */
export interface Classifier {
  readonly name: string;
  /** Names of the image input, the labels and the scores. */
  readonly image: string;
  readonly label: string;
  readonly scores: string;
  readonly batch: number;
  readonly extents: Extents;
  readonly classes: number;
}

/** The training loop of a package. */
export type Fit = (trainer: Trainer, request: FitRequest) => Promise<FitOutcome>;

export interface LoadedTrainer extends Classifier {
  readonly trainer: Trainer;
  readonly schedules: Schedules;
  readonly fit: Fit;
  /** The model's `preprocess` without the normalization. Returns levels of gray, or of red, green and blue. */
  readonly toLevels?: (file: string, pixels: Uint8Array, width: number, height: number) => Uint8Array;
}

interface ModelInfo {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

const LABEL = 'label';

/** Refuses a model that is no image classifier. */
export function classifierOf({ name, inputs, outputs }: ModelInfo): Classifier {
  const refuse = (found: string): never =>
    fail('CNNC6020', 'cnnc train', { path: name }, found, [
      'it trains image classifiers, with one input f32[N,C,H,W] and one output f32[N,classes]',
    ]);
  const images = Object.entries(inputs);
  const [image] = images;
  if (images.length !== 1 || image![1].shape.length !== 4) refuse(`the inputs are ${describe(inputs)}`);
  const [batch, channels, height, width] = image![1].shape as [number, number, number, number];
  const scores = Object.entries(outputs).find(([, { shape }]) => shape.length === 2);
  if (!scores) return refuse(`the outputs are ${describe(outputs)}`);
  return {
    ...{ name, batch, extents: [channels, height, width] },
    ...{ image: image![0], label: LABEL, scores: scores[0], classes: scores[1].shape[1]! },
  };
}

const describe = (tensors: Readonly<Record<string, TensorInfo>>): string =>
  Object.entries(tensors)
    .map(([name, { dtype, shape }]) => `${name} ${dtype}[${shape.join(',')}]`)
    .join(', ');
