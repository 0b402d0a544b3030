/**
 * maxPoolGradient for windows that overlap or leave gaps. First the place of each window's largest number is searched, which is its
 * index in the plane. Then each number of the input adds the gradients of the windows whose place it is. There are no
 * branches on the numbers, because a processor could not predict them.
 *
 *     for each image
 *       for each row and column of the output: places = index of the window's first number that equals the result
 *       for each row and column of the input: sum of the gradients of its windows whose place equals its own index
 *
 * Places are surrounded by windows that do not exist, whose place is -1. A number of the input asks all windows that
 * could contain it, because the place of any other is never its own.
 */
import type { KernelBuilder } from '../../../kernel/builder.ts';
import {
  add,
  cast,
  div,
  eq,
  f32Const,
  max,
  min,
  mul,
  select,
  splat,
  sub,
} from '../../../kernel/expression.ts';
import type { Expr } from '../../../kernel/types.ts';
import { stridesOf } from '../../../lowering/shared/convolution.ts';
import { INDEPENDENT, range, ZEROS } from '../../../lowering/shared/shorthands.ts';
import type { Schedule, ScheduleRequest } from '../../../lowering/target.ts';
import type { WindowAttrs } from '../../../ops/shared/window.ts';
import type { Site } from '../../../ops/types.ts';
import { clampedPositions } from './shared/clampedPositions.ts';
import { fillRun } from './shared/run.ts';

type Op = 'maxPoolGradient';

/** The most numbers of a window, and the most windows that contain a number. With more the loops' bodies are too long. */
const [MOST_TAPS, MOST_WINDOWS] = [25, 9];
/** Larger indices are not exact in f32. */
const MOST_PLACES = 2 ** 24;

const PLACES = 'places';
const NOWHERE = f32Const(-1);

interface Plan {
  readonly window: WindowAttrs;
  readonly images: number;
  readonly channels: number;
  /** Rows and columns of the input and of the output. */
  readonly size: readonly [number, number];
  readonly pooled: readonly [number, number];
  /** Windows that may contain a number, along both axes. */
  readonly windows: readonly [number, number];
  /** Rows and columns of places, with those around the output, and how many are above and left of it. */
  readonly places: readonly [number, number];
  readonly before: readonly [number, number];
}

export function overlapGradientSchedule(request: ScheduleRequest<Op>): Schedule<Op> | undefined {
  const { attrs, inputLayouts, outputLayout } = request;
  const plan = planOverlap(request);
  const taps = attrs.kernel[0] * attrs.kernel[1];
  const isVector = inputLayouts.every((layout) => stridesOf(layout).channel === 1) && plan.channels % 4 === 0;
  const isSmall = taps <= MOST_TAPS && plan.windows[0] * plan.windows[1] <= MOST_WINDOWS;
  if (!isVector || !isSmall || attrs.dilation.some((step) => step !== 1)) return undefined;
  if (plan.size[0] * plan.size[1] > MOST_PLACES) return undefined;
  return {
    name: 'places of maxima, 4 channels',
    ...{ inputLayouts, outputLayout },
    workspaces: [{ name: PLACES, length: plan.places[0] * plan.places[1] * plan.channels }],
    build: (site, k) => buildGradient({ ...plan, site, k }),
  };
}

function planOverlap({ attrs, inputs }: ScheduleRequest<Op>): Plan {
  const pooledShape = inputs[0]!.shape;
  const [images, channels, height, width] = inputs[1]!.shape as [number, number, number, number];
  const pooled = [pooledShape[2]!, pooledShape[3]!] as const;
  const size = [height, width] as const;
  const both = (of: (axis: 0 | 1) => number): readonly [number, number] => [of(0), of(1)];
  const windows = both((axis) => Math.ceil(attrs.kernel[axis] / attrs.stride[axis]));
  // The first number may be asked for `windows - 1` windows before the first, the last one for windows after the last.
  const firstOf = (axis: 0 | 1): number =>
    Math.floor(attrs.padding[axis] / attrs.stride[axis]) - windows[axis] + 1;
  const lastOf = (axis: 0 | 1): number =>
    Math.floor((size[axis] - 1 + attrs.padding[axis]) / attrs.stride[axis]);
  const before = both((axis) => Math.max(0, -firstOf(axis)));
  const places = both((axis) => before[axis] + Math.max(pooled[axis], lastOf(axis) + 1));
  return { window: attrs, images, channels, size, pooled, windows, places, before };
}

