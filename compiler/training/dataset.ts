/**
 * Data sets as the training loop sees them: examples of 8-bit levels, planes of one size, a class each.
 */
export interface Examples {
  readonly count: number;
  /** One class an example. */
  readonly labels: Uint16Array;
  /** The levels of one example, u8[channels,height,width]; not to be changed. */
  read(index: number): Uint8Array | Promise<Uint8Array>;
}

/** Extents of one example, planes first: gray, or red, green and blue. */
export type Extents = readonly [channels: number, height: number, width: number];

export interface Augmentation {
  /** Mirror left and right, every second time. */
  readonly flip: boolean;
  /** Cut out at a random offset of up to so many pixels, zeros beyond the border. */
  readonly shift: number;
}

export interface Normalization {
  /** One a plane, of levels scaled to [0, 1]. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

export interface DataSet {
  /** What the user called it: `cifar10:data/cifar`. */
  readonly name: string;
  readonly extents: Extents;
  /** Names of the classes; labels are their indices. */
  readonly classes: readonly string[];
  readonly train: Examples;
  readonly validation: Examples;
  /** The statistics of its training examples, for models that do not declare a `preprocess`. */
  readonly normalization?: Normalization;
  /** What usually helps. */
  readonly augmentation: Augmentation;
}

/** Examples that lie one behind the other in memory, each of `length` levels, `stride` bytes apart. */
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
