// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * resnet20, compiled by cnnc from models/resnet20.ts.
 * 270 k parameters, 40.8 M multiply-adds, 23 kernel calls, arena 131 kB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { createMemory, createWeights, type Weights } from './memory.js';
import { createStaged, nameWeights } from './parameters.js';
import { prepare } from './prepare.js';
import {
  checkInputs,
  checkLoadOptions,
  fillStaged,
  streamStaged,
  type StagedWeights,
  findFile,
  preprocessImage,
  type ImageSource,
  topK as rank,
  type Ranked,
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'resnet20',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 3, 32, 32] } },
  outputs: { logits: { dtype: 'f32', shape: [1, 10] } },
  parameters: 269722,
  multiplyAdds: 40829568,
  arenaBytes: 131072,
  weightBytes: 1084468,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: 'dbef36174b6b4eade8af7147f8be2885d9cc12dab218e280ee3348afe80d93a9' },
  kernels: 23,
} as const;

/** The classes, in the order of the outputs. */
export const labels = [
  'airplane',
  'automobile',
  'bird',
  'cat',
  'deer',
  'dog',
  'frog',
  'horse',
  'ship',
  'truck',
] as const;

export interface Inputs {
  /** f32[1,3,32,32], row-major: 3072 numbers */
  readonly image: Float32Array;
}

export interface Outputs {
  /** f32[1,10], row-major: 10 numbers */
  readonly logits: Float32Array;
}

export interface LoadOptions {
  /** URL or path of the weights, their bytes, or a Response with them. Default: `weights.safetensors` next to this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
}

export interface Model {
  readonly info: typeof info;
  /**
   * Runs the network. The next call overwrites the returned arrays; pass `out` to get the results in your own
   * arrays.
   */
  forward(inputs: Inputs, out?: Outputs): Outputs;
  /** The `k` most probable classes of an image, best first; 5 by default: `preprocess`, `forward` and `topK` in one call. */
  classify(image: ImageSource, k?: number): Ranked[];
  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what `exportWeights()` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}

const inputTypes = [{ name: 'image', shape: [1, 3, 32, 32], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'logits', shape: [1, 10], dtype: 'f32' }] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights: Weights): Model['forward'] {
  const memory = createMemory();
  const results: Outputs = { logits: memory.logits };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 3072)
      checkInputs('resnet20.forward', inputTypes, inputs);
    if (out && (!(out.logits instanceof Float32Array) || out.logits.length !== 10))
      checkInputs('resnet20.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(memory, weights);
    if (!out) return results;
    out.logits.set(memory.logits);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('resnet20', options, ['weights']);
  const source =
    options.weights ??
    findFile('resnet20', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = (): StagedWeights => {
    const staged = createStaged();
    return { name: 'resnet20', tensors: nameWeights(weights, staged), steps: prepare(weights, staged) };
  };
  await streamStaged(source, undefined, stage);
  return addImageCalls({
    info,
    forward: createForward(weights),
    loadWeights: (bytes) => fillStaged(stage(), bytes),
    close: () => {},
  });
}

/** Adds the calls that take an image. */
function addImageCalls(model: Omit<Model, 'classify'>): Model {
  return {
    ...model,
    classify(image, k = 5) {
      const outputs = model.forward({ image: preprocess(image) });
      return topK(outputs.logits, k);
    },
  };
}

export type { ImageSource } from './runtime.js';

const preprocessing = {
  width: 32,
  height: 32,
  channels: 'rgb',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
} as const;

/**
 * Turns an image into the network's input: pixels as `{ data, width, height }`, such as an ImageData, or a bitmap, a
 * canvas, an image element, a video element or a frame.
 */
export function preprocess(image: ImageSource, out?: Float32Array): Float32Array;
/** Turns an image's pixels (gray, RGB or RGBA, 8 bits each, interleaved) into the network's input. */
export function preprocess(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  out?: Float32Array,
): Float32Array;
export function preprocess(
  image: ImageSource | Uint8Array | Uint8ClampedArray,
  widthOrOut?: number | Float32Array,
  height?: number,
  out?: Float32Array,
): Float32Array {
  return preprocessImage('resnet20.preprocess', preprocessing, image, widthOrOut, height, out);
}

/** The `k` most probable classes from the scores of one image, best first. */
export function topK(scores: ArrayLike<number>, k: number): Ranked[] {
  return rank(scores, k, labels);
}
