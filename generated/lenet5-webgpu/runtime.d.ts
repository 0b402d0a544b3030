/**
 * The checks of a generated module's arguments, in one voice. Self-contained; works in Node and in
 * browsers. Every function returns when the argument is right and throws an `Error` before anything runs
 * when it is not:
 *
 *     resnet18.forward: input `image` needs 150528 numbers (1x3x224x224), got 100
 */
export interface Expected {
  readonly name: string;
  readonly shape: readonly number[];
  /** Default `f32`. */
  readonly dtype?: 'f32' | 'i32' | 'u32';
}
/** What the value is to the caller: `input`, `gradient`, `out`, `parameter`. */
export type Role = 'input' | 'gradient' | 'out' | 'parameter';
/** One array. `call` is what was called, `resnet18.forward`. */
export declare function checkInput(call: string, expected: Expected, value: unknown, role?: Role): void;
/** An argument that holds arrays by name: none missing, none unknown, each of its length. */
export declare function checkInputs(call: string, expected: readonly Expected[], values: unknown, role?: Role): void;
/** An option such as a learning rate: a finite number, at least `least`. */
export declare function checkNumber(call: string, name: string, value: unknown, least?: number): void;
/** Class numbers: each from 0 to below `classes`, or the number that stands for none. */
export declare function checkLabels(call: string, name: string, labels: Int32Array, classes: number, ignored?: number): void;
/**
 * Weights as bytes and as arrays. `loadBytes` fetches a file wherever the module runs; `parseSafetensors`
 * and `serializeSafetensors` read and write the safetensors format. Self-contained; works in Node and in
 * browsers. A file that is missing, truncated or malformed is an `Error` that says which and why.
 * Numbers are little-endian, as on every host that runs WebAssembly.
 */
export interface WeightTensor {
  /** As stored in the file: `F32`, `F16`, ... */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Row-major. A view into the file's bytes where they are aligned F32, a copy otherwise. */
  readonly data: Float32Array;
}
export interface WeightEntry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array | Int32Array;
}
/** What is used here of `node:fs/promises`, so that it type-checks without Node's types. */
export interface NodeFiles {
  readFile(path: string | URL): Promise<Uint8Array>;
  open(path: string | URL): Promise<NodeFile>;
}
export interface NodeFile {
  read(into: Uint8Array, offset: number, length: number, position: number): Promise<{
    bytesRead: number;
  }>;
  close(): Promise<void>;
}
/** A URL, a path, or what is in memory already. */
export type ByteSource = URL | string | Uint8Array | ArrayBuffer;
/** Where the bytes of a source are. */
export type ByteHome = {
  readonly kind: 'memory';
  readonly bytes: Uint8Array;
} | {
  readonly kind: 'disk';
  readonly path: string | URL;
} | {
  readonly kind: 'network';
  readonly url: string | URL;
};
/**
 * The bytes of a URL, of a path or of what is in memory already (not copied). A string with a scheme is a
 * URL; any other string is a path in Node and relative to the page in a browser.
 */
