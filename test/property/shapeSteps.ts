/** Layers of random networks that move numbers: concatenations with their parts shared, slices, paddings, views. */
import { sameShape, sizeOf, type ValueId } from '../../compiler/ir/types.ts';
import type { NetWriter } from './netWriter.ts';
import type { Picks } from './picks.ts';
import type { Step } from './steps.ts';

/** Joins two or three values that have the same shape but for the axis; they may be the same value. */
export const concat: Step = (w, x, p) => {
  const axis = p.of([1, 1, 1, 2, 3, 0]);
  const shape = w.g.shapeOf(x);
  const agrees = (other: readonly number[]): boolean =>
    other.every((extent, i) => i === axis || extent === shape[i]);
  const others = Array.from({ length: 1 + p.below(2) }, () => w.pickWhere(p, agrees) ?? x);
  return w.g.node('concat', p.below(2) === 0 ? [x, ...others] : [...others, x], { axis });
};

/** DenseNet's: concatenations of concatenations, each also read by itself. */
export const dense: Step = (w, x) => {
  const grow = (y: ValueId): ValueId => {
    const [, channels] = w.g.shapeOf(y);
    const weight = w.parameter('filter', [1, channels!, 1, 1]);
    const attrs = { stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 } as const;
    return w.g.node('concat', [y, w.g.node('conv2d', [w.g.node('relu', [y]), weight], attrs)], { axis: 1 });
  };
  return grow(grow(x));
};

export const slice: Step = (w, x, p) => {
  const shape = w.g.shapeOf(x);
  const starts = shape.map((extent) => Math.min(p.of([0, 0, 1]), extent - 1));
  const ends = shape.map((extent, axis) => Math.max(starts[axis]! + 1, extent - p.of([0, 0, 1])));
  const steps = shape.map((_, axis) => (axis < 2 ? 1 : p.of([1, 2])));
  return w.g.node('slice', [x], { starts, ends, steps });
};

/** Both halves stay and are read by whom they fit; the second is the result. */
export const split: Step = (w, x, p) => {
  const shape = w.g.shapeOf(x);
  const axis = p.of([1, 2, 3]);
  const at = shape[axis]! >> 1;
  if (at === 0) return undefined;
  const part = (from: number, to: number): ValueId =>
    w.g.node('slice', [x], {
      starts: shape.map((_, i) => (i === axis ? from : 0)),
      ends: shape.map((extent, i) => (i === axis ? to : extent)),
      steps: shape.map(() => 1),
    });
  w.values.push(part(0, at));
  return part(at, shape[axis]!);
};

/** Pads the image, channels (ResNet's shortcut A), or both. */
export const pad: Step = (w, x, p) => {
  const shape = w.g.shapeOf(x);
  const mode = p.of(['constant', 'constant', 'edge', 'reflect'] as const);
  const amounts = (): number[] =>
    shape.map((extent, axis) =>
      axis === 0 ? 0 : Math.min(p.of([0, 1, 2]), mode === 'reflect' ? extent - 1 : 2),
    );
  return w.g.node('pad', [x], { before: amounts(), after: amounts(), mode, value: p.of([0, 0.5]) });
};

export const reshape: Step = (w, x, p) => {
  const [n, c, height, width] = w.g.shapeOf(x);
  const shapes = [
    [n!, c! * height!, width!, 1],
    [n!, 1, c! * height!, width!],
    [n!, c! * height! * width!, 1, 1],
    [n!, height!, width!, c!],
  ];
  return w.g.node('reshape', [x], { shape: p.of(shapes) });
};

/** There and back again, which passes may undo. */
export const reshapeTwice: Step = (w, x) => {
  const shape = w.g.shapeOf(x);
  return w.g.node('reshape', [w.g.node('relu', [w.g.node('flatten', [x], { axis: 1 })])], { shape });
};

export const transpose: Step = (w, x, p) =>
  w.g.node('transpose', [x], {
    permutation: p.of([
      [0, 1, 3, 2],
      [0, 2, 3, 1],
      [0, 3, 1, 2],
      [1, 0, 2, 3],
    ]),
  });

export const channelShuffle: Step = (w, x, p) => {
  const [, channels] = w.g.shapeOf(x);
  return w.g.node('channelShuffle', [x], {
    groups: p.of([2, 3, 1].filter((groups) => channels! % groups === 0)),
  });
};

export const pixelShuffle: Step = (w, x, p) => {
  const [, channels, height, width] = w.g.shapeOf(x);
  const attrs = { factor: 2, order: p.of(['crd', 'dcr'] as const) };
  if (channels! % 4 === 0) return w.g.node('pixelShuffle', [x], attrs);
  return height! % 2 || width! % 2 ? undefined : w.g.node('pixelUnshuffle', [x], attrs);
};

export const expand: Step = (w, x, p) => {
  const shape = w.g.shapeOf(x);
  const to = w.pickWhere(p, (other) => other.every((extent, i) => shape[i] === 1 || shape[i] === extent));
  return to === undefined ? undefined : w.g.node('expand', [x], { shape: w.g.shapeOf(to) });
};

/** Fully connected, and an image again. */
export const linear: Step = (w, x, p) => {
  const [n] = w.g.shapeOf(x);
  const flat = w.g.node('flatten', [x], { axis: 1 });
  const [, features] = w.g.shapeOf(flat);
  const [outputs, ...plane] = p.of([
    [3, 3, 1, 1],
    [8, 2, 2, 2],
    [4, 1, 2, 2],
  ]);
  const bias = p.below(2) === 0 ? [] : [w.parameter('bias', [outputs])];
  const y = w.g.node('linear', [flat, w.parameter('matrix', [outputs, features!]), ...bias]);
  return w.g.node('reshape', [y], { shape: [n!, ...plane] });
};

/** Planes as matrices, x * x^T or x * y. */
export const matmul: Step = (w, x, p) => {
  const [, , , width] = w.g.shapeOf(x);
  const other = w.pickWhere(
    p,
    (shape) => shape[2] === width && sameShape(shape.slice(0, 2), w.g.shapeOf(x).slice(0, 2)),
  );
  const attrs = { transposeA: false, transposeB: other === undefined };
  // Divided, so that numbers do not grow.
  const scaled = w.g.node('mul', [x, w.number(2 ** -Math.ceil(Math.log2(width!)))]);
  return w.g.node('matmul', [scaled, other ?? x], attrs);
};

/** No larger than what a test can do often. */
export const isSmall = (w: NetWriter, x: ValueId): boolean => {
  const shape = w.g.shapeOf(x);
  return sizeOf(shape) <= 400 && shape.every((extent) => extent <= 40);
};

export type { Picks };
