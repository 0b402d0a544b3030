/**
 * grouped-strided, compiled by cnnc from test/golden/groupedStrided/model.ts.
 * 232 parameters, 3.58 k multiply-adds, 2 kernel calls, arena 1.54 kB.
 *
 *     const model = await load();
 *     const { features } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { createMemory, bindWeights, type Weights } from './memory.js';
import { checkInputs, loadBytes, parseSafetensors, findFile } from './runtime.js';

/** What was compiled; sizes in bytes. */
export const info = {
  name: 'grouped-strided',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 4, 8, 8] } },
  outputs: { features: { dtype: 'f32', shape: [1, 8, 4, 4] } },
  parameters: 232,
  multiplyAdds: 3584,
  arenaBytes: 1536,
  weightBytes: 928,
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
  /** Where the weights are, their bytes, or a Response with them. Default: `weights.safetensors` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
}

export interface Model {
  readonly info: typeof info;
  /**
   * Runs the network. The arrays returned are overwritten by the next call; hand in `out` to keep results in
   * arrays of your own.
   */
  forward(inputs: Inputs, out?: Outputs): Outputs;
  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}

const inputTypes = [{ name: 'image', shape: [1, 4, 8, 8], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'features', shape: [1, 8, 4, 4], dtype: 'f32' }] as const;

/** The network over these weights, in memory of its own. */
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

/** Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  const source =
    options.weights ??
    findFile('grouped-strided', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const weights = bindWeights(parseSafetensors(await loadBytes(source)));
  return { info, forward: createForward(weights), close: () => {} };
}
