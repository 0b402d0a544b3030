/**
 * pools, compiled by cnnc from test/golden/pools/model.ts.
 * 0 parameters, 528 multiply-adds, 3 kernel calls, arena 960 B.
 *
 *     const model = await load();
 *     const { halves, means } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { createMemory } from './memory.js';
import { checkInputs } from './runtime.js';

/** What was compiled; sizes in bytes. */
export const info = {
  name: 'pools',
  target: 'typescript',
  inputs: { image: { dtype: 'f32', shape: [1, 3, 8, 8] } },
  outputs: { halves: { dtype: 'f32', shape: [1, 3, 2, 2] }, means: { dtype: 'f32', shape: [1, 3, 1, 1] } },
  parameters: 0,
  multiplyAdds: 528,
  arenaBytes: 960,
  weightBytes: 0,
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

const inputTypes = [{ name: 'image', shape: [1, 3, 8, 8], dtype: 'f32' }] as const;
const outputTypes = [
  { name: 'halves', shape: [1, 3, 2, 2], dtype: 'f32' },
  { name: 'means', shape: [1, 3, 1, 1], dtype: 'f32' },
] as const;

/** The network over these weights, in memory of its own. */
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

/** Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's. */
export async function load(_options: LoadOptions = {}): Promise<Model> {
  return { info, forward: createForward(), close: () => {} };
}
