/**
 * lenet5, compiled by cnnc from models/lenet5.ts.
 * 61.7 k parameters, 429 k multiply-adds, 7 kernel calls, arena 23.6 kB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */
import { type ImageSource, type Ranked } from './runtime.js';
/** Facts about the compiled model. Sizes are in bytes. */
export declare const info: {
  readonly name: "lenet5";
  readonly target: "typescript";
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
  readonly arenaBytes: 23552;
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
  /** f32[1,1,32,32], row-major: 1024 numbers */
  readonly image: Float32Array;
}
export interface Outputs {
  /** f32[1,10], row-major: 10 numbers */
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
  /** The `k` most probable classes of an image, best first; 5 by default: `preprocess`, `forward` and `topK` in one call. */
  classify(image: ImageSource, k?: number): Ranked[];
  /**
   * Replaces the weights by those of a safetensors file with the model's names and shapes, such as a state dict of PyTorch
   * or what `exportWeights()` of a trainer returns. Throws if the file does not fit; the weights then stay as they were.
   * The results of the last call are overwritten.
   */
  loadWeights(bytes: Uint8Array | ArrayBuffer): void;
  /** Does nothing: this target has nothing to release. All targets have this method. */
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
