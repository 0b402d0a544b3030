/** The sums of convolutions as text: conv2d, its two gradients, its transpose. */
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

/** Of [O, C / groups, KH, KW]. */
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

/** The channel of x that input `i` of output o's group is. */
function inputChannel({ weight: [outputs, channels], groups }: Filters): string {
  if (groups === 1) return along('i', channels!);
  const group = floored('o', outputs! / groups);
  return channels === 1 ? group : `${times(channels!, group)} + i`;
}

/** Without the bias. */
export function convSum(filters: Filters): string {
  const { weight, window } = filters;
  const place = ['n', inputChannel(filters), ...windowPlace(window)];
  const factor = element('weight', ['o', along('i', weight[1]!), ...tapIndex(weight)]);
  return over('sum', longAxes(['i', weight[1]!], ...taps(weight)), `${factor} * ${element('x', place)}`);
}

/** Of an element of the weight. */
export function convWeightSum(filters: Filters): string {
  const place = ['n', inputChannel(filters), ...windowPlace(filters.window)];
  return `sum over n, h, w of gradient[n, o, h, w] * ${element('x', place)}`;
}

/** What a transposed convolution calls the tensor that it reads, its channels, and the channels of the result. */
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
