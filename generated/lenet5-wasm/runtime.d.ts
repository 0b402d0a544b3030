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
export declare const hasWasmSimd: () => boolean;
export declare const hasRelaxedSimd: () => boolean;
/** False where a page's content security policy forbids to compile what may well be valid. */
export declare function mayCompileWasm(): boolean;
/** Whether modules of kernels run here. */
export declare const runsWasm: () => boolean;
/**
 * The host of a WebAssembly module of kernels: which variant runs here, and how it comes to run. Self-contained; works
 * in Node, browsers and workers, without `eval` or blobs. What the host lacks is an `Error` that names it.
 */
/** Where a module is, its bytes, or the module as a bundler or host has compiled it. */
export type WasmSource = ByteSource | WebAssembly.Module;
export interface WasmVariants {
  /** 128-bit SIMD, as every engine has had it since 2021 (Safari 2023). */
  readonly plain: () => WasmSource;
  /** With fused multiply-adds, where they are faster: relaxed SIMD. */
  readonly relaxed: () => WasmSource;
}
export interface WasmOptions {
  /** False forces the variant without relaxed SIMD; default: with it where the host has it. */
  readonly relaxedSimd?: boolean | undefined;
  /** The kernels themselves, for bundlers and hosts that find no files: the contents of `kernels.wasm`. */
  readonly kernels?: WasmSource | undefined;
}
/** The exports of the variant that this host runs, over the given memory. `name` is the model's, for errors. */
export declare function instantiateWasm(name: string, memory: WebAssembly.Memory, variants: WasmVariants, { relaxedSimd, kernels }?: WasmOptions): Promise<WebAssembly.Exports>;
/** Throws where a module of kernels cannot run, and says what is missing. */
export declare function checkWasm(name: string): void;
/** So many more pages of 64 KiB. Views of the memory as it was are empty behind it. */
export declare function growMemory(name: string, memory: WebAssembly.Memory, pages: number): void;
/** So many pages of 64 KiB. */
export declare function createWasmMemory(name: string, pages: number): WebAssembly.Memory;
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
