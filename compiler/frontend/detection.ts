/**
 * How the outputs of a one-stage detector become boxes: what the generated module's `detect` does. The types are
 * declared again in `runtime/detection.ts`, because compiler and runtime do not import each other.
 */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { absent, numbers, optional, positive, readOptions, within, type Reader } from './options.ts';

export interface Detector {
  /** The output with the probabilities of the classes, f32[N, anchors, classes]. Class 0 is the background. */
  readonly scores: string;
  /** The output with each box as offsets from its anchor, f32[N, anchors, 4]: x, y, width, height. */
  readonly boxes: string;
  /** The feature maps whose places have anchors, in the order in which the outputs list them. */
  readonly levels: readonly DetectorLevel[];
  /** What the offsets of centre and size are multiplied by; default 0.1 and 0.2, as SSD has them. */
  readonly variances?: Variances;
  /** The least probability that counts; default 0.5. */
  readonly score?: number;
  /** Of boxes that overlap by more, only the best counts; default 0.5. */
  readonly overlap?: number;
}

export interface DetectorLevel {
  /** Pixels of the image from one place of the map to the next. The map has ceil(extent / stride) rows and columns. */
  readonly stride: number;
  /** Side lengths of the square anchors at every place, in pixels of the image. */
  readonly sizes: readonly number[];
}

interface Variances {
  readonly centre: number;
  readonly size: number;
}

/** A detector for one size of image. */
export interface FittedDetector extends Omit<Required<Detector>, 'levels' | 'variances'> {
  readonly variances?: Variances;
  /** `map` is [rows, columns]. */
  readonly levels: readonly { readonly map: readonly [number, number]; readonly sizes: readonly number[] }[];
  /** Extents of the image. */
  readonly width: number;
  readonly height: number;
}

type Refuse = (found: string) => never;

const name: Reader<string> = {
  expected: 'the name of an output',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** The options in it are read one by one. */
const variances: Reader<Variances> = {
  expected: 'an object with centre and size',
  read: (value) => (typeof value === 'object' && value !== null ? (value as Variances) : undefined),
};

const levels: Reader<readonly DetectorLevel[]> = {
  expected: 'a list of levels, each with stride and sizes',
  read: (value) => (Array.isArray(value) && value.length > 0 ? (value as DetectorLevel[]) : undefined),
};

const sizes: Reader<readonly number[]> = {
  expected: 'a list of numbers above 0',
  read(value) {
    const list = numbers.read(value);
    return list?.length && list.every((size) => size > 0) ? list : undefined;
  },
};

/** The options with their defaults. Refuses what is wrong with them in any model. */
function readDetector(detector: Detector, refuse: Refuse) {
  const options = readOptions(refuse, detector, {
    scores: name,
    boxes: name,
    levels,
    variances: absent(variances),
    score: optional(within(0, 1), 0.5),
    overlap: optional(within(0, 1), 0.5),
  });
  return {
    ...options,
    levels: options.levels.map((level) => readOptions(refuse, level, { stride: positive, sizes })),
    variances:
      options.variances && readOptions(refuse, options.variances, { centre: positive, size: positive }),
  };
}

const inDetection =
  (refuse: Refuse): Refuse =>
  (found) =>
    refuse(`detection: ${found}`);

export const checkDetector = (detector: Detector, refuse: Refuse): void =>
  void readDetector(detector, inDetection(refuse));

/** For an image [N, C, H, W]. Refuses a detector that does not fit the outputs. */
export function fitDetector(
  detector: Detector,
  [, , height, width]: readonly number[],
  outputs: Readonly<Record<string, TensorType>>,
  refuse: Refuse,
): FittedDetector {
  const inside = inDetection(refuse);
  const options = readDetector(detector, inside);
  const fitted = options.levels.map(({ stride, sizes: ofLevel }) => ({
    map: [Math.ceil(height! / stride), Math.ceil(width! / stride)] as const,
    sizes: ofLevel,
  }));
  const anchors = fitted.reduce((sum, level) => sum + sizeOf(level.map) * level.sizes.length, 0);
  checkOutput(options.scores, outputs, [anchors, 'classes'], inside);
  checkOutput(options.boxes, outputs, [anchors, 4], inside);
  return { ...options, levels: fitted, width: width!, height: height! };
}

/** `classes` are the background and one more at least. */
function checkOutput(
  output: string,
  outputs: Readonly<Record<string, TensorType>>,
  [anchors, numbersEach]: readonly [anchors: number, numbersEach: 4 | 'classes'],
  refuse: Refuse,
): void {
  const type = outputs[output];
  if (!type) return refuse(`there is no output ${output}, known are ${Object.keys(outputs).join(', ')}`);
  const [, places, each = 0] = type.shape;
  const fits = numbersEach === 4 ? each === 4 : each >= 2;
  if (type.dtype === 'f32' && type.shape.length === 3 && places === anchors && fits) return;
  refuse(`the output ${output} is ${formatType(type)}, the levels make it f32[N,${anchors},${numbersEach}]`);
}
