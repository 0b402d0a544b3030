/**
 * Pooling: a window over every plane of [N, C, H, W], reduced to one element. Padding is not part of a window. With
 * `ceilMode` the last, partial window counts, unless it would start in the bottom or right padding (PyTorch, ONNX).
 */
import { sameShape, sizeOf, type TensorType } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { Cost, OutputAccess, Reject, SampleInput, TensorAccess } from '../types.ts';
import type { Sight } from '../facts.ts';
import { bytesOf } from './cost.ts';
import { keepsShape } from './facts.ts';
import { checkPlanes } from './planes.ts';
import { windowSight } from './sight.ts';
import { checkWindow, noPadding, windowedShape, type Pair, type WindowAttrs } from './window.ts';
import { forWindow, slidingOver, type Sliding, type WindowElement } from './windowLoops.ts';

export interface PoolAttrs extends WindowAttrs {
  readonly ceilMode: boolean;
}

/** [N, C, H', W']. Rejects windows that are completely in the padding. */
export function poolShape(shape: readonly number[], attrs: PoolAttrs, reject: Reject): number[] {
  checkWindow(attrs, reject);
  const [n, channels, height, width] = shape;
  const plane = windowedShape(height!, width!, attrs, reject, attrs.ceilMode);
  if (plane.some((extent) => extent < 1)) reject('CNNC1204', 'no window starts inside the input');
  for (const axis of [0, 1] as const)
    checkWindowsSeeInput(attrs, axis, shape[axis + 2]!, plane[axis], reject);
  return [n!, channels!, ...plane];
}

function checkWindowsSeeInput(
  w: WindowAttrs,
  axis: 0 | 1,
  extent: number,
  outputs: number,
  reject: Reject,
): void {
  for (let o = 0; o < outputs; o++) {
    const start = o * w.stride[axis] - w.padding[axis];
    const positions = Array.from({ length: w.kernel[axis] }, (_, k) => start + k * w.dilation[axis]);
    if (!positions.some((position) => position >= 0 && position < extent)) {
      const kind = axis === 0 ? 'row' : 'column';
      reject(
        'CNNC1204',
        `the windows of output ${kind} ${o} lie entirely in the padding (padding [${w.padding.join(', ')}])`,
      );
    }
  }
}

export function inferPool([x]: readonly TensorType[], attrs: PoolAttrs, reject: Reject): TensorType {
  checkPlanes(x!, reject);
  return { dtype: 'f32', shape: poolShape(x!.shape, attrs, reject) };
}

/** Checks that the shape is that of pooling `x`, for operands that belong to a pooled input. */
export function checkPooled(
  what: string,
  pooled: TensorType,
  x: readonly number[],
  attrs: PoolAttrs,
  reject: Reject,
): void {
  const expected = poolShape(x, attrs, reject);
  if (!sameShape(pooled.shape, expected)) {
    reject(
      'CNNC1202',
      `the ${what} has shape [${pooled.shape.join(',')}], pooling gives [${expected.join(',')}]`,
    );
  }
}

export interface PoolWindow {
  readonly sliding: Sliding;
  readonly oy: Expr;
  readonly ox: Expr;
  /** Loads the input at a place of the window's plane. */
  load(row: Expr, column: Expr): Expr;
  forEach(visit: (value: Expr, element: WindowElement) => void): void;
}

/** Reduces every window with `reduce` and stores the result. */
export function definePool(
  k: KernelBuilder,
  attrs: PoolAttrs,
  x: TensorAccess,
  output: OutputAccess,
  reduce: (window: PoolWindow) => Expr,
): void {
  const sliding = slidingOver(attrs, x.type.shape, output.type.shape);
  const [n, channels, height, width] = output.type.shape;
  k.forEach(['n', 'oy', 'ox', 'c'], [n!, height!, width!, channels!], ([image, oy, ox, c]) => {
    const load = (row: Expr, column: Expr): Expr => x.load([image!, c!, row, column]);
    const value = reduce({
      sliding,
      oy: oy!,
      ox: ox!,
      load,
      forEach: (visit) => forWindow(k, sliding, [oy!, ox!], (e) => visit(load(e.row, e.column), e)),
    });
    output.store([image!, c!, oy!, ox!], value);
  });
}

