/** The arrays that a package takes and returns. */
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
/** A URL, a path, an answer of `fetch`, or what is in memory already. */
type ByteSource = URL | string | Uint8Array | ArrayBuffer | Response;
/**
 * The bytes of a URL, of a path or of what is in memory already (not copied). A string with a scheme is a
 * URL; any other string is a path in Node and relative to the page in a browser.
 */
export declare function loadBytes(source: ByteSource): Promise<Uint8Array>;
/**
 * Where a file of the package is; `option` is what `load` takes instead. `import.meta.url` is missing on some hosts,
 * such as workerd, and in bundles that are no ES modules.
 */
export declare function findFile<T>(name: string, option: 'weights' | 'kernels', find: () => T): T;
/** By name, in the header's order. The tensors may share memory with `bytes`. */
export declare function parseSafetensors(bytes: Uint8Array): Map<string, WeightTensor>;
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
export {};
