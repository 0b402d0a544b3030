// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * conv-relu, compiled by cnnc from test/golden/convRelu/model.ts.
 * 95 parameters, 2.38 k multiply-adds, 1 kernel call, arena 1.22 kB.
 *
 *     const model = await load();
 *     const { features } = model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { loadKernels, type Kernels } from './kernels.js';
import { createMemory, MEMORY_PAGES } from './memory.js';
import { nameWeights } from './parameters.js';
import { prepare } from './prepare.js';
import {
  checkInputs,
  checkLoadOptions,
  createWasmMemory,
  type WasmKernels,
  fillStaged,
  streamStaged,
  type StagedWeights,
  findFile,
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'conv-relu',
  target: 'wasm',
  inputs: { image: { dtype: 'f32', shape: [1, 2, 5, 5] } },
  outputs: { features: { dtype: 'f32', shape: [1, 5, 5, 5] } },
  parameters: 95,
  multiplyAdds: 2375,
  arenaBytes: 1216,
  weightBytes: 380,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: '49d8b6492f016e5517fdc8a5d908e40554dccf9064fa36783385f1e7d09c0d82' },
  kernels: 1,
} as const;

export interface Inputs {
  /** f32[1,2,5,5], row-major: 50 numbers */
  readonly image: Float32Array;
}

export interface Outputs {
  /** f32[1,5,5,5], row-major: 125 numbers */
  readonly features: Float32Array;
}

export interface LoadOptions {
  /** URL or path of the weights, their bytes, or a Response with them. Default: `weights.safetensors` next to this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
  /** `false` selects the kernels without relaxed SIMD. Default: those with fused multiply-adds if the host has relaxed SIMD. */
  readonly relaxedSimd?: boolean;
  /**
   * URL or path of `kernels.wasm`, its bytes, or the compiled module, for hosts and bundlers that do not find the file.
   * `{ plain, relaxed }` adds `kernels.relaxed.wasm`, which is used if the host has relaxed SIMD.
   */
  readonly kernels?: WasmKernels;
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

const inputTypes = [{ name: 'image', shape: [1, 2, 5, 5], dtype: 'f32' }] as const;
const outputTypes = [{ name: 'features', shape: [1, 5, 5, 5], dtype: 'f32' }] as const;

/** Creates `forward`: it checks the arguments, copies the inputs to their places and runs the network. */
function createForward(k: Kernels, wasm: WebAssembly.Memory): Model['forward'] {
  const memory = createMemory(wasm.buffer);
  const results: Outputs = { features: memory.features };
  return (inputs, out) => {
    if (!(inputs?.image instanceof Float32Array) || inputs.image.length !== 50)
      checkInputs('conv-relu.forward', inputTypes, inputs);
    if (out && (!(out.features instanceof Float32Array) || out.features.length !== 125))
      checkInputs('conv-relu.forward', outputTypes, out, 'out');
    memory.image.set(inputs.image);
    runForward(k);
    if (!out) return results;
    out.features.set(memory.features);
    return out;
  };
}

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('conv-relu', options, ['weights', 'relaxedSimd', 'kernels']);
  const wasm = createWasmMemory('conv-relu', MEMORY_PAGES, options);
  const source =
    options.weights ??
    findFile('conv-relu', 'weights', () => new URL('./weights.safetensors', import.meta.url));

  const weights = (k: Kernels): StagedWeights => ({
    name: 'conv-relu',
    tensors: nameWeights(wasm.buffer),
    steps: prepare(k),
  });
  const k = await streamStaged(source, loadKernels(wasm, options), weights);
  return {
    info,
    forward: createForward(k, wasm),
    loadWeights: (bytes) => fillStaged(weights(k), bytes),
    close: () => {},
  };
}
