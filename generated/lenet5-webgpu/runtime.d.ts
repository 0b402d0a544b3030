/** The arrays that a package takes and returns. */
type NumberArray = Float32Array | Int32Array | Uint32Array;
/** Values by the names of inputs, outputs or parameters. */
type Named<T> = Readonly<Record<string, T>>;
/**
 * Checks of a generated module's arguments. They work in Node and in browsers. Each function returns if the argument is
 * right. Otherwise it throws an `Error` before anything runs:
 *
 *     resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100
 */
interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  /** Default `f32`. */
  readonly dtype?: 'f32' | 'i32' | 'u32';
}
/** Refuses options of `load` that the package does not have. Options that are undefined count as absent. */
export declare function checkLoadOptions(model: string, options: object, known: readonly string[]): void;
/** A URL, a path, a `Response` of `fetch`, or bytes in memory. */
type ByteSource = URL | string | Uint8Array | ArrayBuffer | Response;
/**
 * The place of a file of the package. `import.meta.url` is missing on some hosts, such as workerd, and in bundles that
 * are not ES modules; then the error names the option of `load` to use instead.
 */
export declare function findFile<T>(name: string, option: 'weights' | 'kernels', find: () => T): T;
/** Compares the tensors of a weight file with those that a model has. */
interface Shaped {
  readonly shape: readonly number[];
}
interface NamedShape extends Shaped {
  readonly name: string;
}
/** Turns a network's output into ranked labels. Self-contained; works in Node and in browsers. */
export interface Ranked {
  readonly index: number;
  /** The label of that index, or the index as text if there are no labels. */
  readonly label: string;
  readonly probability: number;
}
/**
 * The `k` most probable classes from one vector of logits, best first; equal logits are sorted by index. If
 * there are fewer than `k` classes, all are returned. With `probabilities: true` the values are probabilities
 * already and get no softmax.
 */
export declare function topK(values: ArrayLike<number>, k: number, labels?: readonly string[], options?: {
  readonly probabilities?: boolean;
}): Ranked[];
/**
 * Turns pixels into a network's input. Self-contained; works in Node and in browsers. Resizing gives the same
 * bits as PIL's antialiased bilinear filter, which torchvision's `Resize` uses on images: a triangle filter
 * that widens when it shrinks the image, first horizontal, then vertical, with 8-bit values between the two.
 */
interface Preprocess {
  /** Extents of the network's input. */
  readonly width: number;
  readonly height: number;
  /**
   * `shortSide` (default): keeps the proportions, then crops the centre. `stretch`: resizes to exactly
   * `width` x `height`. `none`: only crops the centre.
   */
  readonly resize?: 'shortSide' | 'stretch' | 'none';
  /** The length of the shorter side after `shortSide`; default: the larger of `width` and `height`. */
  readonly shortSide?: number;
  /** The planes of the output, in order. `gray` is the luma of ITU-R 601, like PIL's `L`. */
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
 * The images that a package takes: their types, if TypeScript knows the host's classes, their checks, and their pixels.
 * An image that is not pixels already is drawn to a canvas in its natural size. Every error is an `Error` that begins
 * with the name of the called function. Needs a canvas for images other than pixels, and nothing else of the host.
 */
/** The host's class of this name, if TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: {
    readonly prototype: infer Known;
  };
} ? Known : never;
/**
 * 8-bit pixels, row after row: an ImageData, or bytes from a decoder. They are gray, RGB or RGBA, recognized by their
 * number.
 */
interface Pixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
/** An image: pixels, or an object of the web. */
export type ImageSource = Pixels | HostImage<'HTMLCanvasElement'> | HostImage<'HTMLImageElement'> | HostImage<'HTMLVideoElement'> | HostImage<'ImageBitmap'> | HostImage<'OffscreenCanvas'> | HostImage<'VideoFrame'>;
/**
 * The function `preprocess` of a package. It has two forms: `preprocess(image, out?)` and
 * `preprocess(pixels, width, height, out?)`.
 */
export declare function preprocessImage(call: string, options: Preprocess, image: ImageSource | Uint8Array | Uint8ClampedArray, widthOrOut?: number | Float32Array, height?: number, out?: Float32Array): Float32Array;
/**
 * The part of WebGPU that a package uses, as separate types, so that it type-checks where TypeScript does not know
 * WebGPU; and the types of a package's kernels, memory and calls. Self-contained.
 */
/** The host's type if TypeScript knows it, otherwise the part of it that is used here. */
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
/** `isFallbackAdapter` is true for an adapter that emulates a GPU on the CPU. */
interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
}
/** Optional features of an adapter or device. */
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
/** An object that a device has created and that later calls pass back to it. */
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
 * The two families of kernels for convolutions and matrix products; their results differ only in rounding. `tiled`
 * kernels share loaded numbers in the memory of a workgroup, for GPUs. `blocked` kernels use only registers, for CPUs
 * that emulate a GPU.
 */
