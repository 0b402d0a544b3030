/**
 * Formulas as text, for the comments of emitted kernels: letters of axes, indexed elements, sums over axes, and
 * places in windows. A formula gives one element of the result, at the letters of the result's axes.
 */
import type { Pair, WindowAttrs } from './window.ts';

const PLANES = ['n', 'c', 'h', 'w'];

/** The letters of a tensor's axes, by its rank. */
export function axisLetters(rank: number): readonly string[] {
  if (rank === 1) return ['c'];
  if (rank <= 4) return PLANES.slice(0, rank);
  if (rank === 5) return ['n', 'c', 'd', 'h', 'w'];
  return Array.from({ length: rank }, (_, axis) => `i${axis}`);
}

/** `x[n, c]`. A scalar has no index. */
export const element = (name: string, index: readonly string[]): string =>
  index.length === 0 ? name : `${name}[${index.join(', ')}]`;

/** The element at the letters of its axes. */
export const elementAt = (name: string, { shape }: { readonly shape: readonly number[] }): string =>
  element(name, axisLetters(shape.length));

/** `sum over h, w of x`. Without names it is the element alone. */
export const over = (what: string, names: readonly string[], of: string): string =>
  names.length === 0 ? of : `${what} over ${names.join(', ')} of ${of}`;

/** `2 * h` */
export const times = (factor: number, name: string): string => (factor === 1 ? name : `${factor} * ${name}`);

/** `h + 2`, `h - 2` */
export const plus = (text: string, summand: number): string =>
  summand === 0 ? text : `${text} ${summand < 0 ? '-' : '+'} ${Math.abs(summand)}`;

/** A name divided by a whole number, rounded down. */
export const floored = (name: string, divisor: number): string =>
  divisor === 1 ? name : `floor(${name} / ${divisor})`;

/** A number as written in attributes, without digits from rounding errors. */
export const short = (value: number): string => String(Number(value.toPrecision(6)));

/** The index along an axis: its name, or 0 if the extent is 1. */
export const along = (name: string, extent: number): string => (extent === 1 ? '0' : name);

/** Names of the axes that are longer than 1, for sums over them. */
export const longAxes = (...axes: readonly (readonly [name: string, extent: number])[]): string[] =>
  axes.filter(([, extent]) => extent > 1).map(([name]) => name);

const both = (text: (axis: 0 | 1) => string): [rows: string, columns: string] => [text(0), text(1)];

const TAPS = ['kh', 'kw'] as const;

/** The loops over a window: `kh < 3`, `kw < 3`. */
export const windowTaps = (kernel: Pair): string[] =>
  TAPS.flatMap((name, axis) => (kernel[axis]! > 1 ? [`${name} < ${kernel[axis]}`] : []));

/** The positions of the windows' elements: `2 * h + kh - 1`. */
export const windowPlace = ({ kernel, stride, padding, dilation }: WindowAttrs): [string, string] =>
  both((axis) => {
    const start = times(stride[axis], PLANES[axis + 2]!);
    const tap = kernel[axis] === 1 ? '' : ` + ${times(dilation[axis], TAPS[axis])}`;
    return plus(`${start}${tap}`, -padding[axis]);
  });

/** The windows in which an element is at (kh, kw): `(h + 1 - kh) / 2`. */
export const coveringPlace = ({ kernel, stride, padding, dilation }: WindowAttrs): [string, string] =>
  both((axis) => {
    const end = plus(PLANES[axis + 2]!, padding[axis]);
    const text = kernel[axis] === 1 ? end : `${end} - ${times(dilation[axis], TAPS[axis])}`;
    if (stride[axis] === 1) return text;
    return `${/ /.test(text) ? `(${text})` : text} / ${stride[axis]}`;
  });

/** The condition that such a window exists, because not every element has one for every (kh, kw). */
export const whereWhole = ({ stride }: Pick<WindowAttrs, 'stride'>): string =>
  stride.some((step) => step > 1) ? ', where whole' : '';

/** The letters of every axis except the channels'. */
export const lettersBut = (rank: number): string[] => axisLetters(rank).filter((_, axis) => axis !== 1);
