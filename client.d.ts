/**
 * Types of imported models, for projects that use the plugin of cnnc: `/// <reference types="cnnc/client" />`. They fit
 * every model, so names and shapes are not checked; `dts: true` in the plugin's options writes exact ones.
 */
declare module 'cnnc:model' {
  /** Numbers in row-major order (N, C, H, W), by the names of inputs or outputs. */
  export type Tensors = Readonly<Record<string, Float32Array>>;

  export interface TensorInfo {
    readonly dtype: string;
    readonly shape: readonly number[];
  }

  /** What was compiled; sizes in bytes. */
  export interface Info {
    readonly name: string;
    readonly inputs: Readonly<Record<string, TensorInfo>>;
    readonly outputs: Readonly<Record<string, TensorInfo>>;
    readonly parameters: number;
    readonly multiplyAdds: number;
    /** The form of the weight file, and the hash of the model's own weights. */
    readonly weights: { readonly form: string; readonly sha256: string };
    /** Where the package has one target. */
    readonly target?: string;
    /** Where the package has several. */
    readonly targets?: readonly string[];
  }

  export interface LoadOptions {
    /** Where the weights are, or their bytes. */
    readonly weights?: URL | string | Uint8Array | ArrayBuffer;
    /** Where the kernels are, their bytes, or the compiled module (WebAssembly). */
    readonly kernels?: URL | string | Uint8Array | ArrayBuffer | WebAssembly.Module;
    /** Where the package has several targets: the one to take. */
    readonly target?: string;
  }

  export interface Model {
    readonly info: Info;
    /** Runs the network. What it returns is overwritten by the next call, unless `out` is given. */
    forward(inputs: Tensors, out?: Tensors): Tensors;
    /** Replaces the weights by those of a safetensors file. Packages with fixed weights do not have it. */
    loadWeights(bytes: Uint8Array | ArrayBuffer): void;
    close(): void;
  }

  export interface Ranked {
    readonly index: number;
    readonly label: string;
    readonly probability: number;
  }

  export const info: Info;
  /** Class names, where the model has them. */
  export const labels: readonly string[];
  export function load(options?: LoadOptions): Promise<Model>;
  /** From gray, RGB or RGBA pixels to the network's input, where the model declares its `preprocess`. */
  export function preprocess(
    pixels: Uint8Array | Uint8ClampedArray,
    width: number,
    height: number,
    out?: Float32Array,
  ): Float32Array;
  /** The `k` most probable classes, best first. */
  export function topK(scores: ArrayLike<number>, k: number): Ranked[];
}

declare module '*.onnx' {
  export * from 'cnnc:model';
}

declare module '*?cnnc' {
  export * from 'cnnc:model';
}

/** Options stand before the mark: `./net.ts?batch=4&cnnc`, `./net.onnx?batch=4&cnnc`. */
declare module '*&cnnc' {
  export * from 'cnnc:model';
}
