/**
 * lenet5, compiled by cnnc from models/lenet5.ts.
 * 61.7 k parameters, 429 k multiply-adds, 7 kernel calls, arena 23.6 kB.
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
  name: 'lenet5',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 1, 32, 32] } },
  outputs: { logits: { dtype: 'f32', shape: [1, 10] } },
  parameters: 61706,
  multiplyAdds: 429332,
  arenaBytes: 23552,
  weightBytes: 246824,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: 'f0dcaf584e4737fe44bfd1f2c9215020bb91ee38bb0de6da8a4efb76d83f0497' },
  kernels: 7,
};

/** The classes, in the order of the outputs. */
export const labels = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

const inputTypes = [{ name: 'image', shape: [1, 1, 32, 32], dtype: 'f32' }];
const outputTypes = [{ name: 'logits', shape: [1, 10], dtype: 'f32' }];

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights) {
  const memory = createMemory();
  const results = { logits: memory.logits };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 1024)
      checkInputs('lenet5.forward', inputTypes, inputs);
    if (out && (!(out.logits instanceof Float32Array) || out.logits.length !== 10))
      checkInputs('lenet5.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(memory, weights);
    if (!out) return results;
    out.logits.set(memory.logits);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options = {}) {
  checkLoadOptions('lenet5', options, ['weights']);
  const source =
    options.weights ?? findFile('lenet5', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = () => {
    const staged = createStaged();
    return { name: 'lenet5', tensors: nameWeights(weights, staged), steps: prepare(weights, staged) };
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
  resize: 'stretch',
  channels: 'gray',
  mean: [0.1307],
  std: [0.3081],
};

export function preprocess(image, widthOrOut, height, out) {
  return preprocessImage('lenet5.preprocess', preprocessing, image, widthOrOut, height, out);
}

/** The `k` most probable classes from the scores of one image, best first. */
export function topK(scores, k) {
  return rank(scores, k, labels);
}