interface Building extends Plan {
  readonly k: KernelBuilder;
  readonly site: Site<Op>;
}

function buildGradient(all: Building): void {
  const { k, images, channels, places } = all;
  fillRun(k, { buffer: PLACES, at: 0 }, places[0] * places[1] * channels, NOWHERE);
  k.for('n', 0, images, (image) => {
    findPlaces(all, image);
    addGradients(all, image);
  });
}

const forChannels = ({ k, channels }: Building, body: (channel: Expr) => void): void =>
  k.for('channel', 0, channels, body, { step: 4, ...INDEPENDENT });

/** The index of a window's place. */
const placeAt = ({ places, before, channels }: Building, row: Expr, column: Expr): Expr =>
  mul(add(mul(add(row, before[0]), places[1]), add(column, before[1])), channels);

function findPlaces(all: Building, image: Expr): void {
  const { k, site, pooled, size, window } = all;
  const [, x, result] = site.inputs.map(({ place }) => ({ ...place, ...stridesOf(place.layout) }));
  k.forEach(['oy', 'ox'], pooled, ([oy, ox]) => {
    const along = (axis: 0 | 1, at: Expr): Expr[] =>
      clampedPositions(k, window, axis, at, { inputs: size[axis], outputs: pooled[axis] });
    const [rows, columns] = [along(0, oy!), along(1, ox!)];
    const taps = rows.flatMap((row, ty) =>
      columns.map((column, tx) => {
        const inImage = add(mul(row, x!.row), mul(column, x!.column));
        const index = splat(cast(add(mul(row, size[1]), column), 'f32'));
        return {
          at: k.let(`tap${ty}${tx}`, add(mul(image, x!.image), inImage)),
          index: k.let(`index${ty}${tx}`, index),
        };
      }),
    );
    const place = k.let('place', placeAt(all, oy!, ox!));
    const inResult = add(mul(oy!, result!.row), mul(ox!, result!.column));
    const resultAt = k.let('resultAt', add(mul(image, result!.image), inResult));
    forChannels(all, (channel) => {
      const largest = k.let('largest', k.load(result!.buffer, add(resultAt, channel), 'f32x4'));
      const found = k.variable('found', splat(NOWHERE), 'f32x4');
      // The first one is to stay.
      for (const { at, index } of taps.toReversed()) {
        const value = k.load(x!.buffer, add(at, channel), 'f32x4');
        k.assign(found, select(eq(value, largest), index, found));
      }
      k.store(PLACES, add(place, channel), found);
    });
  });
}

function addGradients(all: Building, image: Expr): void {
  const { k, site, size, window, windows, pooled } = all;
  const { place } = site.inputs[0]!;
  const gradient = stridesOf(place.layout);
  const start = k.let('gradientImage', mul(image, gradient.image));
  const candidates = (axis: 0 | 1, at: Expr): Expr[] => {
    const last = k.let(`last${axis}`, div(add(at, window.padding[axis]), window.stride[axis]));
    return range(windows[axis]).map((i) => sub(last, windows[axis] - 1 - i));
  };
  const within = (axis: 0 | 1, at: Expr): Expr => min(max(at, 0), pooled[axis] - 1);
  k.forEach(['y', 'x'], size, ([y, x]) => {
    const columns = candidates(1, x!);
    const asked = candidates(0, y!).flatMap((oy, ty) =>
      columns.map((ox, tx) => ({
        place: k.let(`place${ty}${tx}`, placeAt(all, oy, ox)),
        gradient: k.let(
          `gradient${ty}${tx}`,
          add(start, add(mul(within(0, oy), gradient.row), mul(within(1, ox), gradient.column))),
        ),
      })),
    );
    const own = k.let('own', splat(cast(add(mul(y!, size[1]), x!), 'f32')));
    forChannels(all, (channel) => {
      const sum = k.variable('sum', ZEROS, 'f32x4');
      for (const one of asked) {
        const isPlace = eq(k.load(PLACES, add(one.place, channel), 'f32x4'), own);
        const value = k.load(place.buffer, add(one.gradient, channel), 'f32x4');
        k.assign(sum, add(sum, select(isPlace, value, ZEROS)));
      }
      site.output.storeChannels([image, channel, y!, x!], sum, 4);
    });
  });
}
