/** Windows as attributes of ONNX nodes. */
import type { TensorType } from '../../ir/types.ts';
import { flag, ints, type OnnxAttributes } from './onnx.ts';
import type { PoolAttrs } from './pool.ts';
import { windowedShape } from './window.ts';

interface Sliding {
  readonly stride: readonly number[];
  readonly padding: readonly number[];
  readonly dilation: readonly number[];
}

export const slidingAttributes = (
  { stride, padding, dilation }: Sliding,
  kernel: readonly number[],
): OnnxAttributes => ({
  kernel_shape: ints(kernel),
  strides: ints(stride),
  pads: ints(padding),
  dilations: ints(dilation),
});

/** Whether the last window is partial. If not, `ceil_mode` changes nothing. */
export function hasPartialWindow(attrs: PoolAttrs, { shape }: TensorType, output: TensorType): boolean {
  const never = (found: string): never => {
    throw new Error(found);
  };
  const whole = windowedShape(shape[2]!, shape[3]!, attrs, never);
  return whole.join() !== output.shape.slice(2).join();
}

export const poolAttributes = (attrs: PoolAttrs, x: TensorType, output: TensorType): OnnxAttributes => ({
  ...slidingAttributes(attrs, attrs.kernel),
  ceil_mode: flag(hasPartialWindow(attrs, x, output)),
});
