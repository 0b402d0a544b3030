/**
 * lenet5, compiled by cnnc from models/lenet5.ts.
 * 61.7 k parameters, 429 k multiply-adds, 7 kernel calls, arena 23.6 kB.
 *
 *     const model = await load();
 *     const { logits } = model.forward({ image });
 */
import { type WasmKernels, type Ranked } from './runtime.js';
/** What was compiled; sizes in bytes. */
export declare const info: {
  readonly name: "lenet5";
  readonly target: "wasm";
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
  readonly weightBytes: 247024;
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
  /** Where the weights are, their bytes, or a Response with them. Default: `weights.safetensors` beside this file. */
  readonly weights?: URL | string | Uint8Array | ArrayBuffer | Response;
  /** `false` takes the kernels without fused multiply-adds. Default: those with them where the host has relaxed SIMD. */
  readonly relaxedSimd?: boolean;
  /**
   * For hosts and bundlers that do not find the kernels beside this file: where `kernels.wasm` is, its bytes, or the
   * compiled module. As `{ plain, relaxed }` with `kernels.relaxed.wasm`, which is taken where the host has relaxed SIMD.
   */
  readonly kernels?: WasmKernels;
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
/** Reads the weights and lays out the memory. Throws when the weights cannot be read or are not this model's. */
export declare function load(options?: LoadOptions): Promise<Model>;
/** From an image's pixels (gray, RGB or RGBA, 8 bit, interleaved) to the network's input. */
export declare function preprocess(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number, out?: Float32Array): Float32Array;
/** The `k` most probable classes from the scores of one image, best first. */
export declare function topK(scores: ArrayLike<number>, k: number): Ranked[];
