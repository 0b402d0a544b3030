/**
 * What the benches use of the peers, typed here: the peers are not installed where the project is checked. Workers are
 * bundled with the real ones.
 */
declare module '@tensorflow/tfjs-core' {
  export interface Tensor {
    readonly shape: readonly number[];
    dataSync(): Float32Array;
    data(): Promise<Float32Array>;
    dispose(): void;
  }
  export type Variable = Tensor;
  export type Activation = 'linear' | 'relu' | 'relu6';
  export type Pair = readonly [number, number];
  export type ExplicitPadding = readonly [Pair, Pair, Pair, Pair];

  interface FusedConvolution {
    readonly x: Tensor;
    readonly filter: Tensor;
    readonly strides: Pair;
    readonly pad: ExplicitPadding | 'valid';
    readonly dilations: Pair;
    readonly bias?: Tensor;
    readonly activation: Activation;
  }

  export const fused: {
    conv2d(options: FusedConvolution): Tensor;
    depthwiseConv2d(options: FusedConvolution): Tensor;
    matMul(options: {
      readonly a: Tensor;
      readonly b: Tensor;
      readonly bias?: Tensor;
      readonly activation: Activation;
    }): Tensor;
  };

  export function ready(): Promise<void>;
  export function setBackend(name: string): Promise<boolean>;
  export function tensor(data: ArrayLike<number>, shape: readonly number[], dtype?: string): Tensor;
  export function variable(value: Tensor, trainable?: boolean, name?: string): Variable;
  export function tidy<T>(body: () => T): T;
  export function maxPool(x: Tensor, kernel: Pair, strides: Pair, pad: ExplicitPadding | 'valid'): Tensor;
  export function avgPool(x: Tensor, kernel: Pair, strides: Pair, pad: ExplicitPadding | 'valid'): Tensor;
  export function relu(x: Tensor): Tensor;
  export function relu6(x: Tensor): Tensor;
  export function mean(x: Tensor, axes: readonly number[]): Tensor;
  export function add(a: Tensor, b: Tensor): Tensor;
  export function mul(a: Tensor, b: Tensor): Tensor;
  export function reshape(x: Tensor, shape: readonly number[]): Tensor;
  export function concat(xs: readonly Tensor[], axis: number): Tensor;
  export function split(x: Tensor, parts: number, axis: number): Tensor[];
  export function stridedSlice(
    x: Tensor,
    begin: readonly number[],
    end: readonly number[],
    strides: readonly number[],
  ): Tensor;
  export function pad(x: Tensor, sides: readonly Pair[], value: number): Tensor;
  export function moments(
    x: Tensor,
    axes: readonly number[],
  ): { readonly mean: Tensor; readonly variance: Tensor };
  export function batchNorm(
    x: Tensor,
    mean: Tensor,
    variance: Tensor,
    offset: Tensor,
    scale: Tensor,
    epsilon: number,
  ): Tensor;
  export function oneHot(labels: Tensor, classes: number): Tensor;
  export const losses: { softmaxCrossEntropy(labels: Tensor, logits: Tensor): Tensor };
  export const train: {
    sgd(rate: number): { minimize(loss: () => Tensor, returnsCost: true): Tensor };
  };
}

declare module '@tensorflow/tfjs-backend-wasm' {
  export function setWasmPaths(folder: string): void;
  export function setThreadsCount(threads: number): void;
}

declare module '@tensorflow/tfjs-backend-cpu' {}

declare module '@tensorflow/tfjs-backend-webgpu' {}

declare module '@tensorflow/tfjs-core/dist/register_all_gradients' {}

declare module '@litertjs/core' {
  export class Tensor {
    constructor(data: Float32Array, shape: readonly number[]);
    toTypedArray(): Float32Array;
    delete(): void;
  }
  export function loadLiteRt(folder: string): Promise<unknown>;
  export function loadAndCompile(
    model: Uint8Array,
    options: { readonly accelerator: 'wasm' },
  ): Promise<{ run(inputs: readonly Tensor[]): Promise<readonly Tensor[]> }>;
}

/** Offsets are numbers here. */
declare module 'flatbuffers' {
  export class Builder {
    constructor(initialSize: number);
    prep(size: number, additionalBytes: number): void;
    startObject(fields: number): void;
    addFieldInt8(index: number, value: number, ifLeftOut: number): void;
    addFieldInt32(index: number, value: number, ifLeftOut: number): void;
    addFieldOffset(index: number, value: number, ifLeftOut: number): void;
    endObject(): number;
    startVector(elementSize: number, length: number, alignment: number): void;
    addInt32(value: number): void;
    addOffset(offset: number): void;
    endVector(): number;
    createString(text: string): number;
    createByteVector(bytes: Uint8Array): number;
    finish(root: number, identifier: string): void;
    asUint8Array(): Uint8Array;
  }
}
