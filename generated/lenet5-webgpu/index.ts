/**
 * lenet5, compiled by cnnc from models/lenet5.ts.
 * 61.7 k parameters, 429 k multiply-adds, 7 kernel calls, arena 23.8 kB.
 *
 *     const model = await load();
 *     const { logits } = await model.forward({ image });
 */

import { forward as runForward } from './forward.js';
import { m, sizes, weightArrays } from './memory.js';
import {
  loadGpuModel,
  matchArrays,
  streamWeights,
  addPreprocess,
  type GpuImage,
  type Gpu,
  type GpuBuffer,
  type GpuDevice,
  type GpuLoss,
  type GpuPrecision,
  type GpuProgram,
  type KernelFamily,
  findFile,
  preprocess as preprocessPixels,
  topK as rank,
  type Ranked,
} from './runtime.js';

/** What was compiled; sizes in bytes. */
export const info = {
  name: 'lenet5',
  target: 'webgpu',
  inputs: { image: { dtype: 'f32', shape: [1, 1, 32, 32] } },
  outputs: { logits: { dtype: 'f32', shape: [1, 10] } },
  parameters: 61706,
  multiplyAdds: 429332,
  arenaBytes: 23808,
  weightBytes: 259864,
  kernels: 7,
} as const;

/** The classes, in the order of the outputs. */
export const labels = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;

export interface Inputs {
  /** f32[1,1,32,32], row-major: 1024 numbers; or as many in a buffer with the usage COPY_SRC */
  readonly image: Float32Array | GpuBuffer;
}

export interface Outputs {
  /** f32[1,10], row-major: 10 numbers */
  readonly logits: Float32Array;
}

/** The same numbers in buffers of the GPU, from their beginning. */
export interface GpuOutputs {
  /** f32[1,10], row-major: 10 numbers */
  readonly logits: GpuBuffer;
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

export type { GpuBuffer, GpuDevice, GpuImage, GpuLoss, GpuPrecision, KernelFamily } from './runtime.js';

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
  /**
   * An image as the network's input, made on the GPU: for `forward({ image: buffer })`, the same bits as
   * from the function `preprocess`. Pixels are taken when it is called. The buffer returned is the model's and
   * overwritten by the next call; hand in `out`, with the usages COPY_DST and COPY_SRC, to have your own.
   */
  preprocess(image: GpuImage, out?: GpuBuffer): Promise<GpuBuffer>;
  /** Calls `report` when the device is lost, at once if it is lost already, but not for `close`. Load the model again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the model's buffers, and its device where none was handed in; calls that are not done are rejected. */
  close(): void;
}

const program: GpuProgram = {
  name: 'lenet5',
  sizes,
  inputs: [{ name: 'image', shape: [1, 1, 32, 32], dtype: 'f32', place: m.image }],
  outputs: [{ name: 'logits', shape: [1, 10], dtype: 'f32', place: m.logits }],
  forward: runForward,
};

/** Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's. */
export async function load(options: LoadOptions = {}): Promise<Model> {
  const source =
    options.weights ?? findFile('lenet5', 'weights', () => new URL('./weights.safetensors', import.meta.url));
  const core = await loadGpuModel(
    program,
    (memory) => streamWeights(source, (file) => matchArrays(file, weightArrays(memory))),
    options,
  );
  return { info, ...addPreprocess(core, program, preprocessing) } as Model;
}

const preprocessing = {
  width: 32,
  height: 32,
  resize: 'stretch',
  channels: 'gray',
  mean: [0.1307],
  std: [0.3081],
} as const;

/** From an image's pixels (gray, RGB or RGBA, 8 bit, interleaved) to the network's input. */
export function preprocess(
  pixels: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  out?: Float32Array,
): Float32Array {
  return preprocessPixels(pixels, width, height, preprocessing, out);
}

/** The `k` most probable classes from the scores of one image, best first. */
export function topK(scores: ArrayLike<number>, k: number): Ranked[] {
  return rank(scores, k, labels);
}
