/** Strides, dilations and paddings of windows over any number of axes, with `auto_pad` resolved. */
import { shapeOf } from '../../recorded/calls.ts';
import type { NodeView } from '../node.ts';
import type { Pair } from '../../../ops/shared/window.ts';

/** One number for each spatial axis. */
export interface Window {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly ceilMode: boolean;
}

/** Reads the window. `kernel` is the weight's, if there is a weight. */
export function readWindow(node: NodeView, kernel: readonly number[] | undefined): Window {
  const shape = shapeOf(node.value(0));
  const extents = shape.slice(2);
  const given = node.ints('kernel_shape');
  const size = kernel ?? given ?? node.refuse('CNNC3015', 'the attribute kernel_shape is missing');
  if (extents.length < 1) node.refuse('CNNC3015', `its input has rank ${shape.length}, expected at least 3`);
  if (kernel && given && given.join() !== kernel.join())
    node.refuse('CNNC3015', `kernel_shape is [${given.join(',')}], the weight has [${kernel.join(',')}]`);
  const list = (name: string, fallback: number, length = extents.length): readonly number[] => {
    const values = node.ints(name) ?? Array<number>(length).fill(fallback);
    if (values.length !== length)
      node.refuse('CNNC3015', `${name} has ${values.length} numbers, expected ${length}`);
    return values;
  };
  if (size.length !== extents.length)
    node.refuse('CNNC3015', `the kernel has ${size.length} axes, the input ${extents.length}`);
  const [stride, dilation] = [list('strides', 1), list('dilations', 1)];
  const positive = [...size, ...stride, ...dilation].every((value) => Number.isInteger(value) && value >= 1);
  if (!positive) node.refuse('CNNC3015', 'kernel, strides and dilations must be whole numbers from 1');
  const [before, after] = paddings(node, { extents, size, stride, dilation, list });
  checkPlaces(node, { extents, size, stride }, before, after);
  return { kernel: size, stride, dilation, before, after, ceilMode: node.int('ceil_mode', 0) !== 0 };
}

/**
 * The largest allowed product of window size and number of windows. Real models stay below it; more would take hours.
 */
const MAX_PLACES = 2 ** 26;

function checkPlaces(
  node: NodeView,
  { extents, size, stride }: Pick<Sliding, 'extents' | 'size' | 'stride'>,
  before: readonly number[],
  after: readonly number[],
): void {
  extents.forEach((extent, i) => {
    const windows = (extent + before[i]! + after[i]!) / stride[i]!;
    if (!(windows * Math.min(size[i]!, 2 ** 16) <= MAX_PLACES) || size[i]! > MAX_PLACES)
      node.refuse(
        'CNNC3016',
        `a window of ${size[i]} over ${extent} with pads ${before[i]} and ${after[i]} is too large`,
      );
  });
}

interface Sliding {
  readonly extents: readonly number[];
  readonly size: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly list: (name: string, fallback: number, length?: number) => readonly number[];
}

type Amounts = readonly [before: readonly number[], after: readonly number[]];

function paddings(node: NodeView, { extents, size, stride, dilation, list }: Sliding): Amounts {
  const mode = node.text('auto_pad', 'NOTSET');
  const rank = extents.length;
  if (mode === 'NOTSET') {
    const pads = list('pads', 0, 2 * rank);
    if (pads.some((pad) => pad < 0)) node.refuse('CNNC3015', `the pads [${pads.join(',')}] are negative`);
    return [pads.slice(0, rank), pads.slice(rank)];
  }
  const none = extents.map(() => 0);
  if (mode === 'VALID') return [none, none];
  if (mode !== 'SAME_UPPER' && mode !== 'SAME_LOWER')
    return node.refuse('CNNC3016', `the auto_pad ${JSON.stringify(mode)} is not supported`);
  const totals = extents.map((extent, i) => {
    const covered = (Math.ceil(extent / stride[i]!) - 1) * stride[i]!;
    return Math.max(covered + (size[i]! - 1) * dilation[i]! + 1 - extent, 0);
  });
  return halves(totals, mode === 'SAME_UPPER');
}

/** Splits totals into halves. The odd one goes to the end, or to the start if `upper` is false. */
export function halves(totals: readonly number[], upper: boolean): Amounts {
  const small = totals.map((total) => Math.floor(total / 2));
  const large = totals.map((total, i) => total - small[i]!);
  return upper ? [small, large] : [large, small];
}

/** A pair in the shortest form that layers accept. */
export const shortPair = ([height, width]: Pair): number | Pair =>
  height === width ? height : [height, width];

function shortPadding(before: readonly number[], after: readonly number[]): unknown {
  const [top, left, bottom, right] = [before[0]!, before[1]!, after[0]!, after[1]!];
  if (top !== bottom || left !== right) return [top, left, bottom, right];
  if (top !== left) return [top, left];
  return top === 0 ? undefined : top;
}

/** Undefined if both numbers are 1, the default. */
const unlessOnes = (pair: Pair): number | Pair | undefined =>
  pair[0] === 1 && pair[1] === 1 ? undefined : shortPair(pair);

/** Options of a layer with windows in a plane. Options that equal the defaults are left out. */
export const windowOptions = ({ kernel, stride, dilation, before, after }: Window) => ({
  kernel: shortPair(pairOf(kernel)),
  stride: unlessOnes(pairOf(stride)),
  padding: shortPadding(before, after),
  dilation: unlessOnes(pairOf(dilation)),
});

/** A window over one axis as one over (H, W) with H = 1. */
export function planar(window: Window): Window {
  if (window.kernel.length !== 1) return window;
  const { kernel, stride, dilation, before, after } = window;
  return {
    ...window,
    kernel: [1, ...kernel],
    stride: [1, ...stride],
    dilation: [1, ...dilation],
    before: [0, ...before],
    after: [0, ...after],
  };
}

export const pairOf = (values: readonly number[]): Pair => [values[0]!, values[1]!];

/** The window along some of its axes. */
export const along = (window: Window, from: number, to: number): Window => ({
  ...window,
  kernel: window.kernel.slice(from, to),
  stride: window.stride.slice(from, to),
  dilation: window.dilation.slice(from, to),
  before: window.before.slice(from, to),
  after: window.after.slice(from, to),
});
