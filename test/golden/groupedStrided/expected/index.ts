// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * grouped-strided, compiled by cnnc from test/golden/groupedStrided/model.ts.
 * 232 parameters, 3.58 k multiply-adds, 2 kernel calls, arena 1.54 kB.
 *
 *     const model = await load();
 *     const { features } = model.forward({ image });
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
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'grouped-strided',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 4, 8, 8] } },
  outputs: { features: { dtype: 'f32', shape: [1, 8, 4, 4] } },
  parameters: 232,
  multiplyAdds: 3584,
  arenaBytes: 1536,
  weightBytes: 928,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: 'f9f3aa211c65b6e4de23230f607930ad2f4c33209a5664653896a46a9d918093' },
  kernels: 2,
} as const;

export interface Inputs {
  /** f32[1,4,8,8], row-major: 256 numbers */
  readonly image: Float32Array;
}

export interface Outputs {
  /** f32[1,8,4,4], row-major: 128 numbers */
  readonly features: Float32Array;
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

const inputTypes = [{ name: 'image', shape: [1, 4, 8, 8], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'features', shape: [1, 8, 4, 4], dtype: 'f32' }] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights: Weights): Model['forward'] {
  const memory = createMemory();
  const results: Outputs = { features: memory.features };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 256)
      checkInputs('grouped-strided.forward', inputTypes, inputs);
    if (out && (!(out.features instanceof Float32Array) || out.features.length !== 128))
      checkInputs('grouped-strided.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(memory, weights);
    if (!out) return results;
    out.features.set(memory.features);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('grouped-strided', options, ['weights']);
  const source =
    options.weights ??
    findFile('grouped-strided', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = (): StagedWeights => {
    const staged = createStaged();
    return {
      name: 'grouped-strided',
      tensors: nameWeights(weights, staged),
      steps: prepare(weights, staged),
    };
  };
  await streamStaged(source, undefined, stage);
  return {
    info,
    forward: createForward(weights),
    loadWeights: (bytes) => fillStaged(stage(), bytes),
    close: () => {},
  };
}
