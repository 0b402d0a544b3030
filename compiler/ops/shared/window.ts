/**
 * Sliding windows over (H, W) for convolution and pooling: the attributes, the output's extents, and the position of
 * a window's element.
 */
import { add, mul, sub, type Operand } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Border } from '../facts.ts';
import type { Reject } from '../types.ts';

/** [height, width] */
export type Pair = readonly [number, number];
/** [top, left, bottom, right], ONNX's order. */
export type Padding = readonly [number, number, number, number];

export interface WindowAttrs {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
}

export const noPadding: Padding = [0, 0, 0, 0];

/** The padding of an operator that also pads with a border. */
export function widerPadding([top, left, bottom, right]: Padding, { amounts }: Border): Padding {
  return [top + amounts[0], left + amounts[1], bottom + amounts[2], right + amounts[3]];
}

/** The number of elements from the first to the last of a window. */
export const windowExtent = (kernel: number, dilation: number): number => (kernel - 1) * dilation + 1;

/**
 * [height, width] of the output: floor((in + padding - extent) / stride) + 1. With `ceilMode` the last, partial
 * window counts, unless it would start in the bottom or right padding (PyTorch, ONNX).
 */
export function windowedShape(
  height: number,
  width: number,
  w: WindowAttrs,
  reject: Reject,
  ceilMode = false,
): [number, number] {
  const along = (axis: 0 | 1, extent: number): number => {
    const [before, after] = [w.padding[axis], w.padding[axis + 2]!];
    const span = windowExtent(w.kernel[axis], w.dilation[axis]);
    const room = extent + before + after - span;
    if (room < 0) {
      const side = axis === 0 ? 'height' : 'width';
      reject(
        'CNNC1204',
        `the kernel spans ${span} of ${side}, the input with its padding has only ${extent + before + after}`,
      );
    }
    if (!ceilMode) return Math.floor(room / w.stride[axis]) + 1;
    const count = Math.ceil(room / w.stride[axis]) + 1;
    return (count - 1) * w.stride[axis] >= extent + before ? count - 1 : count;
  };
  return [along(0, height), along(1, width)];
}

/** The input's row (axis 0) or column (axis 1) under element `k` of output `o`'s window. It may be outside. */
export function windowPosition(w: WindowAttrs, axis: 0 | 1, output: Operand, k: Operand): Expr {
  return sub(add(mul(output, w.stride[axis]), mul(k, w.dilation[axis])), w.padding[axis]);
}

/** Rejects strides, dilations and kernels below 1 and negative paddings. */
export function checkWindow(w: WindowAttrs, reject: Reject): void {
  const whole = (values: readonly number[], least: number) =>
    values.every((v) => Number.isInteger(v) && v >= least);
  if (!whole(w.kernel, 1))
    reject('CNNC1104', `the kernel ${w.kernel.join('x')} is not made of whole numbers from 1`);
  if (!whole(w.stride, 1))
    reject('CNNC1104', `the stride ${w.stride.join('x')} is not made of whole numbers from 1`);
  if (!whole(w.dilation, 1))
    reject('CNNC1104', `the dilation ${w.dilation.join('x')} is not made of whole numbers from 1`);
  if (!whole(w.padding, 0))
    reject('CNNC1104', `the padding [${w.padding.join(', ')}] is not made of whole numbers from 0`);
}
