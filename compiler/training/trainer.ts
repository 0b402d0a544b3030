/**
 * A package compiled for training, as far as `cnnc train` uses it, and how it is loaded. Its batch is fixed;
 * it has one image input, i32 labels, and scores f32[batch,classes].
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Extents } from './dataset.ts';

type Arrays = Readonly<Record<string, Float32Array>>;

export interface Trainer {
  /** Forward, loss, backward, update. The `loss` before the step, and the outputs it came from. */
  trainStep(
    inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  ): Readonly<Record<string, number | Float32Array>>;
  /** Evaluation mode. */
  predict(inputs: Arrays): Arrays;
  /** Read by every step. */
  readonly hyperparameters: Record<string, number>;
  /** Safetensors, with the names and shapes that PyTorch has. */
  exportWeights(): Uint8Array;
  loadWeights(bytes: Uint8Array, options: { readonly partial: boolean }): readonly LeftOut[];
  /** Everything that is needed to continue bit for bit. */
  saveState(): Uint8Array;
  loadState(bytes: Uint8Array): void;
  /** Steps done. */
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

interface TrainingModule {
  readonly info: {
    readonly name: string;
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly outputs: Readonly<Record<string, TensorInfo>>;
  };
  load(options: Readonly<Record<string, unknown>>): Promise<Trainer>;
}

/** A trainer with the names of what it takes and gives. */
export interface LoadedTrainer {
  readonly trainer: Trainer;
  readonly name: string;
  readonly image: string;
  readonly label: string;
  readonly scores: string;
  readonly batch: number;
  readonly extents: Extents;
  readonly classes: number;
}

const LABEL = 'label';

/** `seed` draws the first weights and the dropout masks. */
export async function loadTrainer(folder: string, seed: number): Promise<LoadedTrainer> {
  const url = pathToFileURL(resolve(folder, 'index.js')).href;
  const module = (await import(url)) as TrainingModule;
  const face = faceOf(module);
  return { ...face, trainer: await module.load({ training: true, seed }) };
}

/** Refuses models that are no image classifiers. */
export function faceOf({ info }: TrainingModule): Omit<LoadedTrainer, 'trainer'> {
  const refuse = (found: string): never =>
    fail('train', { path: info.name }, found, [
      'cnnc train teaches image classifiers: one image, one label, scores',
    ]);
  const images = Object.entries(info.inputs).filter(([name]) => name !== LABEL);
  const [image] = images;
  if (images.length !== 1 || image![1].shape.length !== 4) {
    return refuse(`its inputs are ${describe(info.inputs)}, expected one image f32[N,C,H,W]`);
  }
  const [batch, channels, height, width] = image![1].shape as [number, number, number, number];
  const scores = Object.entries(info.outputs).find(([, { shape }]) => shape.length === 2);
  if (!scores) return refuse(`its outputs are ${describe(info.outputs)}, expected scores f32[N,classes]`);
  return {
    name: info.name,
    image: image![0],
    label: LABEL,
    scores: scores[0],
    batch,
    extents: [channels, height, width],
    classes: scores[1].shape[1]!,
  };
}

const describe = (tensors: Readonly<Record<string, TensorInfo>>): string =>
  Object.entries(tensors)
    .map(([name, { dtype, shape }]) => `${name} ${dtype}[${shape.join(',')}]`)
    .join(', ');
