/** The arrays that a package takes and returns. */
type NumberArray = Float32Array | Int32Array | Uint32Array;
/**
 * The checks of a generated module's arguments. They work in Node and in browsers. Every function returns when the
 * argument is right. When it is not, it throws an `Error` before anything runs:
 *
 *     resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100
 */
interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  /** Default `f32`. */
  readonly dtype?: 'f32' | 'i32' | 'u32';
}
/** A URL, a path, an answer of `fetch`, or what is in memory already. */
type ByteSource = URL | string | Uint8Array | ArrayBuffer | Response;
/**
 * Where a file of the package is; `option` is what `load` takes instead. `import.meta.url` is missing on some hosts,
 * such as workerd, and in bundles that are no ES modules.
 */
export declare function findFile<T>(name: string, option: 'weights' | 'kernels', find: () => T): T;
interface ElementType {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}
/** A tensor as the header describes it. */
interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In bytes from the beginning of the data, which follows the header. */
  readonly start: number;
  readonly end: number;
  readonly element: ElementType;
}
/**
 * Weights straight to where they belong: the tensors of a safetensors file are read into arrays that are there
 * already, such as views of WebAssembly's memory, and are nowhere else meanwhile. In Node the file is read in
 * place, elsewhere the chunks of a download are copied as they come. Errors about a file have the words of
 * weights.ts.
 */
/** From the file's header to the arrays that its tensors fill, by the names in the file; others are skipped. */
type ChooseArrays = (file: ReadonlyMap<string, TensorEntry>) => ReadonlyMap<string, NumberArray>;
export declare function streamWeights(source: ByteSource, choose: ChooseArrays): Promise<void>;
/** For `ChooseArrays` where the file must have every array's tensor, with as many numbers. */
export declare function matchArrays(file: ReadonlyMap<string, TensorEntry>, arrays: ReadonlyMap<string, NumberArray>): ReadonlyMap<string, NumberArray>;
/** From a network's output to labels. Self-contained; works in Node and in browsers. */
export interface Ranked {
  readonly index: number;
  /** The label of that index, or the index as text where no labels are given. */
  readonly label: string;
  readonly probability: number;
}
/**
 * The `k` most probable of one vector of logits, best first; of equals, the lower index first. All of them
 * where there are fewer than `k`. `probabilities: true` says that the values need no softmax.
 */
export declare function topK(values: ArrayLike<number>, k: number, labels?: readonly string[], options?: {
  readonly probabilities?: boolean;
}): Ranked[];
/**
 * From pixels to a network's input, and from its output to labels. Self-contained; works in Node and in
 * browsers. Resizing equals PIL's antialiased bilinear, hence torchvision's `Resize` on images, bit for
 * bit: a triangle filter that widens when it shrinks, horizontal then vertical, 8-bit values between.
 */
interface Preprocess {
  /** Extents of the network's input. */
  readonly width: number;
  readonly height: number;
  /**
   * `shortSide` (default): keeps the proportions, then cuts the centre out. `stretch`: to exactly
   * `width` x `height`. `none`: only cuts the centre out.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /** What `shortSide` makes of the shorter side; default: the larger of `width` and `height`. */
  readonly shortSide?: number;
  /** The planes of the output, in order. `gray` is the luma of ITU-R 601, as PIL's `L`. */
  readonly channels: 'rgb' | 'bgr' | 'gray';
  /** `value = (level * scale - mean) / std`, level 0 to 255; default 1/255. */
  readonly scale?: number;
  /** One per plane, in the order of `channels`; default 0. */
  readonly mean?: readonly number[];
  /** One per plane, in the order of `channels`; default 1. */
  readonly std?: readonly number[];
  /** Levels become `255 - level`: for networks that learned white on black. */
  readonly invert?: boolean;
}
/**
 * `pixels` are 8-bit, interleaved, row after row: gray, RGB or RGBA, told apart by their number. Alpha is
 * laid over white. Returns planes, f32[channels,height,width], in `out` where that is given. A number of
 * pixels or an option that does not fit is an `Error`.
 */
export declare function preprocess(pixels: Uint8Array | Uint8ClampedArray, width: number, height: number, options: Preprocess, out?: Float32Array): Float32Array;
/**
 * What a package uses of WebGPU, in types of its own, so that it type-checks where TypeScript does not know WebGPU; and
 * the form in which a package's kernels, memory and calls are written down. Self-contained.
 */
