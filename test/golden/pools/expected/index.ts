// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * pools, compiled by cnnc from test/golden/pools/model.ts.
 * 0 parameters, 528 multiply-adds, 3 kernel calls, arena 960 B.
 *
 *     const model = await load();
 *     const { halves, means } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { createMemory } from './memory.js';
import { checkInputs, checkLoadOptions } from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'pools',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 3, 8, 8] } },
  outputs: { halves: { dtype: 'f32', shape: [1, 3, 2, 2] }, means: { dtype: 'f32', shape: [1, 3, 1, 1] } },
  parameters: 0,
  multiplyAdds: 528,
  arenaBytes: 960,
  weightBytes: 0,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: '60d95b10b6e140a9626a7058d5038528f2ff80148dc4569b881db56052046509' },
  kernels: 3,
} as const;

export interface Inputs {
  /** f32[1,3,8,8], row-major: 192 numbers */
  readonly image: Float32Array;
}

export interface Outputs {
  /** f32[1,3,2,2], row-major: 12 numbers */
  readonly halves: Float32Array;
  /** f32[1,3,1,1], row-major: 3 numbers */
  readonly means: Float32Array;
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
  /** Does nothing: this target has nothing to release. All targets have this method. */
  close(): void;
}

const inputTypes = [{ name: 'image', shape: [1, 3, 8, 8], dtype: 'f32' }] as const;
const outputTypes = [
  { name: 'halves', shape: [1, 3, 2, 2], dtype: 'f32' },
  { name: 'means', shape: [1, 3, 1, 1], dtype: 'f32' },
] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(): Model['forward'] {
  const memory = createMemory();
  const results: Outputs = { halves: memory.halves, means: memory.means };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 192)
      checkInputs('pools.forward', inputTypes, inputs);
    if (
      out &&
      (!(out.halves instanceof Float32Array) ||
        out.halves.length !== 12 ||
        !(out.means instanceof Float32Array) ||
        out.means.length !== 3)
    )
      checkInputs('pools.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(memory);
    if (!out) return results;
    out.halves.set(memory.halves);
    out.means.set(memory.means);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('pools', options, ['weights']);
  return { info, forward: createForward(), close: () => {} };
}
