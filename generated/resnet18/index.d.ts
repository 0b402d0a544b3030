/**
 * resnet18, compiled by cnnc from models/resnet18.ts.
 * 11.7 M parameters, 1.82 G multiply-adds, 23 kernel calls, arena 4.01 MB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */
import { type ImageSource, type Ranked } from './runtime.js';
/** Facts about the compiled model. Sizes are in bytes. */
export declare const info: {
  readonly name: "resnet18";
  readonly target: "typescript";
  readonly inputs: {
    readonly image: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 3, 224, 224];
    };
  };
  readonly outputs: {
    readonly logits: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 1000];
    };
  };
  readonly parameters: 11689512;
  readonly multiplyAdds: 1818965504;
  readonly arenaBytes: 4014080;
  readonly weightBytes: 46796528;
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  readonly weights: {
    readonly form: "moving";
    readonly sha256: "739da66ca58cc4936e21455fa2ceaa53264f5f4ff4f1201a3945d1af34d313a6";
  };
  readonly kernels: 23;
};
export interface Inputs {
  /** f32[1,3,224,224], row-major: 150528 numbers */
  readonly image: Float32Array;
}
export interface Outputs {
  /** f32[1,1000], row-major: 1000 numbers */
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
/** The classes, in the order of the outputs. */
export declare const labels: readonly string[];
// The parts of the host's types that are used here.
interface URL {
  readonly href: string;
}
interface Response {
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}