/** The host's own type where TypeScript knows it, otherwise what is used of it here. */
type HostType<Name extends string, Otherwise> = typeof globalThis extends {
  readonly [K in Name]: {
    readonly prototype: infer Known;
  };
} ? Known : Otherwise;
export type Gpu = HostType<'GPU', GpuLike>;
export type GpuDevice = HostType<'GPUDevice', DeviceLike>;
export type GpuBuffer = HostType<'GPUBuffer', BufferLike>;
interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}
interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}
/** A processor that stands in for a GPU says so. */
interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
}
/** What an adapter or device can do beyond the first version of WebGPU. */
interface GpuFeatures {
  has(name: GpuFeature): boolean;
}
type GpuFeature = 'shader-f16' | 'subgroups';
interface AdapterLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly info?: AdapterInfo;
  requestDevice(options: {
    readonly label: string;
    readonly requiredFeatures: readonly GpuFeature[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<DeviceLike>;
}
interface BufferLike {
  readonly size: number;
  readonly usage: number;
  mapAsync(mode: number): Promise<unknown>;
  getMappedRange(): ArrayBuffer;
  unmap(): unknown;
  destroy(): unknown;
}
export interface GpuLoss {
  /** `destroyed`, or `unknown`. */
  readonly reason: string;
  readonly message: string;
}
/** Made by a device, and given back to it. */
type Handle = object;
interface ModuleLike {
  getCompilationInfo(): Promise<{
    readonly messages: Iterable<{
      readonly type: string;
      readonly lineNum: number;
      readonly message: string;
    }>;
  }>;
}
interface PassLike {
  setPipeline(pipeline: Handle): unknown;
  setBindGroup(index: number, group: Handle): unknown;
  dispatchWorkgroups(columns: number, rows: number): unknown;
  end(): unknown;
}
interface EncoderLike {
  beginComputePass(): PassLike;
  copyBufferToBuffer(from: BufferLike, start: number, to: BufferLike, at: number, bytes: number): unknown;
  clearBuffer(buffer: BufferLike, offset: number, bytes: number): unknown;
  finish(): Handle;
}
interface BindGroupEntry {
  readonly binding: number;
  readonly resource: {
    readonly buffer: BufferLike;
    readonly offset: number;
    readonly size: number;
  };
}
interface LayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: {
    readonly type: string;
    readonly minBindingSize: number;
  };
}
interface DeviceLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly adapterInfo?: AdapterInfo;
  readonly lost: Promise<GpuLoss>;
  readonly queue: {
    writeBuffer(buffer: BufferLike, offset: number, data: ArrayBufferView): unknown;
    submit(commands: readonly Handle[]): unknown;
  };
  createBuffer(options: {
    readonly label: string;
    readonly size: number;
    readonly usage: number;
    readonly mappedAtCreation?: boolean;
  }): BufferLike;
  createShaderModule(options: {
    readonly label: string;
    readonly code: string;
  }): ModuleLike;
  createBindGroupLayout(options: {
    readonly entries: readonly LayoutEntry[];
  }): Handle;
  createPipelineLayout(options: {
    readonly bindGroupLayouts: readonly Handle[];
  }): Handle;
  createComputePipelineAsync(options: {
    readonly label: string;
    readonly layout: Handle;
    readonly compute: {
      readonly module: ModuleLike;
      readonly entryPoint: string;
    };
  }): Promise<Handle>;
  createBindGroup(options: {
    readonly label: string;
    readonly layout: Handle;
    readonly entries: readonly BindGroupEntry[];
  }): Handle;
  createCommandEncoder(): EncoderLike;
  pushErrorScope(filter: 'validation' | 'out-of-memory'): unknown;
  popErrorScope(): Promise<{
    readonly message: string;
  } | null>;
  destroy(): unknown;
}
/**
 * The two ways of convolutions and matrix products, whose numbers differ in rounding only: `tiled` shares what it
 * loads in the memory of a workgroup, for GPUs; `blocked` keeps to registers, for CPUs that emulate one.
 */
export type KernelFamily = 'blocked' | 'tiled';
/**
 * What the tiles of convolutions and matrix products hold in the memory of a workgroup. Sums are f32's in both; f16 rounds
 * what is multiplied to eleven bits and ends at 65504.
 */
