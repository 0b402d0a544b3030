// @ts-nocheck: this file is generated, so the settings of the project that uses it do not apply.

/**
 * conv-relu, compiled by cnnc from test/golden/convRelu/model.ts.
 * 95 parameters, 2.38 k multiply-adds, 1 kernel call, arena 768 B.
 *
 *     const model = await load();
 *     const { features } = await model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { constants, m, sizes } from './memory.js';
import { STAGING_BYTES, weights } from './parameters.js';
import { prepare } from './prepare.js';
import {
  checkLoadOptions,
  loadStagedModel,
  type Gpu,
  type GpuBuffer,
  type GpuDevice,
  type GpuLoss,
  type GpuPrecision,
  type GpuProgram,
  type KernelFamily,
  findFile,
} from './runtime.js';

/** Facts about the compiled model. Sizes are in bytes. */
export const info = {
  name: 'conv-relu',
  target: 'webgpu',
  inputs: { image: { dtype: 'f32', shape: [1, 2, 5, 5] } },
  outputs: { features: { dtype: 'f32', shape: [1, 5, 5, 5] } },
  parameters: 95,
  multiplyAdds: 2375,
  arenaBytes: 768,
  weightBytes: 380,
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  weights: { form: 'moving', sha256: '49d8b6492f016e5517fdc8a5d908e40554dccf9064fa36783385f1e7d09c0d82' },
  kernels: 1,
} as const;

export interface Inputs {
  /** f32[1,2,5,5], row-major: 50 numbers; or a GPUBuffer of them with the usage COPY_SRC */
  readonly image: Float32Array | GpuBuffer;
}

export interface Outputs {
  /** f32[1,5,5,5], row-major: 125 numbers */
  readonly features: Float32Array;
}

/** The outputs in GPUBuffers, from the beginning of each buffer. */
export interface GpuOutputs {
  /** f32[1,5,5,5], row-major: 125 numbers */
  readonly features: GpuBuffer;
}

export interface LoadOptions {
  /** URL or path of the weights, their bytes, or a Response with them. Default: `weights.safetensors` next to this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
  /** The object that the adapter is requested from. Default: `navigator.gpu`, or in Node the npm package `webgpu`. */
  readonly gpu?: Gpu;
  /** Your own device. `close` does not destroy it. */
  readonly device?: GpuDevice;
  /**
   * The kernels for convolutions and matrix products: `tiled` ones share numbers in the memory of workgroups, for GPUs;
   * `blocked` ones use only registers, for CPUs that emulate a GPU. Results differ only in rounding. Default: `blocked`
   * if the adapter reports that it is such an emulation, otherwise `tiled`.
   */
  readonly family?: KernelFamily;
  /**
   * The element type of tiles in `tiled` kernels. `f16` halves their memory if the device has `shader-f16`; otherwise it
   * has no effect. Factors are rounded to eleven bits and end at 65504; sums stay f32. Default: `f32`.
   */
  readonly precision?: GpuPrecision;
  /** Called after each compiled kernel, with the number of compiled kernels and the number of all kernels. */
  readonly onProgress?: (done: number, total: number) => void;
}

export type { GpuBuffer, GpuDevice, GpuLoss, GpuPrecision, KernelFamily } from './runtime.js';

export interface Model {
  readonly info: typeof info;
  /** The device in use. Create buffers for inputs on it, and submit work on results that stay on the GPU. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** The precision in use: `f16` only if it was requested and device and family support it. */
  readonly precision: GpuPrecision;
  /**
   * Runs the network. Inputs are read during the call, so calls may overlap; they run one after the other. The results
   * are new arrays; pass `out` to get them in your own arrays.
   */
  forward(inputs: Inputs, out?: Outputs): Promise<Outputs>;
  /**
   * Runs the network and leaves the results on the GPU. Work that is submitted to the device's queue after this call
   * sees them; the promise resolves when the GPU has accepted the call. The next call overwrites the returned buffers;
   * pass `out`, buffers with the usage COPY_DST, to get the results in your own.
   */
  forwardOnGpu(inputs: Inputs, out?: GpuOutputs): Promise<GpuOutputs>;
  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what `exportWeights()` of a trainer returns. If the file does not fit, the promise is rejected and the weights stay
   * as they were. Calls that are made before the promise resolves may see old and new weights.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): Promise<void>;
  /** Calls `report` when the device is lost, or soon if it is lost already, but not after `close`. Load the model again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the model's buffers, and its device unless you passed one. Calls that are not done are rejected. */
  close(): void;
}

const program: GpuProgram = {
  name: 'conv-relu',
  sizes,
  inputs: [{ name: 'image', shape: [1, 2, 5, 5], dtype: 'f32', place: m.image }],
  outputs: [{ name: 'features', shape: [1, 5, 5, 5], dtype: 'f32', place: m.features }],
  forward: runForward,
};

/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  checkLoadOptions('conv-relu', options, ['weights', 'gpu', 'device', 'family', 'precision', 'onProgress']);
  const source =
    options.weights ??
    findFile('conv-relu', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const staged = { weights, constants, stagingBytes: STAGING_BYTES, prepare };
  const core = await loadStagedModel(program, staged, source, options);
  return { info, ...core } as Model;
}