export declare function loadBytes(source: ByteSource): Promise<Uint8Array>;
export declare function locateBytes(source: ByteSource): ByteHome;
export declare const decodeBase64: (text: string) => Uint8Array;
export declare function nodeFiles(): Promise<NodeFiles>;
/** In one voice, whatever is done with a file. */
export declare const cannotRead: (path: string | URL, error: unknown) => Error;
/** In one voice, whether the download did not begin or did not end. */
export declare const cannotFetch: (url: string | URL, error: unknown) => Error;
export declare function fetchSource(url: string | URL): Promise<Response>;
export declare function readBody(response: Response, url: string | URL): Promise<Uint8Array>;
export declare const messageOf: (error: unknown) => string;
/** A safetensors file begins with the length of its header. */
export declare const LENGTH_BYTES = 8;
export interface ElementType {
  readonly bytes: number;
  read(view: DataView, offset: number): number;
}
/** By name, in the header's order. The tensors may share memory with `bytes`. */
export declare function parseSafetensors(bytes: Uint8Array): Map<string, WeightTensor>;
/** The strings that `serializeSafetensors` was given, or none. */
export declare function readMetadata(bytes: Uint8Array): Readonly<Record<string, string>>;
/** A tensor as the header describes it. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** In bytes from the beginning of the data, behind the header. */
  readonly start: number;
  readonly end: number;
  readonly element: ElementType;
}
/** From the first bytes of a file; of some more where they are to be quoted. */
export declare function headerLength(bytes: Uint8Array): number;
export declare const truncatedHeader: (needed: number, size: number) => Error;
export declare const truncatedTensor: (name: string, needed: number, size: number) => Error;
/** From its bytes, without the length before them. */
export declare function readHeader(bytes: Uint8Array): Record<string, unknown>;
/** By name, in the header's order; each checked for itself. */
export declare function readEntries(header: Readonly<Record<string, unknown>>): Map<string, TensorEntry>;
/** The numbers of one tensor, from its bytes. */
export declare function readNumbers(bytes: Uint8Array, { dtype, element }: TensorEntry): Float32Array;
/**
 * The tensors in the given order, `metadata` sorted by key; the data begins at a multiple of 8. Two equal
 * names or a length that is not the shape's is an `Error`.
 */
export declare function serializeSafetensors(entries: Iterable<WeightEntry>, metadata?: Readonly<Record<string, string>>): Uint8Array;
/**
 * Weights straight to where they belong: the tensors of a safetensors file are read into arrays that are there
 * already, such as views of WebAssembly's memory, and are nowhere else meanwhile. In Node the file is read in
 * place, elsewhere the chunks of a download are copied as they come. What is wrong with a file is told in the words
 * of weights.ts.
 */