export type KernelFamily = 'blocked' | 'tiled';
/**
 * The element type of tiles in the memory of a workgroup. Sums are always f32. f16 rounds the factors to eleven bits
 * and ends at 65504.
 */
export type GpuPrecision = 'f32' | 'f16';
/** A shader with the entry point `main`. */
export interface GpuKernel {
  readonly name: string;
  /** The number of columns and rows of workgroups. */
  readonly workgroups: readonly [number, number];
  readonly bindings: readonly GpuBinding[];
  readonly code: string;
  /** The same kernel for devices with the feature `subgroups`, if it can use them. */
  readonly withSubgroups?: string;
}
interface GpuBinding {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly bytes: number;
}
/** A range of one of the package's buffers, in bytes. */
interface GpuRange {
  readonly space: 'arena' | 'weights' | 'staging' | 'halves';
  readonly offset: number;
  readonly bytes: number;
}
/**
 * One dispatch. `layer` is for errors; `ranges` has an entry for each binding: one range, or all that share the
 * binding.
 */
export type Dispatch = (layer: string, kernel: GpuKernel, ranges: readonly (GpuRange | readonly GpuRange[])[]) => void;
/**
 * Finds a GPU: the caller's device or `gpu`, the host's `navigator.gpu`, or in Node the npm package `webgpu` (Dawn).
 * Only the limits that the model needs are requested, and optional features if the adapter has them. If a limit or
 * WebGPU itself is missing, an `Error` names it; there is no fallback.
 */
interface GpuOptions {
  readonly gpu?: Gpu | undefined;
  readonly device?: GpuDevice | undefined;
  /** Default: `blocked` on an adapter that emulates a GPU on the CPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16`, `tiled` kernels hold tiles as f16 if the device has `shader-f16`, otherwise as f32. */
  readonly precision?: GpuPrecision | undefined;
  /** Called after each compiled kernel, with the number of compiled kernels and the number of all kernels. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
/**
 * Turns a package's kernels and calls into pipelines and bind groups, once. Equal kernels share a pipeline, and all
 * kernels are compiled concurrently. If the GPU rejects one, an `Error` names the kernel and the layer.
 */
interface GpuTensor extends Expected {
  readonly place: GpuRange;
}
/** A phase of a package, such as its `forward.ts`: a function that lists dispatches. */
type Phase = (dispatch: Dispatch, family: KernelFamily) => void;
/** A model on its device. `made` lists the buffers to destroy when it is closed. */
interface GpuSite {
  readonly name: string;
  readonly device: DeviceLike;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  readonly made: BufferLike[];
}
/**
 * A package's work on its device: buffers, pipelines, submissions and reading results back. Buffers and pipelines are
 * created once; a call creates only a command encoder. A lost device, a closed model and whatever the GPU rejects are
 * reported as errors.
 */
/** Records all compiled dispatches, in order. */
type RecordPass = (pass: PassLike) => void;
interface Submission {
  /** Copies into the arena before anything runs. */
  readonly provide?: (encoder: EncoderLike) => void;
  /** Ranges that are set to zero before anything runs. */
  readonly clear?: readonly GpuRange[];
  /** Copies out of the arena after everything has run. */
  readonly collect?: (encoder: EncoderLike) => void;
}
interface GpuSession {
  readonly site: GpuSite;
  buffer(space: GpuRange['space']): BufferLike;
  addBuffer(space: GpuRange['space'], bytes: number, isMapped?: boolean): Promise<void>;
  removeBuffer(space: GpuRange['space']): void;
  /** Fills a mapped buffer and unmaps it. Does nothing if the session has no such buffer. */
  fill(space: GpuRange['space'], fill: Fill): Promise<void>;
  /** Throws if the model is closed or its device is lost. */
  checkRuns(call: string): void;
  /** Throws the error, or one that says so if the device is lost or the model is closed. */
  fail(call: string, error: unknown): Promise<never>;
  /** Copies the numbers immediately. Work that is submitted later sees them. */
  write(range: GpuRange, numbers: NumberArray): void;
  compile(phases: readonly Phase[], onProgress?: (done: number, total: number) => void): Promise<RecordPass>;
  /** Submits one command buffer with one pass; resolves when the GPU has accepted it. */
  submit(call: string, record: RecordPass, submission?: Submission): Promise<void>;
  /** Creates a reader for tensors; each has space for the given number of parts, one after the other. */
  createReader(tensors: readonly GpuTensor[], parts?: number): Reader;
  /** Reads the tensors' current numbers from the GPU. */
  readOnce(call: string, tensors: readonly GpuTensor[]): Promise<Named<NumberArray>>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}
interface Reader {
  collect(encoder: EncoderLike, part?: number): void;
  /** Returns what was collected last, in new arrays or in those of `out`. Then the reader can be used again. */
  read(call: string, out?: Named<NumberArray>): Promise<Named<NumberArray>>;
  destroy(): void;
}
/** Writes the first numbers of a buffer. */
type Fill = (memory: ArrayBuffer) => Promise<unknown>;
/**
 * A package's model on WebGPU. Pipelines and buffers are created at load. A call writes its inputs into the arena and
 * submits one command buffer with one compute pass; its outputs are read back from one buffer. Calls may overlap:
 * inputs are read when a call is made, and the GPU runs calls one after the other.
 */
/** A model; tensors are passed by name. The types in a package's `index.ts` list the names. */
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
  /** Memory for folding and packing weights. If it is stated, the weights are not mapped when they are created. */
  readonly staging?: number;
}
/**
 * A package's network: names, shapes, places in memory (from its `memory.ts`) and dispatches (from its `forward.ts`).
 */
