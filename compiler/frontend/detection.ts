/**
 * How the outputs of a one-stage detector become boxes. The generated module's `detect` does this. The types
 * are declared again in `runtime/detection.ts`, because compiler and runtime do not import each other.
 */
import { formatType, sizeOf, type TensorType } from '../ir/types.ts';
import { absent, numbers, optional, positive, readOptions, within, type Reader } from './options.ts';
import type { Refuse, RefuseFound } from './refuse.ts';

/**
 * How the outputs of a one-stage detector (SSD, Liu et al. 2016) become boxes. `detect` of the generated
 * module does this: it decodes the boxes, drops those with a low score, and removes those that overlap a
 * better one.
 */
export interface Detector {
  /** Name of the output with the class probabilities, f32[N, anchors, classes]. Class 0 is the background. */
  readonly scores: string;
  /**
   * Name of the output with the boxes, f32[N, anchors, 4]. A box is x, y, width, height, as offsets from its
   * anchor.
   */
  readonly boxes: string;
  /** The feature maps that have anchors, in the order in which the outputs list them. */
  readonly levels: readonly DetectorLevel[];
  /** Factors for the offsets of centre and size; default 0.1 and 0.2, as in SSD. */
  readonly variances?: Variances;
  /** The lowest probability that counts as a detection, from 0 to 1; default 0.5. */
  readonly score?: number;
  /**
   * The largest allowed overlap of two boxes (intersection over union, 0 to 1); default 0.5. Of two boxes
   * that overlap more, the better one stays.
   */
  readonly overlap?: number;
}

/** One feature map of a detector. */
export interface DetectorLevel {
  /**
   * Distance in image pixels between neighbouring places of the map, which has ceil(extent / stride) rows and
   * columns.
   */
  readonly stride: number;
  /** Side lengths of the square anchors at every place, in image pixels. */
  readonly sizes: readonly number[];
}

/** Factors for the offsets of a box from its anchor. */
interface Variances {
  /** Factor for the offsets of the centre. */
  readonly centre: number;
  /** Factor for the offsets of width and height. */
  readonly size: number;
}

/** A detector for one image size. */
export interface FittedDetector extends Omit<Required<Detector>, 'levels' | 'variances'> {
  readonly variances?: Variances;
  /** `map` is [rows, columns]. */
  readonly levels: readonly { readonly map: readonly [number, number]; readonly sizes: readonly number[] }[];
  /** Width of the image in pixels. */
  readonly width: number;
  /** Height of the image in pixels. */
  readonly height: number;
}

const name: Reader<string> = {
  expected: 'the name of an output',
  read: (value) => (typeof value === 'string' ? value : undefined),
};

/** Accepts any object. `readDetector` reads the options in it. */
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

/** Reads the options and fills in their defaults. Refuses what is wrong for every model. */
function readDetector(detector: Detector, refuse: RefuseFound) {
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
  (refuse: Refuse): RefuseFound =>
  (found) =>
    refuse('CNNC1012', `detection: ${found}`);

/** Refuses a detector with wrong options. */
export const checkDetector = (detector: Detector, refuse: Refuse): void =>
  void readDetector(detector, inDetection(refuse));

/** Fits the detector to an image [N, C, H, W]. Refuses it if it does not match the outputs. */
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

/** Checks the shape of an output. `classes` stands for two or more: the background and at least one class. */
function checkOutput(
  output: string,
  outputs: Readonly<Record<string, TensorType>>,
  [anchors, numbersEach]: readonly [anchors: number, numbersEach: 4 | 'classes'],
  refuse: RefuseFound,
): void {
  const type = outputs[output];
  if (!type)
    return refuse(`there is no output ${output}; expected one of ${Object.keys(outputs).join(', ')}`);
  const [, places, each = 0] = type.shape;
  const fits = numbersEach === 4 ? each === 4 : each >= 2;
  if (type.dtype === 'f32' && type.shape.length === 3 && places === anchors && fits) return;
  refuse(`the output ${output} is ${formatType(type)}, the levels make it f32[N,${anchors},${numbersEach}]`);
}
