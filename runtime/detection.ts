/**
 * Turns a one-stage detector's output into boxes: anchors, decoding, and non-maximum suppression. Self-contained; works
 * in Node and in browsers.
 *
 * Coordinates are fractions of the picture, with 0 at the left and top edges and 1 at the right and bottom ones, so
 * they fit a picture of any size.
 */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

export interface Detection extends Box {
  readonly class: number;
  /** The probability that the box shows an object of this class. */
  readonly score: number;
}

/** A box that predicted offsets are relative to, by its centre and size. */
export interface Anchor {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A feature map, and the anchors at each of its positions. */
export interface AnchorLevel {
  /** [rows, columns] */
  readonly map: readonly [number, number];
  /** Side lengths of square anchors, in pixels of the network's input. */
  readonly sizes: readonly number[];
}

/** The anchors in the order of level, row, column and size, as SSD's heads order their outputs. No value exceeds 1. */
export function anchorBoxes(
  levels: readonly AnchorLevel[],
  input: { width: number; height: number },
): Anchor[] {
  return levels.flatMap(({ map: [rows, columns], sizes }) =>
    Array.from({ length: rows * columns }, (_, place) => [
      Math.floor(place / columns),
      place % columns,
    ]).flatMap(([row, column]) =>
      sizes.map((size) => ({
        x: Math.min((column! + 0.5) / columns, 1),
        y: Math.min((row! + 0.5) / rows, 1),
        width: Math.min(size / input.width, 1),
        height: Math.min(size / input.height, 1),
      })),
    ),
  );
}

/** The factors that offsets are multiplied by: SSD's "variances". */
export interface Variances {
  readonly centre: number;
  readonly size: number;
}

const SSD_VARIANCES: Variances = { centre: 0.1, size: 0.2 };

/** Applies four offsets (x, y, width, height) to an anchor: two move its centre, two scale its size by powers of e. */
export function decodeBox(
  offsets: ArrayLike<number>,
  start: number,
  anchor: Anchor,
  variances: Variances = SSD_VARIANCES,
): Box {
  const x = anchor.x + offsets[start]! * variances.centre * anchor.width;
  const y = anchor.y + offsets[start + 1]! * variances.centre * anchor.height;
  const width = anchor.width * Math.exp(offsets[start + 2]! * variances.size);
  const height = anchor.height * Math.exp(offsets[start + 3]! * variances.size);
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

const area = ({ left, top, right, bottom }: Box): number =>
  Math.max(0, right - left) * Math.max(0, bottom - top);

/** Intersection over union, from 0 (apart) to 1 (equal). */
export function overlap(a: Box, b: Box): number {
  const common = area({
    left: Math.max(a.left, b.left),
    top: Math.max(a.top, b.top),
    right: Math.min(a.right, b.right),
    bottom: Math.min(a.bottom, b.bottom),
  });
  const union = area(a) + area(b) - common;
  return union > 0 ? common / union : 0;
}

/**
 * Keeps only the best of boxes of one class that overlap by more than `threshold`. The result is sorted by score, best
 * first; equal scores keep their order.
 */
export function nonMaximumSuppression(detections: readonly Detection[], threshold: number): Detection[] {
  const order = detections
    .map((_, i) => i)
    .sort((a, b) => detections[b]!.score - detections[a]!.score || a - b);
  const kept: Detection[] = [];
  for (const i of order) {
    const next = detections[i]!;
    if (kept.every((box) => box.class !== next.class || overlap(box, next) <= threshold)) kept.push(next);
  }
  return kept;
}

/** The conditions for boxes that `detect` returns. */
export interface Thresholds {
  /** The lowest probability of a box. Default 0.5. */
  readonly score?: number;
  /** Boxes of one class that overlap by more count as one object. Default 0.5. */
  readonly overlap?: number;
}

export interface DetectOptions extends Thresholds {
  readonly anchors: readonly Anchor[];
  readonly variances?: Variances;
}

/**
 * The boxes in one picture, best first. `scores` are probabilities [anchors, classes], where class 0 is the background
 * as in SSD; `offsets` are [anchors, 4].
 */
export function detect(
  scores: ArrayLike<number>,
  offsets: ArrayLike<number>,
  options: DetectOptions,
): Detection[] {
  const { anchors, score: least = 0.5, overlap: most = 0.5, variances } = options;
  const classes = scores.length / anchors.length;
  if (!Number.isInteger(classes) || classes < 2 || offsets.length !== 4 * anchors.length) {
    throw new Error(
      `detect: ${scores.length} scores and ${offsets.length} offsets do not fit ${anchors.length} anchors, ` +
        'expected 4 offsets and at least 2 scores for each anchor',
    );
  }
  const found: Detection[] = [];
  for (const [i, anchor] of anchors.entries()) {
    for (let c = 1; c < classes; c++) {
      const score = scores[i * classes + c]!;
      if (score >= least) found.push({ ...decodeBox(offsets, 4 * i, anchor, variances), class: c, score });
    }
  }
  return nonMaximumSuppression(found, most);
}