export type GpuPrecision = 'f32' | 'f16';
/** A shader with the entry point `main`. */
export interface GpuKernel {
  readonly name: string;
  /** Columns and rows. */
  readonly workgroups: readonly [number, number];
  readonly bindings: readonly GpuBinding[];
  readonly code: string;
  /** The same for devices that have the feature `subgroups`, if it gains by them. */
  readonly withSubgroups?: string;
}
interface GpuBinding {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly bytes: number;
}
/** Bytes of one of the package's buffers. */
interface GpuRange {
  readonly space: 'arena' | 'weights' | 'halves';
  readonly offset: number;
  readonly bytes: number;
}
/** Of `layer`, for errors; an entry of `ranges` for each binding, or the ranges that share it. */
export type Dispatch = (layer: string, kernel: GpuKernel, ranges: readonly (GpuRange | readonly GpuRange[])[]) => void;
/**
 * Finds a GPU: the caller's device or `gpu`, the host's `navigator.gpu`, or in Node the npm package `webgpu` (Dawn).
 * Only limits that the model needs are asked for, and features that its kernels can do without where the adapter has them.
 * What is missing is an `Error` that names it; there is no fallback.
 */
interface GpuOptions {
  readonly gpu?: Gpu | undefined;
  readonly device?: GpuDevice | undefined;
  /** Default: `blocked` where a processor stands in for the GPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16` tiles are f16 where the device has `shader-f16`, and f32 where it has not. */
  readonly precision?: GpuPrecision | undefined;
  /** Called after each kernel that is compiled, with the number that is done and the number of all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
/**
 * From a package's kernels and calls to what a GPU runs: pipelines and bind groups, made once. Equal kernels
 * are one pipeline, and all are compiled side by side. What the GPU refuses is an `Error` that names kernel and layer.
 */
interface GpuTensor extends Expected {
  readonly place: GpuRange;
}
/** What a package's `memory.ts` and `forward.ts` say: a phase as dispatches. */
type Phase = (dispatch: Dispatch, family: KernelFamily) => void;
/** Writes the numbers of a buffer before the GPU sees it. */
type Fill = (memory: ArrayBuffer) => Promise<unknown>;
/**
 * A package's model on WebGPU. Everything is made at load; a call writes its inputs into the arena and submits one command
 * buffer with one compute pass, and its outputs come back in one copy. Calls may overlap: their inputs are taken when they
 * are made, and the GPU runs them one after the other.
 */
/** By the names of inputs and outputs; a package's `index.ts` has them in its types. */
interface GpuModel {
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  forward(inputs: object, out?: object): Promise<object>;
  forwardOnGpu(inputs: object, out?: object): Promise<object>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}
/** Sizes of the GPUBuffers, and of the longest range that a kernel binds, in bytes. */
interface GpuSizes {
  readonly arena: number;
  readonly weights: number;
  readonly binding: number;
}
/** What a package says of itself; see its `memory.ts` and `forward.ts`. */
export interface GpuProgram {
  readonly name: string;
  readonly sizes: GpuSizes;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly forward: Phase;
}
/** `fill` writes the weights to their places; it is not called where there are none. */
export declare function loadGpuModel(program: GpuProgram, fill: Fill, options: GpuOptions): Promise<GpuModel>;
/** What `preprocess` takes on WebGPU: its types where TypeScript knows the host's, and its checks, in the words of check.ts. */
/** What the host calls by this name, where TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: {
    readonly prototype: infer Known;
  };
} ? Known : never;
/** RGBA, 8 bits each, row after row: an ImageData, or as many bytes from a decoder. */
interface GpuPixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
export type GpuImage = GpuPixels | HostImage<'HTMLCanvasElement'> | HostImage<'HTMLImageElement'> | HostImage<'HTMLVideoElement'> | HostImage<'ImageBitmap'> | HostImage<'OffscreenCanvas'> | HostImage<'VideoFrame'>;
/**
 * `preprocess` of a model on WebGPU: images become the network's input without leaving the GPU. Two kernels do what
 * runtime/image.ts does, bit for bit, with its taps and tables. Everything is made with the first image, what depends on
 * the size of an image with the first of that size; a call makes a command encoder for each image and nothing else.
 * Images are taken when the call is made and the queue keeps the order, so calls may overlap.
 */
interface GpuPreprocess {
  /** One image, or as many as the batch has. */
  preprocess(images: GpuImage | readonly GpuImage[], out?: GpuBuffer): Promise<GpuBuffer>;
}
/** The model with `preprocess`, which makes its one image input as `options` say. */
export declare function addPreprocess(model: GpuModel, { name, inputs }: GpuProgram, options: Preprocess): GpuModel & GpuPreprocess;
export {};
