/** Layers of random networks that slide windows: convolutions and poolings of every kind. */
import type { Pair, Padding } from '../../compiler/ops/shared/window.ts';
import type { NetWriter } from './netWriter.ts';
import type { Picks } from './picks.ts';
import type { Step } from './steps.ts';

/** How many groups both numbers of channels can be split into. */
const commonDivisors = (a: number, b: number): number[] =>
  [1, 2, 3, 4, 5, 6].filter((groups) => a % groups === 0 && b % groups === 0);

interface Window {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
}

/** Padded unevenly, perhaps; where it does not fit the image, a 1x1. */
function pickWindow(p: Picks, [, , height, width]: readonly number[]): Window {
  const kernel = p.pair([1, 3, 2]);
  const stride = p.pair([1, 2]);
  const dilation = p.pair([1, 1, 2]);
  const padding = [0, 1, 2, 3].map(() => p.of([0, 1, 2])) as unknown as Padding;
  const fits = [height!, width!].every(
    (extent, axis) => extent + padding[axis]! + padding[axis + 2]! > (kernel[axis]! - 1) * dilation[axis]!,
  );
  return fits ? { kernel, stride, padding, dilation } : { kernel: [1, 1], stride, padding, dilation: [1, 1] };
}

/** Undefined or a vector, one number a channel. */
const pickBias = (w: NetWriter, p: Picks, channels: number): number[] =>
  p.below(2) === 0 ? [] : [w.parameter('bias', [channels])];

export const conv: Step = (w, x, p) => {
  const [, inputs] = w.g.shapeOf(x);
  const outputs = p.of([2, 1, 3, 4, 6]);
  const groups = p.of(commonDivisors(inputs!, outputs));
  const { kernel, ...attrs } = pickWindow(p, w.g.shapeOf(x));
  const weight = w.parameter('filter', [outputs, inputs! / groups, ...kernel], p.below(4) === 3);
  return w.g.node('conv2d', [x, weight, ...pickBias(w, p, outputs)], { ...attrs, groups });
};

export const depthwise: Step = (w, x, p) => {
  const [, channels] = w.g.shapeOf(x);
  const outputs = channels! * p.of([1, 2]);
  const { kernel, ...attrs } = pickWindow(p, w.g.shapeOf(x));
  const weight = w.parameter('filter', [outputs, 1, ...kernel]);
  return w.g.node('conv2d', [x, weight, ...pickBias(w, p, outputs)], { ...attrs, groups: channels! });
};

export const convTransposed: Step = (w, x, p) => {
  const [, inputs, height, width] = w.g.shapeOf(x);
  const outputs = p.of([2, 1, 3, 4]);
  const groups = p.of(commonDivisors(inputs!, outputs));
  const [kernel, stride, dilation] = [p.pair([2, 1, 3]), p.pair([1, 2]), p.pair([1, 2])];
  const weight = w.parameter('filter', [inputs!, outputs / groups, ...kernel]);
  const outputPadding = stride.map((one, axis) => p.below(Math.max(one, dilation[axis]!))) as [
    number,
    number,
  ];
  // What is cut off must leave something that the input reaches.
  const reached = [height!, width!].map(
    (extent, axis) => (extent - 1) * stride[axis]! + (kernel[axis]! - 1) * dilation[axis]! + 1,
  );
  const [top, left] = reached.map((extent) => p.below(Math.min(extent, 2)));
  const [bottom, right] = reached.map((extent, axis) => p.below(Math.min(extent - [top!, left!][axis]!, 2)));
  const attrs = { stride, dilation, groups, outputPadding, padding: [top!, left!, bottom!, right!] as const };
  return w.g.node('convTranspose2d', [x, weight, ...pickBias(w, p, outputs)], attrs);
};

/** No window may lie entirely in the padding. */
function pickPool(p: Picks, [, , height, width]: readonly number[]) {
  const extents = [height!, width!];
  const kernel = p.pair([2, 3, 1]).map((one, axis) => Math.min(one, extents[axis]!)) as [number, number];
  const stride = p.pair([1, 2]);
  const sides = p.pair([0, 1]).map((one, axis) => Math.min(one, kernel[axis]! >> 1));
  const ends = p.pair([0, 1]).map((one, axis) => Math.min(one, kernel[axis]! >> 1));
  const padding = [sides[0]!, sides[1]!, ends[0]!, ends[1]!] as const;
  return { kernel, stride, padding, dilation: [1, 1] as const, ceilMode: p.below(2) === 1 };
}

export const maxPool: Step = (w, x, p) => w.g.node('maxPool', [x], pickPool(p, w.g.shapeOf(x)));

export const averagePool: Step = (w, x, p) =>
  w.g.node('averagePool', [x], { ...pickPool(p, w.g.shapeOf(x)), countIncludePad: p.below(2) === 1 });

export const adaptivePool: Step = (w, x, p) => {
  const [, , height, width] = w.g.shapeOf(x);
  const outputSize = [1 + p.below(height!), 1 + p.below(width!)] as const;
  return w.g.node('adaptiveAveragePool', [x], { outputSize });
};

export const globalPool: Step = (w, x, p) =>
  w.g.node(p.of(['globalAveragePool', 'globalMaxPool'] as const), [x]);

export const resizeNearest: Step = (w, x, p) =>
  w.g.node('resizeNearest', [x], { size: pickSize(w, x, p), coordinates: 'asymmetric', rounding: 'floor' });

export const resizeBilinear: Step = (w, x, p) => {
  const coordinates = p.of(['halfPixel', 'alignCorners'] as const);
  return w.g.node('resizeBilinear', [x], { size: pickSize(w, x, p), coordinates });
};

function pickSize(w: NetWriter, x: number, p: Picks): Pair {
  const [, , height, width] = w.g.shapeOf(x);
  return p.of<Pair>([
    [height! * 2, width! * 2],
    [height! + 1, width!],
    [Math.max(1, height! - 1), width! + 2],
  ]);
}
