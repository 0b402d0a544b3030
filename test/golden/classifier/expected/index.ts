// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * classifier, compiled by cnnc from test/golden/classifier/model.ts.
 * 15 parameters, 120 multiply-adds, 2 kernel calls, arena 128 B.
 *
 *     const model = await load();
 *     const { probabilities } = model.forward({ measurements });
 */

import { forward as runForward } from './forward.js';
import { createMemory, createWeights, type Weights } from './memory.js';
import { nameWeights } from './parameters.js';
import {
  checkInputs,
  checkLoadOptions,
  fillStaged,
  streamStaged,
  type StagedWeights,
  findFile,
  topK as rank,
  type Ranked,
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'classifier',
  target: 'typescript',
  inputs: { measurements: { dtype: 'f32', shape: [2, 4] } },
  outputs: { probabilities: { dtype: 'f32', shape: [2, 3] } },
  parameters: 15,
  multiplyAdds: 120,
  arenaBytes: 128,
  weightBytes: 60,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: '47c444904124ae8f1069eda703f7b95d67fc9e4281663a8e84de34e849462086' },
  kernels: 2,
} as const;

/** The classes, in the order of the outputs. */
export const labels = ['setosa', 'versicolor', 'virginica'] as const;

export interface Inputs {
  /** f32[2,4], row-major: 8 numbers */
  readonly measurements: Float32Array;
}

export interface Outputs {
  /** f32[2,3], row-major: 6 numbers */
  readonly probabilities: Float32Array;
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
  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what `exportWeights()` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}

const inputTypes = [{ name: 'measurements', shape: [2, 4], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'probabilities', shape: [2, 3], dtype: 'f32' }] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights: Weights): Model['forward'] {
  const memory = createMemory();
  const results: Outputs = { probabilities: memory.probabilities };
  return (inputs, out) => {
    if (!(inputs?.measurements instanceof Float32Array) || inputs.measurements.length !== 8)
      checkInputs('classifier.forward', inputTypes, inputs);
    if (out && (!(out.probabilities instanceof Float32Array) || out.probabilities.length !== 6))
      checkInputs('classifier.forward', outputTypes, out, 'out');
    memory.measurements.set(inputs.measurements);
    runForward(memory, weights);
    if (!out) return results;
    out.probabilities.set(memory.probabilities);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('classifier', options, ['weights']);
  const source =
    options.weights ??
    findFile('classifier', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = (): StagedWeights => ({ name: 'classifier', tensors: nameWeights(weights), steps: [] });
  await streamStaged(source, undefined, stage);
  return {
    info,
    forward: createForward(weights),
    loadWeights: (bytes) => fillStaged(stage(), bytes),
    close: () => {},
  };
}

/** The `k` most probable classes from the scores of one image, best first. */
export function topK(scores: ArrayLike<number>, k: number): Ranked[] {
  return rank(scores, k, labels, { probabilities: true });
}