export const poolSight = (_inputs: readonly TensorType[], { kernel, dilation, stride }: PoolAttrs): Sight =>
  windowSight(kernel, dilation, stride);

/** Whether each window is one element, and each element has one. */
export const poolsNothing = (
  inputs: readonly TensorType[],
  { kernel }: PoolAttrs,
  output: TensorType,
): boolean => kernel.every((extent) => extent === 1) && keepsShape(inputs, kernel, output);

/**
 * Whether every window contains an element of the input. Pooling refuses windows that contain only padding, and with
 * `ceilMode` the padding decides which windows exist. Padding narrower than the window leaves it an element.
 */
export function windowsReachInput({ kernel, padding, ceilMode, dilation }: PoolAttrs): boolean {
  const [top, left, bottom, right] = padding;
  const isNarrow = Math.max(top, bottom) < kernel[0] && Math.max(left, right) < kernel[1];
  return isNarrow && !ceilMode && dilation.every((d) => d === 1);
}

export const poolCost = (inputs: readonly TensorType[], attrs: PoolAttrs, output: TensorType): Cost => ({
  multiplyAdds: sizeOf(output.shape) * attrs.kernel[0] * attrs.kernel[1],
  bytes: bytesOf([...inputs, output]),
});

/** Cost of a gradient that gathers over the windows that cover each input element. */
export const poolGradientCost = (
  inputs: readonly TensorType[],
  attrs: PoolAttrs,
  output: TensorType,
): Cost => ({
  multiplyAdds: sizeOf(inputs[0]!.shape) * attrs.kernel[0] * attrs.kernel[1],
  bytes: bytesOf([...inputs, output]),
});

/** Completes a sample's attributes: stride = kernel as in PyTorch, no padding. */
export function poolAttrs(kernel: Pair, attrs: Partial<PoolAttrs> = {}): PoolAttrs {
  return { kernel, stride: kernel, padding: noPadding, dilation: [1, 1], ceilMode: false, ...attrs };
}

/** Geometries for the samples of every pooling operator. */
export function poolSamples(
  values: SampleInput['values'],
): { name: string; inputs: SampleInput[]; attrs: PoolAttrs }[] {
  const x = (...shape: number[]): SampleInput[] => [{ dtype: 'f32', shape, ...(values ? { values } : {}) }];
  return [
    { name: '2x2', inputs: x(2, 3, 6, 8), attrs: poolAttrs([2, 2]) },
    {
      name: '3x3, stride 2, padding 1',
      inputs: x(1, 3, 7, 8),
      attrs: poolAttrs([3, 3], { stride: [2, 2], padding: [1, 1, 1, 1] }),
    },
    {
      name: '3x2, stride 1 by 2, padded unevenly',
      inputs: x(1, 2, 5, 7),
      attrs: poolAttrs([3, 2], { stride: [1, 2], padding: [2, 1, 0, 1] }),
    },
    {
      name: 'ceil mode, partial last window',
      inputs: x(1, 2, 6, 7),
      attrs: poolAttrs([3, 3], { stride: [2, 2], ceilMode: true }),
    },
    {
      name: 'ceil mode, window in the padding dropped',
      inputs: x(1, 2, 4, 5),
      attrs: poolAttrs([2, 2], { padding: [1, 1, 1, 1], ceilMode: true }),
    },
    {
      name: 'dilation 2 by 3, padding',
      inputs: x(1, 2, 7, 9),
      attrs: poolAttrs([2, 3], { stride: [1, 2], dilation: [2, 3], padding: [1, 2, 1, 1] }),
    },
    { name: 'stride that leaves gaps', inputs: x(1, 3, 7, 8), attrs: poolAttrs([2, 1], { stride: [3, 3] }) },
    { name: 'the whole plane', inputs: x(2, 2, 4, 3), attrs: poolAttrs([4, 3]) },
  ];
}
