/**
 * lenet5, compiled by cnnc from models/lenet5.ts.
 * 61.7 k parameters, 429 k multiply-adds, 7 kernel calls, arena 23.8 kB.
 *
 *     const model = await load();
 *     const { logits } = await model.forward({ image });
 */
import { type Gpu, type GpuBuffer, type GpuDevice, type GpuLoss, type GpuPrecision, type KernelFamily, type ImageSource, type Ranked } from './runtime.js';
/** Facts about the compiled model. Sizes are in bytes. */
export declare const info: {
  readonly name: "lenet5";
  readonly target: "webgpu";
  readonly inputs: {
    readonly image: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 1, 32, 32];
    };
  };
  readonly outputs: {
    readonly logits: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 10];
    };
  };
  readonly parameters: 61706;
  readonly multiplyAdds: 429332;
  readonly arenaBytes: 23808;
  readonly weightBytes: 246824;
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  readonly weights: {
    readonly form: "moving";
    readonly sha256: "f0dcaf584e4737fe44bfd1f2c9215020bb91ee38bb0de6da8a4efb76d83f0497";
  };
  readonly kernels: 7;
};
/** The classes, in the order of the outputs. */
export declare const labels: readonly ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
export interface Inputs {
  /** f32[1,1,32,32], row-major: 1024 numbers; or a GPUBuffer of them with the usage COPY_SRC */
  readonly image: Float32Array | GpuBuffer;
}
export interface Outputs {
  /** f32[1,10], row-major: 10 numbers */
  readonly logits: Float32Array;
}
/** The outputs in GPUBuffers, from the beginning of each buffer. */
export interface GpuOutputs {
  /** f32[1,10], row-major: 10 numbers */
  readonly logits: GpuBuffer;
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
  /**
   * Turns an image into the network's input on the GPU, for `forward({ image: buffer })`, with the same bits as the
   * function `preprocess`. Pixels are read during the call. The next call overwrites the returned buffer; pass `out`, with
   * the usages COPY_DST and COPY_SRC, to get the result in your own.
   */
  preprocess(image: ImageSource, out?: GpuBuffer): Promise<GpuBuffer>;
  /** The `k` most probable classes of an image, best first; 5 by default: `preprocess`, `forward` and `topK` in one call. */
  classify(image: ImageSource, k?: number): Promise<Ranked[]>;
  /** Calls `report` when the device is lost, or soon if it is lost already, but not after `close`. Load the model again then. */
  onLost(report: (loss: GpuLoss) => void): void;
  /** Destroys the model's buffers, and its device unless you passed one. Calls that are not done are rejected. */
  close(): void;
}
/** Loads the weights and allocates the memory. Throws if the weights cannot be read or do not belong to this model. */
export declare function load(options?: LoadOptions): Promise<Model>;
export type { ImageSource } from './runtime.js';
/**
 * Turns an image into the network's input: pixels as `{ data, width, height }`, such as an ImageData, or a bitmap, a
 * canvas, an image element, a video element or a frame.
 */
export declare function preprocess(image: ImageSource, out?: Float32Array): Float32Array;
/** Turns an image's pixels (gray, RGB or RGBA, 8 bits each, interleaved) into the network's input. */
export declare function preprocess(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number, out?: Float32Array): Float32Array;
/** The `k` most probable classes from the scores of one image, best first. */
export declare function topK(scores: ArrayLike<number>, k: number): Ranked[];
// The parts of the host's types that are used here.
interface URL {
  readonly href: string;
}
interface Response {
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}
