/** Reductions along axes, with PyTorch's defaults: over everything, and reduced axes vanish. */
import type { ReductionName } from '../../ops/shared/reduction.ts';
import { absent, flag, integer, integerOrList, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import type { Layer } from './layer.ts';

export interface ReduceOptions {
  /** One axis or several, negative ones from the end; default: all. */
  readonly axes?: number | readonly number[];
  /** Reduced axes stay with extent 1; default false. */
  readonly keepDims?: boolean;
}

type Reduction = Extract<ReductionName, `reduce${string}`>;

function reduce(layer: Layer, op: Reduction, x: Tensor, options: ReduceOptions): Tensor {
  const { axes, keepDims } = readOptions(layer.reject, options, {
    axes: absent(integerOrList),
    keepDims: optional(flag, false),
  });
  const read = axes?.map((axis) => readAxis(layer, axis, x)) ?? x.shape.map((_, axis) => axis);
  return layer.node<Reduction>(op, [x], { axes: read, keepDims });
}

export function reduceSum(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceSum', x, options);
}

export function reduceMean(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceMean', x, options);
}

export function reduceMax(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceMax', x, options);
}

export function reduceMin(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceMin', x, options);
}

export function reduceProd(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceProd', x, options);
}

/** The sum of |x|. */
export function reduceL1(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceL1', x, options);
}

/** The square root of the sum of x^2. */
export function reduceL2(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceL2', x, options);
}

/** The sum of x^2. */
export function reduceSumSquare(layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor {
  return reduce(layer, 'reduceSumSquare', x, options);
}

export interface ArgMaxOptions {
  /** Default 1, the classes; negative counts from the end. */
  readonly axis?: number;
  /** The axis stays with extent 1; default false. */
  readonly keepDims?: boolean;
}

/** Where along the axis the largest number stands, of equal ones the first: i32. It has no gradient. */
export function argMax(layer: Layer, x: Tensor, options: ArgMaxOptions = {}): Tensor {
  const { axis, keepDims } = readOptions(layer.reject, options, {
    axis: optional(integer, 1),
    keepDims: optional(flag, false),
  });
  return layer.node('argMax', [x], { axis: readAxis(layer, axis, x), keepDims, selectLastIndex: false });
}