export interface GpuProgram {
  readonly name: string;
  readonly sizes: GpuSizes;
  readonly inputs: readonly GpuTensor[];
  readonly outputs: readonly GpuTensor[];
  readonly forward: Phase;
  /** The programs of a package for several batches but the smallest, in ascending order, and what opens the model of all. */
  readonly larger?: readonly GpuBatch[];
  readonly open?: OpenModel;
}
/** A program of the package for one of its batches. */
type GpuBatch = Pick<GpuProgram, 'inputs' | 'outputs' | 'forward'>;
/** Compiles the calls of a model. */
type OpenModel = (session: GpuSession, program: GpuProgram, onProgress?: (done: number, total: number) => void) => Promise<GpuModel>;
/**
 * `preprocess` of a model on WebGPU: images become the network's input without leaving the GPU. Two kernels compute
 * what runtime/image.ts computes, bit for bit, with its taps and tables. They are compiled at the first image; memory
 * that depends on an image's size is created again only when the size changes. Images are read during the call and the
 * GPU's queue keeps the order, so calls may overlap.
 */
interface GpuPreprocess {
  /** Takes one image, or an array of as many images as the batch has. With `out` there may be fewer. */
  preprocess(images: ImageSource | readonly ImageSource[], out?: GpuBuffer): Promise<GpuBuffer>;
}
/** Adds `preprocess`, which computes the model's image input according to `options`. */
export declare function addPreprocess(model: GpuModel, { name, inputs }: GpuProgram, options: Preprocess): GpuModel & GpuPreprocess;
/** One image through a network on WebGPU: `preprocess` and `forward` of a model with one input. */
/**
 * Runs the network on one image and returns its outputs. The other images of the batch are zeros. The image is read
 * during the call, and each call has its own buffer, so calls may overlap.
 */
export declare function forwardImage(model: Pick<GpuModel & GpuPreprocess, 'device' | 'preprocess' | 'forward'>, { name, inputs }: GpuProgram, image: ImageSource): Promise<object>;
/**
 * A package on WebGPU that was compiled for training: the data that its trainer works on, and its model for inference
 * only. The weight file holds canonical weights; `prepare` folds and packs them for inference on the GPU.
 */
/** Numbers that come with the program, and their place. */
export interface GpuConstant {
  readonly range: GpuRange;
  readonly numbers: NumberArray;
}
/**
 * Loads weights into a package on WebGPU that folds and packs them itself. `prepare` is a generator: before each group of
 * dispatches it yields the names of the tensors that must be in their places. Places are used several times, so tensors
 * are written to them right then. The memory that only `prepare` needs is released after it.
 */
/** A tensor of the weight file, and its place. */
export interface GpuStagedTensor extends NamedShape {
  readonly range: GpuRange;
}
/** The weights of a package and the phase that prepares them. */
interface GpuStaged {
  /** All tensors, in the order in which `prepare` needs them. */
  readonly weights: readonly GpuStagedTensor[];
  readonly constants: readonly GpuConstant[];
  /** Size of the memory that only `prepare` needs, in bytes. */
  readonly stagingBytes: number;
  readonly prepare?: (dispatch: Dispatch, family: KernelFamily) => Iterable<readonly string[]>;
  /** The flag that left out the code for other files. */
  readonly flag?: string;
}
interface GpuStagedModel extends GpuModel {
  loadWeights(bytes: Uint8Array | ArrayBuffer): Promise<void>;
}
/** Loads a package that takes other weights as well. */
export declare const loadStagedModel: (program: GpuProgram, staged: GpuStaged, source: ByteSource, options: GpuOptions) => Promise<GpuStagedModel>;
export {};
// The parts of the host's types that are used here.
interface URL {
  readonly href: string;
}
interface Response {
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}
