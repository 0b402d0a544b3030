/** Moves numbers: those of known tensors at import, those of live ones by layers. */
import { sameShape, sizeOf } from '../../../ir/types.ts';
import { call, callList, live, operation, refuse, shapeOf } from '../calls.ts';
import type { Live, Recorder, Value } from '../calls.ts';
import { allocate, known, reshaped, sourceOf, stridesOf, type Known } from '../known.ts';

/** Picks elements of a known tensor. `place` computes each element's position from the result's index. */
function pick(x: Known, shape: readonly number[], place: (index: readonly number[]) => number): Known {
  const data = allocate(x.dtype, shape);
  const index = Array<number>(shape.length).fill(0);
  for (let i = 0; i < data.length; i++) {
    data[i] = x.data[place(index)]!;
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
  return { kind: 'known', dtype: x.dtype, shape, data, source: x.source };
}

/** Reshapes. `shape` has the same number of elements and no -1. */
export function reshape(r: Recorder, x: Value, shape: readonly number[]): Value {
  if (sizeOf(shape) !== sizeOf(shapeOf(x)) || shape.some((extent) => !(extent >= 0))) {
    return refuse(r, 'CNNC3015', `the shape [${shapeOf(x).join(',')}] cannot become [${shape.join(',')}]`);
  }
  if (sameShape(shape, shapeOf(x))) return x;
  if (x.kind === 'known') return reshaped(x, shape);
  // The first extent usually is the batch. Keeping it open lets a printed model take any batch.
  const keepsFirst = shape.length > 1 && shape[0] === x.tensor.shape[0];
  return call(r, x.dtype, 'reshape', [x], { shape: keepsFirst ? [-1, ...shape.slice(1)] : shape });
}

export function transpose(r: Recorder, x: Value, permutation: readonly number[]): Value {
  const shape = shapeOf(x);
  if ([...permutation].sort((a, b) => a - b).join() !== shape.map((_, axis) => axis).join()) {
    return refuse(
      r,
      'CNNC3015',
      `the permutation [${permutation.join(',')}] does not fit rank ${shape.length}`,
    );
  }
  if (permutation.every((from, to) => from === to)) return x;
  if (x.kind === 'live') return call(r, x.dtype, 'transpose', [x], { permutation });
  const strides = stridesOf(shape);
  const result = permutation.map((axis) => shape[axis]!);
  return pick(x, result, (index) =>
    index.reduce((place, i, axis) => place + i * strides[permutation[axis]!]!, 0),
  );
}

export interface Range {
  readonly start: number;
  /** Extent of the result. */
  readonly count: number;
  /** May be negative. */
  readonly step: number;
}

/** Slices, with one range for every axis. */
export function slice(r: Recorder, x: Value, ranges: readonly Range[]): Value {
  const shape = shapeOf(x);
  const counts = ranges.map(({ count }) => count);
  if (sameShape(counts, shape) && ranges.every(({ step }) => step === 1)) return x;
  if (x.kind === 'known') {
    const strides = stridesOf(shape);
    return pick(x, counts, (index) =>
      index.reduce(
        (sum, i, axis) => sum + (ranges[axis]!.start + i * ranges[axis]!.step) * strides[axis]!,
        0,
      ),
    );
  }
  if (counts.includes(0)) return known(x.dtype, counts, []);
  const backwards = ranges.findIndex(({ step }) => step < 0);
  if (backwards >= 0) return reversed(r, x, ranges, backwards);
  return call(r, x.dtype, 'slice', [x], {
    starts: ranges.map(({ start }) => start),
    ends: ranges.map(({ start, count, step }) => start + (count - 1) * step + 1),
    steps: ranges.every(({ step }) => step === 1) ? undefined : ranges.map(({ step }) => step),
  });
}

/** A negative step along one axis becomes a gather. The other axes are sliced as usual. */
function reversed(r: Recorder, x: Live, ranges: readonly Range[], axis: number): Value {
  const { start, count, step } = ranges[axis]!;
  const places = Array.from({ length: count }, (_, i) => start + i * step);
  const turned = gather(r, x, known('i64', [count], places), axis);
  return slice(r, turned, ranges.with(axis, { start: 0, count, step: 1 }));
}

/** Slices the range [from, to) of one axis. */
export const cut = (r: Recorder, x: Value, axis: number, from: number, to: number): Value =>
  slice(
    r,
    x,
    shapeOf(x).map((extent, i) =>
      i === axis ? { start: from, count: to - from, step: 1 } : { start: 0, count: extent, step: 1 },
    ),
  );

export function split(r: Recorder, x: Value, axis: number, parts: readonly number[]): Value[] {
  if (x.kind === 'live' && parts.every((part) => part >= 1)) {
    const whole = parts.every((part) => part === parts[0]) ? parts.length : parts;
    return callList(r, x.dtype, 'split', [x], { parts: whole, axis: axis === 1 ? undefined : axis });
  }
  let start = 0;
  return parts.map((part) => cut(r, x, axis, start, (start += part)));
}

export function concat(r: Recorder, xs: readonly Value[], axis: number): Value {
  const filled = xs.filter((x) => !shapeOf(x).includes(0));
  if (filled.length === 1) return filled[0]!;
  if (filled.length > 0 && !xs.every((x) => x.kind === 'known')) {
    return call(r, filled[0]!.dtype, 'concat', [filled.map((x) => live(r, x))], {
      axis: axis === 1 ? undefined : axis,
    });
  }
  return concatKnown(r, xs as readonly Known[], axis);
}

function concatKnown(r: Recorder, xs: readonly Known[], axis: number): Known {
  const [first] = xs;
  const extent = xs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
  const shape = first!.shape.with(axis, extent);
  if (xs.some((x) => !sameShape(x.shape.with(axis, extent), shape))) {
    return refuse(
      r,
      'CNNC3015',
      `the shapes ${xs.map((x) => `[${x.shape.join(',')}]`).join(' and ')} do not agree`,
    );
  }
  const data = allocate(first!.dtype, shape);
  const inner = sizeOf(shape.slice(axis + 1));
  let offset = 0;
  for (const x of xs) {
    const run = x.shape[axis]! * inner;
    for (let i = 0; i * run < x.data.length; i++)
      data.set(x.data.subarray(i * run, (i + 1) * run), i * extent * inner + offset);
    offset += run;
  }
  return { kind: 'known', dtype: first!.dtype, shape, data, source: sourceOf(xs) };
}

/** Broadcasts to `shape`. */
export function expand(r: Recorder, x: Value, shape: readonly number[]): Value {
  const from = shapeOf(x);
  if (sameShape(from, shape)) return x;
  const offset = shape.length - from.length;
  if (offset < 0 || from.some((extent, axis) => extent !== 1 && extent !== shape[axis + offset])) {
    return refuse(r, 'CNNC3015', `the shape [${from.join(',')}] does not broadcast to [${shape.join(',')}]`);
  }
  if (x.kind === 'live') return call(r, x.dtype, 'expand', [x], { shape });
  const strides = stridesOf(from).map((stride, axis) => (from[axis] === 1 ? 0 : stride));
  return pick(x, shape, (index) =>
    strides.reduce((sum, stride, axis) => sum + index[axis + offset]! * stride, 0),
  );
}

/** Returns the slices of x along the axis that the indices name. Known indices count from the start. */
export function gather(r: Recorder, x: Value, indices: Value, axis: number): Value {
  const shape = shapeOf(x);
  const extent = shape[axis]!;
  if (indices.kind === 'live') return operation(r, x.dtype, 'gather', [live(r, x), indices], { axis });
  const places = [...indices.data].map((index) => (index < 0 ? index + extent : index));
  const wrong = places.find((place) => !(place >= 0 && place < extent));
  if (wrong !== undefined)
    return refuse(r, 'CNNC3015', `the index ${wrong} does not fit the extent ${extent}`);
  const result = [...shape.slice(0, axis), ...indices.shape, ...shape.slice(axis + 1)];
  if (x.kind === 'known') return gatherKnown(x, places, axis, result);
  const isRun = places.length > 0 && places.every((place, i) => place === places[0]! + i);
  if (isRun) return reshape(r, cut(r, x, axis, places[0]!, places.at(-1)! + 1), result);
  const named = known('i64', indices.shape, places);
  return operation(r, x.dtype, 'gather', [x, live(r, named)], { axis });
}

function gatherKnown(x: Known, places: readonly number[], axis: number, shape: readonly number[]): Known {
  const [inner, extent] = [sizeOf(x.shape.slice(axis + 1)), x.shape[axis]!];
  const data = allocate(x.dtype, shape);
  const outer = sizeOf(x.shape.slice(0, axis));
  for (let o = 0; o < outer; o++) {
    places.forEach((place, i) => {
      const from = (o * extent + place) * inner;
      data.set(x.data.subarray(from, from + inner), (o * places.length + i) * inner);
    });
  }
  return { kind: 'known', dtype: x.dtype, shape, data, source: x.source };
}

/** Repeats the whole tensor `repeats` times along each axis. */
export function tile(r: Recorder, x: Value, repeats: readonly number[]): Value {
  const shape = shapeOf(x);
  const apart = reshape(
    r,
    x,
    shape.flatMap((extent) => [1, extent]),
  );
  const repeated = expand(
    r,
    apart,
    shape.flatMap((extent, axis) => [repeats[axis]!, extent]),
  );
  return reshape(
    r,
    repeated,
    shape.map((extent, axis) => extent * repeats[axis]!),
  );
}

/** Adds elements at the start and the end of each axis. Negative amounts have been cut off before. */
export function padConstant(
  r: Recorder,
  x: Value,
  before: readonly number[],
  after: readonly number[],
  value = 0,
): Value {
  if (before.every((amount) => amount === 0) && after.every((amount) => amount === 0)) return x;
  const [first, last] = [before, after].map((amounts) => (amounts.some(Boolean) ? amounts : undefined));
  const options = { before: first, after: last, value: value === 0 ? undefined : value };
  const from = live(r, x);
  return Number.isFinite(value)
    ? call(r, x.dtype, 'pad', [from], options)
    : operation(r, x.dtype, 'pad', [from], { before, after, mode: 'constant', value });
}
