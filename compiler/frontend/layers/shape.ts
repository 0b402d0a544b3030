/** Layers that move numbers and compute none. */
import { finite, integer, integerOrList, integers, oneOf, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import type { Layer } from './layer.ts';

export interface FlattenOptions {
  /** The axes before it stay apart together; default 1, the batch. */
  readonly axis?: number;
}

/** f32[N, C, H, W] to f32[N, C * H * W] */
export function flatten(layer: Layer, x: Tensor, options: FlattenOptions = {}): Tensor {
  const { axis } = readOptions(layer.reject, options, { axis: optional(integer, 1) });
  return layer.node('flatten', [x], { axis: readAxis(layer, axis, x) });
}

export interface ReshapeOptions {
  /** One extent may be -1: what is left over. */
  readonly shape: readonly number[];
}

/** The same numbers in the same order. */
export function reshape(layer: Layer, x: Tensor, options: ReshapeOptions): Tensor {
  const { shape } = readOptions(layer.reject, options, { shape: integers });
  return layer.node('reshape', [x], { shape: completeShape(layer, x, shape) });
}

function completeShape(layer: Layer, x: Tensor, shape: readonly number[]): readonly number[] {
  const open = shape.filter((extent) => extent === -1).length;
  if (open === 0) return shape;
  if (open > 1)
    layer.reject(`the shape [${shape.join(', ')}] has ${open} extents of -1, at most one can be found`);
  const size = x.shape.reduce((product, extent) => product * extent, 1);
  const known = shape.reduce((product, extent) => (extent === -1 ? product : product * extent), 1);
  if (size % known !== 0) layer.reject(`${size} elements do not fit the shape [${shape.join(', ')}]`);
  return shape.map((extent) => (extent === -1 ? size / known : extent));
}

export interface ConcatOptions {
  /** Default 1, the channels. */
  readonly axis?: number;
}

/** One behind the other along the axis. */
export function concat(layer: Layer, xs: readonly Tensor[], options: ConcatOptions = {}): Tensor {
  const { axis } = readOptions(layer.reject, options, { axis: optional(integer, 1) });
  if (xs.length === 0) layer.reject('the list of tensors is empty');
  return layer.node('concat', xs, { axis: readAxis(layer, axis, xs[0]!) });
}

export interface SplitOptions {
  /** How many equal parts, or the extent of each. */
  readonly parts: number | readonly number[];
  /** Default 1, the channels. */
  readonly axis?: number;
}

/** Cut into pieces along the axis; the opposite of `concat`. */
export function split(layer: Layer, x: Tensor, options: SplitOptions): readonly Tensor[] {
  const o = readOptions(layer.reject, options, {
    parts: integerOrList,
    axis: optional(integer, 1),
  });
  const axis = readAxis(layer, o.axis, x);
  const extents = Array.isArray(options.parts) ? o.parts : equalParts(layer, x.shape[axis]!, o.parts[0]!);
  const sum = extents.reduce((total, extent) => total + extent, 0);
  if (sum !== x.shape[axis] || extents.some((extent) => extent < 1)) {
    layer.reject(`parts of ${extents.join(', ')} do not fill axis ${axis} with its ${x.shape[axis]}`);
  }
  let start = 0;
  return extents.map((extent) => cut(layer, x, axis, start, (start += extent)));
}

function equalParts(layer: Layer, extent: number, parts: number): readonly number[] {
  if (parts < 1 || extent % parts !== 0) layer.reject(`${extent} cannot be cut into ${parts} equal parts`);
  return Array<number>(parts).fill(extent / parts);
}

function cut(layer: Layer, x: Tensor, axis: number, start: number, end: number): Tensor {
  return layer.node('slice', [x], {
    starts: x.shape.map((_, i) => (i === axis ? start : 0)),
    ends: x.shape.map((extent, i) => (i === axis ? end : extent)),
    steps: x.shape.map(() => 1),
  });
}

export interface TransposeOptions {
  /** Axis i of the result is axis `permutation[i]` of the input. */
  readonly permutation: readonly number[];
}

/** PyTorch's `permute`. */
export function transpose(layer: Layer, x: Tensor, options: TransposeOptions): Tensor {
  const { permutation } = readOptions(layer.reject, options, { permutation: integers });
  const axes = permutation.map((axis) => readAxis(layer, axis, x));
  return layer.node('transpose', [x], { permutation: axes });
}

export interface ExpandOptions {
  readonly shape: readonly number[];
}

/** Extents of 1, and axes that are missing in front, are repeated: NumPy's `broadcast_to`. */
export function expand(layer: Layer, x: Tensor, options: ExpandOptions): Tensor {
  return layer.node('expand', [x], readOptions(layer.reject, options, { shape: integers }));
}

export interface SliceOptions {
  /** First index by axis; default 0. Negative ones count from the end, as do those of `ends`. */
  readonly starts?: readonly number[];
  /** Index behind the last by axis; default: the extent. */
  readonly ends?: readonly number[];
  /** Default 1. */
  readonly steps?: readonly number[];
}

/** x[starts:ends:steps] by axis, as NumPy writes it. */
export function slice(layer: Layer, x: Tensor, options: SliceOptions): Tensor {
  const rank = x.shape.length;
  const o = readOptions(layer.reject, options, {
    starts: optional(integers, Array(rank).fill(0)),
    ends: optional(integers, x.shape),
    steps: optional(integers, Array(rank).fill(1)),
  });
  checkRanks(layer, x, o);
  const fromStart = (index: number, axis: number): number => (index < 0 ? index + x.shape[axis]! : index);
  const [starts, ends] = [o.starts.map(fromStart), o.ends.map(fromStart)];
  return layer.node('slice', [x], { starts, ends, steps: o.steps });
}

export interface PadOptions {
  /** By axis; default 0. */
  readonly before?: readonly number[];
  readonly after?: readonly number[];
  /** Default `constant`. */
  readonly mode?: 'constant' | 'reflect' | 'edge';
  /** What `constant` pads with; default 0. */
  readonly value?: number;
}

/** More numbers before and behind: a constant, the input mirrored at its edge, or its edge repeated. */
export function pad(layer: Layer, x: Tensor, options: PadOptions): Tensor {
  const none: readonly number[] = x.shape.map(() => 0);
  const o = readOptions(layer.reject, options, {
    before: optional(integers, none),
    after: optional(integers, none),
    mode: optional(oneOf('constant', 'reflect', 'edge'), 'constant'),
    value: optional(finite, 0),
  });
  checkRanks(layer, x, { before: o.before, after: o.after });
  return layer.node('pad', [x], o);
}

/** Options by axis need one number for each. */
function checkRanks(layer: Layer, x: Tensor, options: Readonly<Record<string, readonly number[]>>): void {
  for (const [name, list] of Object.entries(options)) {
    if (list.length === x.shape.length) continue;
    layer.reject(`the option ${name} has ${list.length} numbers, the input has rank ${x.shape.length}`);
  }
}