export type NumberArray = Float32Array | Int32Array | Uint32Array;
/** From the file's header to the arrays that its tensors fill, by the names in the file; others are skipped. */
export type ChooseArrays = (file: ReadonlyMap<string, TensorEntry>) => ReadonlyMap<string, NumberArray>;
export declare function streamWeights(source: ByteSource, choose: ChooseArrays): Promise<void>;
/** For `ChooseArrays` where the file must have every array's tensor, with as many numbers. */
export declare function matchArrays(file: ReadonlyMap<string, TensorEntry>, arrays: ReadonlyMap<string, NumberArray>): ReadonlyMap<string, NumberArray>;
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
export interface GpuLike {
  requestAdapter(): Promise<AdapterLike | null>;
}
export interface GpuLimits {
  readonly maxBufferSize: number;
  readonly maxStorageBufferBindingSize: number;
}
/** A processor that stands in for a GPU says so. */
export interface AdapterInfo {
  readonly isFallbackAdapter?: boolean;
}
/** What an adapter or device can do beyond the first version of WebGPU. */
export interface GpuFeatures {
  has(name: GpuFeature): boolean;
}
export type GpuFeature = 'shader-f16' | 'subgroups';
export interface AdapterLike {
  readonly limits: GpuLimits;
  readonly features: GpuFeatures;
  readonly info?: AdapterInfo;
  requestDevice(options: {
    readonly label: string;
    readonly requiredFeatures: readonly GpuFeature[];
    readonly requiredLimits: Readonly<Record<string, number>>;
  }): Promise<DeviceLike>;
}
export interface BufferLike {
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
export type Handle = object;
export interface ModuleLike {
  getCompilationInfo(): Promise<{
    readonly messages: Iterable<{
      readonly type: string;
      readonly lineNum: number;
      readonly message: string;
    }>;
  }>;
}
export interface PassLike {
  setPipeline(pipeline: Handle): unknown;
  setBindGroup(index: number, group: Handle): unknown;
  dispatchWorkgroups(columns: number, rows: number): unknown;
  end(): unknown;
}
export interface EncoderLike {
  beginComputePass(): PassLike;
  copyBufferToBuffer(from: BufferLike, start: number, to: BufferLike, at: number, bytes: number): unknown;
  clearBuffer(buffer: BufferLike, offset: number, bytes: number): unknown;
  finish(): Handle;
}
export interface BindGroupEntry {
  readonly binding: number;
  readonly resource: {
    readonly buffer: BufferLike;
    readonly offset: number;
    readonly size: number;
  };
}
export interface LayoutEntry {
  readonly binding: number;
  readonly visibility: number;
  readonly buffer: {
    readonly type: string;
    readonly minBindingSize: number;
  };
}
export interface DeviceLike {
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
/** As WebGPU's specification numbers them; Node has no globals of these names. */
export declare const USAGE: {
  readonly mapRead: 1;
  readonly copyFrom: 4;
  readonly copyTo: 8;
  readonly storage: 128;
};
export declare const MAP_READ = 1;
export declare const COMPUTE_STAGE = 4;
/**
 * The two ways of convolutions and matrix products, which give the same numbers but for roundings: `tiled` shares what it
 * loads in the memory of a workgroup, for GPUs; `blocked` keeps to registers, for processors that stand in for one.
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
export interface GpuBinding {
  readonly name: string;
  readonly access: 'read' | 'read_write';
  readonly bytes: number;
}
/** Bytes of one of the package's buffers. */
export interface GpuRange {
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
export interface GpuOptions {
  readonly gpu?: Gpu | undefined;
  readonly device?: GpuDevice | undefined;
  /** Default: `blocked` where a processor stands in for the GPU, otherwise `tiled`. */
  readonly family?: KernelFamily | undefined;
  /** Default: `f32`. With `f16` tiles are f16 where the device has `shader-f16`, and f32 where it has not. */
  readonly precision?: GpuPrecision | undefined;
  /** Called when a kernel is compiled: so many are done, of so many. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}
export interface OpenedDevice {
  readonly device: DeviceLike;
  /** Made here, and to be destroyed with the model. */
  readonly isOwn: boolean;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
}
/** `name` is the model's, for errors. */
export declare function openDevice(name: string, needed: GpuLimits, options: GpuOptions): Promise<OpenedDevice>;
export declare function kernelText(kernel: GpuKernel, features: GpuFeatures, precision: GpuPrecision): string;
/**
 * From a package's kernels and calls to what a GPU runs: pipelines and bind groups, made once. Equal kernels
 * are one pipeline, and all are compiled side by side. What the GPU refuses is an `Error` that names kernel and layer.
 */
export interface GpuTensor extends Expected {
  readonly range: GpuRange;
}
/** What a package's `memory.ts` and `forward.ts` say: a phase as dispatches. */
export type Phase = (dispatch: Dispatch, family: KernelFamily) => void;
/** A parameter, running statistic, optimizer state, or sum of gradients, and where it lies. */
export interface GpuParameter {
  readonly name: string;
  readonly shape: readonly number[];
  readonly role: 'weight' | 'buffer' | 'state' | 'accumulator';
  readonly range: GpuRange;
}
/** A model on its device; `made` are the buffers to destroy. */
export interface GpuSite {
  readonly name: string;
  readonly device: DeviceLike;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  readonly made: BufferLike[];
}
type BufferOf = (space: GpuRange['space']) => BufferLike;
/** All dispatches of the phases, in order, ready to be recorded. */
export declare function compilePhases(site: GpuSite, bufferOf: BufferOf, phases: readonly Phase[], onProgress?: (done: number, total: number) => void): Promise<(pass: PassLike) => void>;
/** Throws where there is no memory for it. */
export declare function createBuffer({ name, device, made }: GpuSite, options: Parameters<DeviceLike['createBuffer']>[0]): Promise<BufferLike>;
/** Rejected only where the device is lost, which is told by itself. */
export declare const popError: (device: DeviceLike) => Promise<{
  readonly message: string;
} | null>;
/**
 * A package's work on its device: buffers, pipelines, what is submitted and what is read back. Everything that lasts is
 * made when it is asked for, nothing per call but the encoder. A lost device, a closed model and what the GPU refuses are
 * errors that say so.
 */
export type GpuNumbers = Float32Array | Int32Array | Uint32Array;
export type Named<T> = Readonly<Record<string, T>>;
/** Dispatches all that was compiled, in order. */
export type RecordPass = (pass: PassLike) => void;
export interface Submission {
  /** Copies into the arena before anything runs. */
  readonly provide?: (encoder: EncoderLike) => void;
  /** Set to zero before anything runs. */
  readonly clear?: readonly GpuRange[];
  /** Copies out of the arena when all has run. */
  readonly collect?: (encoder: EncoderLike) => void;
}
export interface GpuSession {
  readonly site: GpuSite;
  buffer(space: GpuRange['space']): BufferLike;
  addBuffer(space: GpuRange['space'], bytes: number, isMapped?: boolean): Promise<void>;
  /** Of a mapped buffer; nothing where there is none. */
  fill(space: GpuRange['space'], fill: Fill): Promise<void>;
  /** Throws where a call cannot run any more. */
  checkRuns(call: string): void;
  /** Throws the error, or that the device is lost or the model closed, where it comes from that. */
  fail(call: string, error: unknown): Promise<never>;
  /** Takes the numbers at once; what is submitted later sees them. */
  write(range: GpuRange, numbers: GpuNumbers): void;
  compile(phases: readonly Phase[], onProgress?: (done: number, total: number) => void): Promise<RecordPass>;
  /** One command buffer with one pass; resolves when the GPU has accepted it. */
  submit(call: string, record: RecordPass, submission?: Submission): Promise<void>;
  /** For tensors in so many parts, one behind the other. */
  createReader(tensors: readonly GpuTensor[], parts?: number): Reader;
  /** Of what lies on the GPU now. */
  readOnce(call: string, tensors: readonly GpuTensor[]): Promise<Named<GpuNumbers>>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}
export interface Reader {
  collect(encoder: EncoderLike, part?: number): void;
  /** What was collected last, in arrays of its own or in those of `out`; then it can be used again. */
  read(call: string, out?: Named<GpuNumbers>): Promise<Named<GpuNumbers>>;
  destroy(): void;
}
/** Writes the numbers of a buffer before the GPU sees it. */
export type Fill = (memory: ArrayBuffer) => Promise<unknown>;
export declare function createSession(site: GpuSite, isOwnDevice: boolean): GpuSession;
/** Arguments of calls on WebGPU: arrays as on every target, and buffers of the GPU. */
export declare const isGpuBuffer: (value: unknown) => value is BufferLike;
/** Arrays as on every target; buffers of the GPU need room and the usage that copying them takes. */
export declare function checkTensors(call: string, expected: readonly GpuTensor[], values: unknown, role: Role, usage: number, onlyOnGpu?: boolean): void;
/**
 * A package's model on WebGPU. Everything is made at load; a call writes its inputs into the arena and submits one command
 * buffer with one compute pass, and its outputs come back in one copy. Calls may overlap: their inputs are taken when they
 * are made, and the GPU runs them one after the other.
 */
/** By the names of inputs and outputs; a package's `index.ts` has them in its types. */
export interface GpuModel {
  readonly device: GpuDevice;
  readonly family: KernelFamily;
  readonly precision: GpuPrecision;
  forward(inputs: object, out?: object): Promise<object>;
  forwardOnGpu(inputs: object, out?: object): Promise<object>;
  onLost(report: (loss: GpuLoss) => void): void;
  close(): void;
}
/** Of the GPUBuffers, and of the longest range that a kernel binds; in bytes. */
export interface GpuSizes {
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
/** A device with these buffers, given back where what is made on it fails. */
export declare function withSession<T>(name: string, { arena, weights, binding }: GpuSizes, options: GpuOptions, make: (session: GpuSession) => Promise<T>): Promise<T>;
export declare function createGpuModel(session: GpuSession, program: GpuProgram, record: RecordPass): GpuModel;
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
export interface Preprocess {
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
/** The part `[first, first + count)` of an axis that is resized to `size`. */
export interface AxisCrop {
  readonly size: number;
  readonly first: number;
  readonly count: number;
}
export declare function placeCrop(width: number, height: number, options: Preprocess): {
  x: AxisCrop;
  y: AxisCrop;
};
/** For each kept position of an axis: its first source index, its number of taps, and the taps. */
export interface Taps {
  readonly first: Int32Array;
  readonly counts: Int32Array;
  /** Fixed point, `PRECISION` bits; `stride` a position. */
  readonly weights: Int32Array;
  readonly stride: number;
}
/** PIL's: 32 bits less 8 for the level and 2 for the sign and the overshoot of other filters. */
export declare const PRECISION = 22;
export declare function triangleTaps(source: number, axis: AxisCrop): Taps;
/** The rows `[first, last)` that the vertical pass reads. */
export declare function rowsRead({ first, counts }: Taps): [number, number];
/** Rounded to f32 after every step, as tensors in torchvision are. */
export declare function levelTable(options: Preprocess, plane: number): Float32Array;
/**
 * The two kernels of webgpuImage.ts: image.ts in WGSL, in integers throughout, so that every GPU makes the same bits.
 */
/** Pixels of a workgroup, in both directions. */
export declare const TILE = 8;
/** The horizontal pass: an invocation makes one pixel of one row that the vertical pass reads. */
export declare const ROWS_KERNEL: string;
/** The vertical pass, and levels to numbers: an invocation makes one pixel of all planes. */
export declare const PLANES_KERNEL: string;
/** What `preprocess` takes on WebGPU: its types where TypeScript knows the host's, and its checks, in the voice of check.ts. */
/** What the host calls by this name, where TypeScript knows it. */
type HostImage<Name extends string> = typeof globalThis extends {
  readonly [K in Name]: {
    readonly prototype: infer Known;
  };
} ? Known : never;
/** RGBA, 8 bits each, row after row: an ImageData, or as many bytes from a decoder. */
export interface GpuPixels {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
export type GpuImage = GpuPixels | HostImage<'HTMLCanvasElement'> | HostImage<'HTMLImageElement'> | HostImage<'HTMLVideoElement'> | HostImage<'ImageBitmap'> | HostImage<'OffscreenCanvas'> | HostImage<'VideoFrame'>;
export type Extents = readonly [width: number, height: number];
export interface CheckedImage {
  readonly source: unknown;
  readonly extents: Extents;
}
/** What images are held against. */
export interface ImageRules {
  /** `resnet18.preprocess`, for errors. */
  readonly call: string;
  readonly options: Preprocess;
  /** How many images a call takes. */
  readonly batch: number;
  /** The largest extent of the GPU's textures. */
  readonly most: number;
}
export declare const isPixels: (value: unknown) => value is GpuPixels;
/** All of them before anything runs. */
export declare function checkImages(rules: ImageRules, given: unknown): CheckedImage[];
/**
 * `preprocess` of a model on WebGPU: images become the network's input without leaving the GPU. Two kernels do what
 * runtime/image.ts does, bit for bit, with its taps and tables. Everything is made with the first image, what hangs on
 * the size of an image with the first of that size; a call makes a command encoder for each image and nothing else.
 * Images are taken when the call is made and the queue keeps the order, so calls may overlap.
 */
export interface GpuPreprocess {
  /** One image, or as many as the batch has. */
  preprocess(images: GpuImage | readonly GpuImage[], out?: GpuBuffer): Promise<GpuBuffer>;
}
/** The model with `preprocess`, which makes its one image input as `options` say. */
export declare function addPreprocess(model: GpuModel, { name, inputs }: GpuProgram, options: Preprocess): GpuModel & GpuPreprocess;
export {};
