/**
 * A package compiled for training, as far as `cnnc train` uses it, and how it is loaded. Its batch is fixed;
 * it has one image input, i32 labels, and scores f32[batch,classes].
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../diagnostics/diagnostic.ts';
import type { Preprocess } from '../frontend/preprocess.ts';
import type { Extents } from './dataset.ts';
import type { Schedules } from './rate.ts';
import type { Settings } from './settings.ts';

type Arrays = Readonly<Record<string, Float32Array>>;

/** What a call returns; on WebGPU a promise of it. Whoever calls awaits it before the next call. */
export type Later<T> = T | Promise<T>;

export interface Trainer {
  /** Forward, loss, backward, update. The `loss` before the step, and the outputs it came from. */
  trainStep(
    inputs: Readonly<Record<string, Float32Array | Int32Array>>,
  ): Later<Readonly<Record<string, number | Float32Array>>>;
  /** Evaluation mode. */
  predict(inputs: Arrays): Later<Arrays>;
  /** Read by every step. */
  readonly hyperparameters: Record<string, number>;
  /** Safetensors, with the names and shapes that PyTorch has. */
  exportWeights(): Later<Uint8Array>;
  loadWeights(bytes: Uint8Array, options: { readonly partial: boolean }): Later<readonly LeftOut[]>;
  /** Everything that is needed to continue bit for bit. */
  saveState(): Later<Uint8Array>;
  loadState(bytes: Uint8Array): Later<void>;
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

/** What a classifier of images takes and gives. */
export interface TrainerFace {
  readonly name: string;
  /** Names of the image input, the labels and the scores. */
  readonly image: string;
  readonly label: string;
  readonly scores: string;
  readonly batch: number;
  readonly extents: Extents;
  readonly classes: number;
}

export interface LoadedTrainer extends TrainerFace {
  readonly trainer: Trainer;
  readonly schedules: Schedules;
  /** The model's `preprocess` but for the normalization: levels of gray, or of red, green and blue. */
  readonly toLevels?: (file: string, pixels: Uint8Array, width: number, height: number) => Uint8Array;
}

interface ModelInfo {
  readonly name: string;
  readonly inputs: Readonly<Record<string, TensorInfo>>;
  readonly outputs: Readonly<Record<string, TensorInfo>>;
}

/** What is used of a package's `index.js` and `runtime.js`. */
interface TrainingModule {
  load(options: Readonly<Record<string, unknown>>): Promise<Trainer>;
}

interface RuntimeModule extends Schedules {
  readonly preprocess?: (
    pixels: Uint8Array,
    width: number,
    height: number,
    options: Preprocess,
  ) => Float32Array;
}

const LABEL = 'label';

export async function loadTrainer(
  folder: string,
  face: TrainerFace,
  settings: Settings,
  preprocess: Preprocess | undefined,
): Promise<LoadedTrainer> {
  const importing = (file: string): Promise<unknown> => import(pathToFileURL(resolve(folder, file)).href);
  const module = (await importing('index.js')) as TrainingModule;
  const runtime = (await importing('runtime.js')) as RuntimeModule;
  const { seed, learningRate, weightDecay, momentum, alpha, beta1, beta2, epsilon, clip } = settings;
  const hyperparameters = {
    learningRate,
    weightDecay,
    momentum,
    alpha,
    beta1,
    beta2,
    epsilon,
    maximumNorm: clip,
  };
  const given = Object.entries(hyperparameters).filter(([, value]) => value !== undefined);
  const options = { training: true, seed, ...Object.fromEntries(given) };
  const trainer = await (settings.target === 'webgpu'
    ? loadOnGpu(module, options, folder)
    : module.load(options));
  return {
    ...face,
    trainer,
    schedules: runtime,
    ...(preprocess && runtime.preprocess && { toLevels: createToLevels(runtime.preprocess, preprocess) }),
  };
}

/** That there is no GPU, or too small a one, is no bug of ours. */
async function loadOnGpu(
  module: TrainingModule,
  options: Parameters<TrainingModule['load']>[0],
  folder: string,
): Promise<Trainer> {
  try {
    return await module.load(options);
  } catch (error) {
    return fail('train', { file: folder }, (error as Error).message);
  }
}

/** Levels are whole numbers, exact in f32. */
function createToLevels(
  preprocessPixels: NonNullable<RuntimeModule['preprocess']>,
  { mean: _mean, std: _std, ...preprocess }: Preprocess,
): NonNullable<LoadedTrainer['toLevels']> {
  const options: Preprocess = {
    ...preprocess,
    channels: preprocess.channels === 'gray' ? 'gray' : 'rgb',
    scale: 1,
  };
  return (file, pixels, width, height) => {
    try {
      return Uint8Array.from(preprocessPixels(pixels, width, height, options));
    } catch (error) {
      return fail('image', { file }, (error as Error).message);
    }
  };
}

/** Refuses models that are no image classifiers. */
export function faceOf({ name, inputs, outputs }: ModelInfo): TrainerFace {
  const refuse = (found: string): never =>
    fail('cnnc train', { path: name }, found, [
      'it teaches image classifiers: an image f32[N,C,H,W] goes in, scores f32[N,classes] come out',
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
