/**
 * conv-relu, compiled by cnnc from test/golden/convRelu/model.ts.
 * 95 parameters, 2.38 k multiply-adds, 1 kernel call, arena 768 B.
 *
 *     const model = await load();
 *     const { features } = await model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { m, sizes, weightArrays } from './memory.js';
import {
  loadGpuModel,
  matchArrays,
  streamWeights,
  type Gpu,
  type GpuBuffer,
  type GpuDevice,
  type GpuLoss,
  type GpuPrecision,
  type GpuProgram,
  type KernelFamily,
  findFile,
} from './runtime.js';

/** What was compiled; sizes in bytes. */
export const info = {
  name: 'conv-relu',
  target: 'webgpu',
  inputs: { image: { dtype: 'f32', shape: [1, 2, 5, 5] } },
  outputs: { features: { dtype: 'f32', shape: [1, 5, 5, 5] } },
  parameters: 95,
  multiplyAdds: 2375,
  arenaBytes: 768,
  weightBytes: 608,
  kernels: 1,
} as const;

export interface Inputs {
  /** f32[1,2,5,5], row-major: 50 numbers; or as many in a buffer with the usage COPY_SRC */
  readonly image: Float32Array | GpuBuffer;
}

export interface Outputs {
  /** f32[1,5,5,5], row-major: 125 numbers */
  readonly features: Float32Array;
}

/** The same numbers in buffers of the GPU, from their beginning. */
export interface GpuOutputs {
  /** f32[1,5,5,5], row-major: 125 numbers */
  readonly features: GpuBuffer;
}

export interface LoadOptions {
  /** Where the weights are, their bytes, or a Response with them. Default: `weights.safetensors` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
  /** Where adapters come from. Default: `navigator.gpu`, in Node the npm package `webgpu`. */
  readonly gpu?: Gpu;
  /** A device of your own, which `close` does not destroy. */
  readonly device?: GpuDevice;
  /**
   * How convolutions and matrix products compute: `tiled` in the memory of workgroups, for GPUs; `blocked` in
   * registers, for CPUs that emulate one. Results differ in rounding only. Default: by the adapter.
   */
  readonly family?: KernelFamily;
  /**
   * What `tiled` kernels multiply. `f16` halves what they take of a workgroup's memory, where the device has `shader-f16`:
   * numbers are rounded to eleven bits and end at 65504, sums stay f32. Default: `f32`.
   */
  readonly precision?: GpuPrecision;
  /** Called after each kernel that is compiled, with the number that is done and the number of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export type { GpuBuffer, GpuDevice, GpuLoss, GpuPrecision, KernelFamily } from './runtime.js';

export interface Model {
  readonly info: typeof info;
  /** For buffers that are handed in, and for work on results that stay on the GPU. */
  readonly device: GpuDevice;
  /** The kernel family in use. */
  readonly family: KernelFamily;
  /** `f16` where that was asked for and the device has it. */
  readonly precision: GpuPrecision;
  /**
   * Runs the network. Inputs are taken when it is called, so calls may overlap; they run one after the other. The
   * arrays returned are the caller's; hand in `out` to have results in arrays of your own.
   */
  forward(inputs: Inputs, out?: Outputs): Promise<Outputs>;
  /**
   * The same, with results that stay on the GPU. Work that is submitted to the device's queue after this call sees
   * them; the promise resolves when the GPU has accepted the call. The buffers returned are the model's and
   * overwritten by the next call; hand in `out`, buffers with the usage COPY_DST, to have your own.
   */
  forwardOnGpu(inputs: Inputs, out?: GpuOutputs): Promise<GpuOutputs>;
  /** Calls `report` when the device is lost, at once if it is lost already, but not for `close`. Load the model again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the model's buffers, and its device where none was handed in; calls that are not done are rejected. */
  close(): void;
}

const program: GpuProgram = {
  name: 'conv-relu',
  sizes,
  inputs: [{ name: 'image', shape: [1, 2, 5, 5], dtype: 'f32', place: m.image }],
  outputs: [{ name: 'features', shape: [1, 5, 5, 5], dtype: 'f32', place: m.features }],
  forward: runForward,
};

/** Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  const source =
    options.weights ??
    findFile('conv-relu', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const core = await loadGpuModel(
    program,
    (memory) => streamWeights(source, (file) => matchArrays(file, weightArrays(memory))),
    options,
  );
  return { info, ...core } as Model;
}
