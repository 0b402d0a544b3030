/** What poolings and their gradients do with a window, as text. */
import { coveringPlace, element, over, plus, times, windowPlace, windowTaps } from './formula.ts';
import type { PoolAttrs } from './pool.ts';

/** Whether windows may reach beyond x. */
export const isPartial = ({ padding, ceilMode }: PoolAttrs): boolean =>
  ceilMode || padding.some((amount) => amount > 0);

/** `max over kh < 2, kw < 2 of x[n, c, 2 * h + kh, 2 * w + kw]` */
export const pooled = (what: string, attrs: PoolAttrs, of = (x: string): string => x): string =>
  over(what, windowTaps(attrs.kernel), of(element('x', ['n', 'c', ...windowPlace(attrs)])));

export const insideOnly = (attrs: PoolAttrs): string => (isPartial(attrs) ? ', inside x only' : '');

/** The sum over the windows that cover an element. */
export const covered = (attrs: PoolAttrs, of: (gradient: string) => string): string =>
  over('sum', windowTaps(attrs.kernel), of(element('gradient', ['n', 'c', ...coveringPlace(attrs)])));

/** (sum |x|^p)^(1 / p) of a sum of powers as text. */
export function rootText(sum: string, p: number): string {
  if (p === 1) return sum;
  return p === 2 ? `sqrt(${sum})` : `(${sum})^(1 / ${p})`;
}

export function powerText(value: string, p: number): string {
  if (p === 2) return `${value}^2`;
  return p === 1 ? `abs(${value})` : `abs(${value})^${p}`;
}

/** The bin of an element, for an axis that is cut into `bins` bins: its first index, and the end. */
export const binRange = (name: string, bins: number, extent: number): [from: string, to: string] => [
  `floor(${times(extent, name)} / ${bins})`,
  `ceil(${extent} * (${plus(name, 1)}) / ${bins})`,
];
