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
/** The kind of argument, as error messages name it. */
type Role = 'input' | 'gradient' | 'out' | 'parameter';
/** Checks an object of arrays by name: none is missing, none is unknown, and each has the expected type and length. */
export declare function checkInputs(call: string, expected: readonly Expected[], values: unknown, role?: Role): void;
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
/**
 * Loads weights into a package that folds and packs them itself. Its `prepare` is a generator: before each group of
 * kernel calls it yields the names of the tensors that must be in their places. Places are used several times, so
 * tensors are read right then. Any safetensors file with the model's names and shapes will do, such as a state dict of
 * PyTorch or what `exportWeights()` of a trainer returns; tensors that the model does not use are skipped. A package with
 * fixed weights takes only its own file, which has other names.
 */
/** A tensor of the weight file, and the array that it fills. */
export interface StagedTensor extends NamedShape {
  readonly data: Float32Array;
}
export interface StagedWeights {
  readonly name: string;
  /** All tensors, in the order in which `steps` needs them. */
  readonly tensors: readonly StagedTensor[];
  /** A run of `prepare`. Tensors that it does not name are read at the end. */
  readonly steps: Iterable<readonly string[]>;
  /** The flag that left out the code for other files. */
  readonly flag?: string;
}
/** Reads the weights as soon as `loading` has resolved, and returns what it has resolved to. */
export declare function streamStaged<T>(source: ByteSource, loading: T | Promise<T>, stage: (loaded: T) => StagedWeights): Promise<T>;
/** Loads weights from memory. If they do not fit the model, it throws and nothing changes. */
export declare function fillStaged({ name, tensors, steps }: StagedWeights, bytes: Uint8Array | ArrayBuffer): void;
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
export {};
// The parts of the host's types that are used here.
interface URL {
  readonly href: string;
}
interface Response {
  readonly status: number;
  arrayBuffer(): Promise<ArrayBuffer>;
}
