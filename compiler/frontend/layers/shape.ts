/** Layers that move numbers without computing. */
import { finite, integer, integerOrList, integers, oneOf, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import type { Layer } from './layer.ts';

/** Options of `flatten`. */
export interface FlattenOptions {
  /**
   * First axis of the second part. The axes before it become one axis, and so do the others. Default 1: the
   * batch stays.
   */
  readonly axis?: number;
}

/** f32[N, C, H, W] to f32[N, C * H * W]. PyTorch's `flatten(1)`. */
export function flatten(layer: Layer, x: Tensor, options: FlattenOptions = {}): Tensor {
  const { axis } = readOptions(layer.wrongOption, options, { axis: optional(integer, 1) });
  return layer.node('flatten', [x], { axis: readAxis(layer, axis, x) });
}

/** Options of `reshape`. */
export interface ReshapeOptions {
  /** The new shape. One extent may be -1: it is computed from the others. */
  readonly shape: readonly number[];
}

/** The same numbers in the same order with another shape. */
export function reshape(layer: Layer, x: Tensor, options: ReshapeOptions): Tensor {
  const { shape } = readOptions(layer.wrongOption, options, { shape: integers });
  return layer.node('reshape', [x], { shape: completeShape(layer, x, shape) });
}

function completeShape(layer: Layer, x: Tensor, shape: readonly number[]): readonly number[] {
  const open = shape.filter((extent) => extent === -1).length;
  if (open === 0) return shape;
  if (open > 1)
    layer.reject(
      'CNNC1104',
      `the shape [${shape.join(', ')}] has ${open} extents of -1, at most one can be computed`,
    );
  const size = x.shape.reduce((product, extent) => product * extent, 1);
  const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  if (size % known !== 0)
    layer.reject('CNNC1204', `${size} elements do not fit the shape [${shape.join(', ')}]`);
  return shape.map((extent) => (extent === -1 ? size / known : extent));
}

/** Options of `concat`. */
export interface ConcatOptions {
  /** The axis; a negative one counts from the end. Default 1, the channels. */
  readonly axis?: number;
}

/** Joins tensors along the axis. All other extents must be the same. PyTorch's `cat`. */
export function concat(layer: Layer, xs: readonly Tensor[], options: ConcatOptions = {}): Tensor {
  const { axis } = readOptions(layer.wrongOption, options, { axis: optional(integer, 1) });
  if (xs.length === 0) layer.reject('CNNC1201', 'the list of tensors is empty');
  return layer.node('concat', xs, { axis: readAxis(layer, axis, xs[0]!) });
}

/** Options of `split`. */
export interface SplitOptions {
  /** Number of equal parts, or the extent of each part. */
  readonly parts: number | readonly number[];
  /** The axis; a negative one counts from the end. Default 1, the channels. */
  readonly axis?: number;
}

/** Cuts a tensor into parts along the axis. The opposite of `concat`. */
export function split(layer: Layer, x: Tensor, options: SplitOptions): readonly Tensor[] {
  const o = readOptions(layer.wrongOption, options, {
    parts: integerOrList,
    axis: optional(integer, 1),
  });
  const axis = readAxis(layer, o.axis, x);
  const extents = Array.isArray(options.parts) ? o.parts : equalParts(layer, x.shape[axis]!, o.parts[0]!);
  const sum = extents.reduce((total, extent) => total + extent, 0);
  if (sum !== x.shape[axis] || extents.some((extent) => extent < 1)) {
    layer.reject(
      'CNNC1204',
      `parts of ${extents.join(', ')} do not fill axis ${axis} with its ${x.shape[axis]}`,
    );
  }
  let start = 0;
  return extents.map((extent) => cut(layer, x, axis, start, (start += extent)));
}

function equalParts(layer: Layer, extent: number, parts: number): readonly number[] {
  if (parts < 1 || extent % parts !== 0)
    layer.reject('CNNC1204', `${extent} cannot be cut into ${parts} equal parts`);
  return Array<number>(parts).fill(extent / parts);
}

function cut(layer: Layer, x: Tensor, axis: number, start: number, end: number): Tensor {
  return layer.node('slice', [x], {
    starts: x.shape.map((_, i) => (i === axis ? start : 0)),
    ends: x.shape.map((extent, i) => (i === axis ? end : extent)),
    steps: x.shape.map(() => 1),
  });
}

/** Options of `transpose`. */
export interface TransposeOptions {
  /** Axis i of the result is axis `permutation[i]` of the input. */
  readonly permutation: readonly number[];
}

/** Reorders the axes. PyTorch's `permute`. */
export function transpose(layer: Layer, x: Tensor, options: TransposeOptions): Tensor {
  const { permutation } = readOptions(layer.wrongOption, options, { permutation: integers });
  const axes = permutation.map((axis) => readAxis(layer, axis, x));
  return layer.node('transpose', [x], { permutation: axes });
}

/** Options of `expand`. */
export interface ExpandOptions {
  /** The shape of the result. */
  readonly shape: readonly number[];
}

/** Repeats axes of extent 1, and axes that are missing at the front. NumPy's `broadcast_to`. */
export function expand(layer: Layer, x: Tensor, options: ExpandOptions): Tensor {
  return layer.node('expand', [x], readOptions(layer.wrongOption, options, { shape: integers }));
}

/** Options of `slice`. Each list has one number for each axis. Negative indices count from the end. */
export interface SliceOptions {
  /** First index along each axis; default 0. */
  readonly starts?: readonly number[];
  /** Index after the last along each axis; default: the extent. */
  readonly ends?: readonly number[];
  /** Step along each axis; default 1. */
  readonly steps?: readonly number[];
}

/** x[starts:ends:steps] along each axis, as in NumPy. */
export function slice(layer: Layer, x: Tensor, options: SliceOptions): Tensor {
  const rank = x.shape.length;
  const o = readOptions(layer.wrongOption, options, {
    starts: optional(integers, Array(rank).fill(0)),
    ends: optional(integers, x.shape),
    steps: optional(integers, Array(rank).fill(1)),
  });
  checkRanks(layer, x, o);
  const fromStart = (index: number, axis: number): number => (index < 0 ? index + x.shape[axis]! : index);
  const [starts, ends] = [o.starts.map(fromStart), o.ends.map(fromStart)];
  return layer.node('slice', [x], { starts, ends, steps: o.steps });
}

/** Options of `pad`. `before` and `after` have one number for each axis. */
export interface PadOptions {
  /** Number of elements to add at the start of each axis; default 0. */
  readonly before?: readonly number[];
  /** Number of elements to add at the end of each axis; default 0. */
  readonly after?: readonly number[];
  /**
   * `constant` adds `value`, `reflect` mirrors the input at its edge, `edge` repeats the edge; default
   * `constant`.
   */
  readonly mode?: 'constant' | 'reflect' | 'edge';
  /** The value that `constant` adds; default 0. */
  readonly value?: number;
}

/** Adds elements at both ends of each axis: a constant, the mirrored input, or the repeated edge. */
export function pad(layer: Layer, x: Tensor, options: PadOptions): Tensor {
  const none: readonly number[] = x.shape.map(() => 0);
  const o = readOptions(layer.wrongOption, options, {
    before: optional(integers, none),
    after: optional(integers, none),
    mode: optional(oneOf('constant', 'reflect', 'edge'), 'constant'),
    value: optional(finite, 0),
  });
  checkRanks(layer, x, { before: o.before, after: o.after });
  return layer.node('pad', [x], o);
}

/** Refuses a list that does not have one number for each axis. */
function checkRanks(layer: Layer, x: Tensor, options: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, list] of Object.entries(options)) {
    if (list.length === x.shape.length) continue;
    layer.reject(
      'CNNC1204',
      `the option ${name} has ${list.length} numbers, the input has rank ${x.shape.length}`,
    );
  }
}
