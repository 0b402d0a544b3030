/**
 * resnet20, compiled by cnnc from models/resnet20.ts.
 * 270 k parameters, 40.8 M multiply-adds, 23 kernel calls, arena 131 kB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { createMemory, createWeights } from './memory.js';
import { createStaged, nameWeights } from './parameters.js';
import { prepare } from './prepare.js';
import {
  checkInputs,
  checkLoadOptions,
  fillStaged,
  streamStaged,
  findFile,
  preprocessImage,
  topK as rank,
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
};

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
];

const inputTypes = [{ name: 'image', shape: [1, 3, 32, 32], dtype: 'f32' }];
const outputTypes = [{ name: 'logits', shape: [1, 10], dtype: 'f32' }];

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights) {
  const memory = createMemory();
  const results = { logits: memory.logits };
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
export async function load(options = {}) {
  checkLoadOptions('resnet20', options, ['weights']);
  const source =
    options.weights ??
    findFile('resnet20', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = () => {
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
function addImageCalls(model) {
  return {
    ...model,
    classify(image, k = 5) {
      const outputs = model.forward({ image: preprocess(image) });
      return topK(outputs.logits, k);
    },
  };
}

const preprocessing = {
  width: 32,
  height: 32,
  channels: 'rgb',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

export function preprocess(image, widthOrOut, height, out) {
  return preprocessImage('resnet20.preprocess', preprocessing, image, widthOrOut, height, out);
}

/** The `k` most probable classes from the scores of one image, best first. */
export function topK(scores, k) {
  return rank(scores, k, labels);
}
