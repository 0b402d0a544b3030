/** The sums of conv2d, its two gradients and its transpose, as text. */
import {
  along,
  coveringPlace,
  element,
  floored,
  longAxes,
  over,
  times,
  whereWhole,
  windowPlace,
} from './formula.ts';
import type { WindowAttrs } from './window.ts';

/** The filters: a weight [O, C / groups, KH, KW]. */
interface Filters {
  readonly weight: readonly number[];
  readonly groups: number;
  readonly window: WindowAttrs;
}

const taps = ([, , height, width]: readonly number[]) =>
  [
    ['kh', height!],
    ['kw', width!],
  ] as const;

const tapIndex = ([, , height, width]: readonly number[]): string[] => [
  along('kh', height!),
  along('kw', width!),
];

/** The channel of x that is input `i` of output o's group. */
function inputChannel({ weight: [outputs, channels], groups }: Filters): string {
  if (groups === 1) return along('i', channels!);
  const group = floored('o', outputs! / groups);
  return channels === 1 ? group : `${times(channels!, group)} + i`;
}

/** The sum of a convolution without the bias. */
export function convSum(filters: Filters): string {
  const { weight, window } = filters;
  const place = ['n', inputChannel(filters), ...windowPlace(window)];
  const factor = element('weight', ['o', along('i', weight[1]!), ...tapIndex(weight)]);
  return over('sum', longAxes(['i', weight[1]!], ...taps(weight)), `${factor} * ${element('x', place)}`);
}

/** The sum of one element of the weight's gradient. */
export function convWeightSum(filters: Filters): string {
  const place = ['n', inputChannel(filters), ...windowPlace(filters.window)];
  return `sum over n, h, w of gradient[n, o, h, w] * ${element('x', place)}`;
}

/** Names for a transposed convolution: the tensor that it reads, its channels, and the result's channels. */
export interface TransposedNames {
  readonly value: string;
  readonly line: 'o' | 'i';
  readonly channel: 'c' | 'o';
}

export function convTransposedSum({ weight, groups, window }: Filters, names: TransposedNames): string {
  const [lines, channels] = weight;
  const { value, line, channel } = names;
  const [place, index] = [coveringPlace(window), tapIndex(weight)];
  const long = longAxes(...taps(weight));
  const product = (from: string, to: string): string =>
    `${element('weight', [from, to, ...index])} * ${element(value, ['n', from, ...place])}${whereWhole(window)}`;
  if (groups === 1) return over('sum', [line, ...long], product(line, channel));
  if (lines === groups && channels === 1) return over('sum', long, product(channel, '0'));
  const group = `the ${line} of ${channel}'s group`;
  return over('sum', [...long, group], product(line, channels === 1 ? '0' : `${channel} % ${channels}`));
}
