/** Reductions along axes. The defaults are PyTorch's: all axes, and the reduced axes are removed. */
import type { ReductionName } from '../../ops/shared/reduction.ts';
import { absent, flag, integer, integerOrList, optional, readOptions } from '../options.ts';
import type { Tensor } from '../tensor.ts';
import { readAxis } from './axis.ts';
import type { Layer } from './layer.ts';

/** Options of the reductions. */
export interface ReduceOptions {
  /** One axis or several; a negative one counts from the end. Default: all. */
  readonly axes?: number | readonly number[];
  /** Whether reduced axes stay, with extent 1; default false. */
  readonly keepDims?: boolean;
}

type Reduction = Extract<ReductionName, `reduce${string}`>;

const reduction =
  (op: Reduction) =>
  (layer: Layer, x: Tensor, options: ReduceOptions = {}): Tensor => {
    const { axes, keepDims } = readOptions(layer.wrongOption, options, {
      axes: absent(integerOrList),
      keepDims: optional(flag, false),
    });
    const read = axes?.map((axis) => readAxis(layer, axis, x)) ?? x.shape.map((_, axis) => axis);
    return layer.node<Reduction>(op, [x], { axes: read, keepDims });
  };

/** The sum of x */
export const reduceSum = reduction('reduceSum');

/** The mean of x */
export const reduceMean = reduction('reduceMean');

/** The maximum of x */
export const reduceMax = reduction('reduceMax');

/** The minimum of x */
export const reduceMin = reduction('reduceMin');

/** The product of x */
export const reduceProd = reduction('reduceProd');

/** The sum of |x| */
export const reduceL1 = reduction('reduceL1');

/** The square root of the sum of x^2 */
export const reduceL2 = reduction('reduceL2');

/** The sum of x^2 */
export const reduceSumSquare = reduction('reduceSumSquare');

/** Options of `argMax`. */
export interface ArgMaxOptions {
  /** The axis; a negative one counts from the end. Default 1, the classes. */
  readonly axis?: number;
  /** Whether the axis stays, with extent 1; default false. */
  readonly keepDims?: boolean;
}

/**
 * Index of the largest number along the axis, as i32. Of equal numbers the first one counts. It has no
 * gradient.
 */
export function argMax(layer: Layer, x: Tensor, options: ArgMaxOptions = {}): Tensor {
  const { axis, keepDims } = readOptions(layer.wrongOption, options, {
    axis: optional(integer, 1),
    keepDims: optional(flag, false),
  });
  return layer.node('argMax', [x], { axis: readAxis(layer, axis, x), keepDims, selectLastIndex: false });
}
