/**
 * resnet20, compiled by cnnc from models/resnet20.ts.
 * 270 k parameters, 40.8 M multiply-adds, 23 kernel calls, arena 131 kB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */
import { type ImageSource, type Ranked } from './runtime.js';
/** Facts about the compiled model. Sizes are in bytes. */
export declare const info: {
  readonly name: "resnet20";
  readonly target: "typescript";
  readonly inputs: {
    readonly image: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 3, 32, 32];
    };
  };
  readonly outputs: {
    readonly logits: {
      readonly dtype: "f32";
      readonly shape: readonly [1, 10];
    };
  };
  readonly parameters: 269722;
  readonly multiplyAdds: 40829568;
  readonly arenaBytes: 131072;
  readonly weightBytes: 1084468;
  /** `sha256` is the hash of the model's own weights, whatever the form in this package. */
  readonly weights: {
    readonly form: "moving";
    readonly sha256: "dbef36174b6b4eade8af7147f8be2885d9cc12dab218e280ee3348afe80d93a9";
  };
  readonly kernels: 23;
};
/** The classes, in the order of the outputs. */
export declare const labels: readonly ["airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"];
export interface Inputs {
  /** f32[1,3,32,32], row-major: 3072 numbers */
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
