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
/** What the value is to the caller: `input`, `gradient`, `out`, `parameter`. */
type Role = 'input' | 'gradient' | 'out' | 'parameter';
/** An argument that holds arrays by name: none missing, none unknown, each of its length. */
export declare function checkInputs(call: string, expected: readonly Expected[], values: unknown, role?: Role): void;
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
 * The host of a WebAssembly module of kernels: which variant runs here, and how it comes to run. Self-contained; works
 * in Node, browsers and workers, without `eval` or blobs. What the host lacks is an `Error` that names it.
 */
/** Where a module is, its bytes, or the module as a bundler or host has compiled it. */
type WasmSource = ByteSource | WebAssembly.Module;
/** The kernels themselves: one of the package's two modules, or both, of which the fastest that runs here is taken. */
export type WasmKernels = WasmSource | {
  readonly plain: WasmSource;
  readonly relaxed?: WasmSource;
};
interface WasmVariants {
  /** 128-bit SIMD, as every engine has had it since 2021 (Safari 2023). */
  readonly plain: () => WasmSource;
  /** With fused multiply-adds, where they are faster: relaxed SIMD. */
  readonly relaxed: () => WasmSource;
}
export interface WasmOptions {
  /** False forces the variant without relaxed SIMD; default: with it where the host has it. */
  readonly relaxedSimd?: boolean | undefined;
  /** For bundlers and hosts that find no files. Default: the files beside the module. */
  readonly kernels?: WasmKernels | undefined;
}
/** The exports of the variant that this host runs, over the given memory. `name` is the model's, for errors. */
export declare function instantiateWasm(name: string, memory: WebAssembly.Memory, variants: WasmVariants, { relaxedSimd, kernels }?: WasmOptions): Promise<WebAssembly.Exports>;
/** Of this many pages of 64 KiB. Throws where the kernels cannot run. */
export declare function createWasmMemory(name: string, pages: number, options?: WasmOptions): WebAssembly.Memory;
export {};
