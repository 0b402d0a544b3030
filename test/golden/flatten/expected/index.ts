// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * flatten, compiled by cnnc from test/golden/flatten/model.ts.
 * 47 parameters, 104 multiply-adds, 2 kernel calls, arena 128 B.
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
  topK as rank,
  type Ranked,
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'flatten',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 1, 4, 4] } },
  outputs: { logits: { dtype: 'f32', shape: [1, 3] } },
  parameters: 47,
  multiplyAdds: 104,
  arenaBytes: 128,
  weightBytes: 188,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: 'fed7a226ce59b18adb0804c6759d6675c86e23fd31ebc511b311934b570bd548' },
  kernels: 2,
} as const;

export interface Inputs {
  /** f32[1,1,4,4], row-major: 16 numbers */
  readonly image: Float32Array;
}

export interface Outputs {
  /** f32[1,3], row-major: 3 numbers */
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
  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what `exportWeights()` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}

const inputTypes = [{ name: 'image', shape: [1, 1, 4, 4], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'logits', shape: [1, 3], dtype: 'f32' }] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(weights: Weights): Model['forward'] {
  const memory = createMemory();
  const results: Outputs = { logits: memory.logits };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 16)
      checkInputs('flatten.forward', inputTypes, inputs);
    if (out && (!(out.logits instanceof Float32Array) || out.logits.length !== 3))
      checkInputs('flatten.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(memory, weights);
    if (!out) return results;
    out.logits.set(memory.logits);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('flatten', options, ['weights']);
  const source =
    options.weights ??
    findFile('flatten', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = createWeights();
  const stage = (): StagedWeights => {
    const staged = createStaged();
    return { name: 'flatten', tensors: nameWeights(weights, staged), steps: prepare(weights, staged) };
  };
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
  return rank(scores, k);
}
