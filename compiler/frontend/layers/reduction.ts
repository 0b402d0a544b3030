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

const reduction =
  (op: Reduction) =>
  (layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor => {
    const { axes, keepDims } = readOptions(layer.reject, options, {
      axes: absent(integerOrList),
      keepDims: optional(flag, false),
    });
    const read = axes?.map((axis) => readAxis(layer, axis, x)) ?? x.shape.map((_, axis) => axis);
    return layer.node<Reduction>(op, [x], { axes: read, keepDims });
  };

export const reduceSum = reduction('reduceSum');

export const reduceMean = reduction('reduceMean');

export const reduceMax = reduction('reduceMax');

export const reduceMin = reduction('reduceMin');

export const reduceProd = reduction('reduceProd');

/** The sum of |x|. */
export const reduceL1 = reduction('reduceL1');

/** The square root of the sum of x^2. */
export const reduceL2 = reduction('reduceL2');

/** The sum of x^2. */
export const reduceSumSquare = reduction('reduceSumSquare');

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
