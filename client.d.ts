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

  /** The host's class of this name, if TypeScript knows it. */
  type HostImage<Name extends string> = typeof globalThis extends {
    readonly [K in Name]: { readonly prototype: infer Known };
  }
    ? Known
    : never;

  /** 8-bit pixels (gray, RGB or RGBA), row after row: an ImageData, or bytes from a decoder. */
  export interface Pixels {
    readonly data: Uint8Array | Uint8ClampedArray;
    readonly width: number;
    readonly height: number;
  }

  export type ImageSource =
    | Pixels
    | HostImage<'HTMLCanvasElement'>
    | HostImage<'HTMLImageElement'>
    | HostImage<'HTMLVideoElement'>
    | HostImage<'ImageBitmap'>
    | HostImage<'OffscreenCanvas'>
    | HostImage<'VideoFrame'>;

  export interface Model {
    readonly info: Info;
    /** Runs the network. What it returns is overwritten by the next call, unless `out` is given. */
    forward(inputs: Tensors, out?: Tensors): Tensors;
    /** The `k` most probable classes of an image, best first; 5 by default. Where one image is the model's only input. */
    classify(image: ImageSource, k?: number): Ranked[];
    /** The boxes in an image, best first, where the model declares its `detection`. */
    detect(image: ImageSource, thresholds?: Thresholds): Detection[];
    /** Replaces the weights by those of a safetensors file. Packages with fixed weights do not have it. */
    loadWeights(bytes: Uint8Array | ArrayBuffer): void;
    close(): void;
  }

  export interface Ranked {
    readonly index: number;
    readonly label: string;
    readonly probability: number;
  }

  /** A box; edges are fractions of the image's width and height. */
  export interface Detection {
    readonly left: number;
    readonly top: number;
    readonly right: number;
    readonly bottom: number;
    readonly class: number;
    readonly score: number;
  }

  export interface Thresholds {
    /** The lowest probability of a box. */
    readonly score?: number;
    /** Boxes of one class that overlap by more count as one object. */
    readonly overlap?: number;
  }

  export const info: Info;
  /** Class names, where the model has them. */
  export const labels: readonly string[];
  export function load(options?: LoadOptions): Promise<Model>;
  /** From an image to the network's input, where the model declares its `preprocess`. */
  export function preprocess(image: ImageSource, out?: Float32Array): Float32Array;
  /** From gray, RGB or RGBA pixels to the network's input. */
  export function preprocess(
    pixels: Uint8Array | Uint8ClampedArray,
    width: number,
    height: number,
    out?: Float32Array,
  ): Float32Array;
  /** The `k` most probable classes, best first. */
  export function topK(scores: ArrayLike<number>, k: number): Ranked[];
  /** The boxes in the outputs of one image, best first, where the model declares its `detection`. */
  export function detect(outputs: Tensors, thresholds?: Thresholds): Detection[];
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
