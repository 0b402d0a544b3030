/**
 * Data sets as the training loop uses them: examples of 8-bit levels, planes of one size, one class for each example.
 */
export interface Examples {
  readonly count: number;
  /** The class of each example. */
  readonly labels: Uint16Array;
  /** Returns the levels of one example, u8[channels,height,width]. Do not change them. */
  read(index: number): Uint8Array | Promise<Uint8Array>;
}

/** Extents of one example, planes first: gray, or red, green and blue. */
export type Extents = readonly [channels: number, height: number, width: number];

export interface Augmentation {
  /** Whether every second view is mirrored left to right, at random. */
  readonly flip: boolean;
  /** Largest random shift in pixels. Zeros fill the part beyond the border. */
  readonly shift: number;
}

export interface Normalization {
  /** One number for each plane, for levels scaled to [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface DataSet {
  /** The user's name for it: `cifar10:data/cifar`. */
  readonly name: string;
  readonly extents: Extents;
  /** Names of the classes. Labels are indices into them. */
  readonly classes: readonly string[];
  readonly train: Examples;
  readonly validation: Examples;
  /** Statistics of the training examples, for models that declare no `preprocess`. */
  readonly normalization?: Normalization;
  /** The augmentation that usually helps. */
  readonly augmentation: Augmentation;
}

/** Examples that follow each other in memory: each has `length` levels, and they are `stride` bytes apart. */
export function packedExamples(
  levels: Uint8Array,
  labels: Uint16Array,
  length: number,
  { offset = 0, stride = length }: { readonly offset?: number; readonly stride?: number } = {},
): Examples {
  return {
    count: labels.length,
    labels,
    read: (index) => levels.subarray(index * stride + offset, index * stride + offset + length),
  };
}
