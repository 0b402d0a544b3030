/** Pooling, of windows and of whole planes. */
import { noPadding, windowedShape, windowExtent, type Pair } from '../../ops/shared/window.ts';
import type { PoolAttrs } from '../../ops/shared/pool.ts';
import { sizeOf, type TensorType } from '../../ir/types.ts';
import { slidingAttributes } from './convolution.ts';
import type { Attributes } from './messages.ts';
import { cast, flag, floats, int, integers, reshape, scalar, type Emitter, type ExportRule } from './site.ts';

/** Whether the last window is a partial one; where it is not, `ceil_mode` says nothing. */
function isPartial(attrs: PoolAttrs, { shape }: TensorType, output: TensorType): boolean {
  const never = (found: string): never => {
    throw new Error(found);
  };
  const whole = windowedShape(shape[2]!, shape[3]!, attrs, never);
  return whole.join() !== output.shape.slice(2).join();
}

const poolAttributes = (attrs: PoolAttrs, x: TensorType, output: TensorType): Attributes => ({
  ...slidingAttributes(attrs, attrs.kernel),
  ceil_mode: flag(isPartial(attrs, x, output)),
});

const maxPool: ExportRule<'maxPool'> = ({ e, inputs, types, attrs, output }) =>
  e.emit('MaxPool', inputs, poolAttributes(attrs, types[0]!, output));

const minPool: ExportRule<'minPool'> = ({ e, inputs: [x], types, attrs, output }) => {
  const pooled = e.emit('MaxPool', [e.emit('Neg', [x])], poolAttributes(attrs, types[0]!, output));
  return e.emit('Neg', [pooled]);
};

/** ONNX counts through all planes of all images, here each plane has its own numbers. */
const maxPoolIndices: ExportRule<'maxPoolIndices'> = ({ e, inputs, types, attrs, output }) => {
  const [, , height, width] = types[0]!.shape;
  const indices = e.emitSecond('MaxPool', inputs, poolAttributes(attrs, types[0]!, output));
  const plane = e.constant('i64', [], BigInt64Array.of(BigInt(height! * width!)));
  return cast(e, e.emit('Mod', [indices, plane]), 'i32');
};

const maxUnpool: ExportRule<'maxUnpool'> = ({ e, inputs: [x, indices], attrs, output }) => {
  const [n, channels, height, width] = output.shape;
  const planes = Array.from({ length: n! * channels! }, (_, plane) => BigInt(plane * height! * width!));
  const offsets = e.constant('i64', [n!, channels!, 1, 1], BigInt64Array.from(planes));
  const flat = e.emit('Add', [cast(e, indices!, 'i64'), offsets]);
  const { kernel, stride, padding } = attrs.window ?? { kernel: [1, 1], stride: [1, 1], padding: noPadding };
  const { dilations: _, ...window } = slidingAttributes({ stride, padding, dilation: [1, 1] }, kernel);
  return e.emit('MaxUnpool', [x, flat, integers(e, output.shape)], window);
};

const averagePool: ExportRule<'averagePool'> = ({ e, inputs, types, attrs, output }) =>
  e.emit('AveragePool', inputs, {
    ...poolAttributes(attrs, types[0]!, output),
    count_include_pad: flag(attrs.countIncludePad),
  });

const power = (e: Emitter, x: string, exponent: number): string => e.emit('Pow', [x, scalar(e, exponent)]);

/** ONNX has whole p only; otherwise the window's sum is a convolution with ones. */
const lpPool: ExportRule<'lpPool'> = ({ e, inputs: [x], types, attrs, output }) => {
  const [{ shape }, { p, kernel, stride, padding, dilation }] = [types[0]!, attrs];
  if (Number.isInteger(p) && !isPartial(attrs, types[0]!, output))
    return e.emit('LpPool', [x], { ...slidingAttributes(attrs, kernel), p: int(p) });
  const after = ([0, 1] as const).map((axis) => {
    const reach = (output.shape[axis + 2]! - 1) * stride[axis] + windowExtent(kernel[axis], dilation[axis]);
    return Math.max(0, reach - shape[axis + 2]! - padding[axis]);
  });
  const ones = floats(e, [shape[1]!, 1, ...kernel], Array<number>(shape[1]! * sizeOf(kernel)).fill(1));
  const sliding = slidingAttributes(
    { stride, dilation, padding: [padding[0], padding[1], ...after] },
    kernel,
  );
  const powers = power(e, e.emit('Abs', [x]), p);
  return power(e, e.emit('Conv', [powers, ones], { ...sliding, group: int(shape[1]!) }), 1 / p);
};

/** ONNX's global pools want a spatial axis. */
const planesOf = (e: Emitter, x: string, { shape }: TensorType): string =>
  shape.length > 2 ? x : reshape(e, x, [...shape, 1]);

const shaped = (e: Emitter, value: string, output: TensorType): string =>
  output.shape.length > 2 ? value : reshape(e, value, output.shape);

const globalPool =
  <K extends 'globalAveragePool' | 'globalMaxPool'>(op: string): ExportRule<K> =>
  ({ e, inputs: [x], types, output }) =>
    shaped(e, e.emit(op, [planesOf(e, x!, types[0]!)]), output);

const globalLpPool: ExportRule<'globalLpPool'> = ({ e, inputs: [x], types, attrs: { p }, output }) => {
  const planes = planesOf(e, x!, types[0]!);
  if (Number.isInteger(p)) return shaped(e, e.emit('GlobalLpPool', [planes], { p: int(p) }), output);
  const axes = integers(
    e,
    Array.from({ length: Math.max(output.shape.length, 3) - 2 }, (_, i) => i + 2),
  );
  const sum = e.emit('ReduceSum', [power(e, e.emit('Abs', [planes]), p), axes], { keepdims: flag(true) });
  return shaped(e, power(e, sum, 1 / p), output);
};

/** Even bins are windows; others are averages by a matrix along each axis. */
const adaptiveAveragePool: ExportRule<'adaptiveAveragePool'> = ({ e, inputs: [x], types, attrs }) => {
  const plane = types[0]!.shape.slice(2) as unknown as Pair;
  const [rows, columns] = attrs.outputSize;
  const kernel: Pair = [plane[0] / rows, plane[1] / columns];
  if (kernel.every(Number.isInteger)) {
    const sliding = { stride: kernel, padding: noPadding, dilation: [1, 1] };
    return e.emit('AveragePool', [x], slidingAttributes(sliding, kernel));
  }
  const along = floats(e, [rows, plane[0]], averages(rows, plane[0]).flat());
  const across = averages(columns, plane[1]);
  const turned = Array.from({ length: plane[1] }, (_, i) => across.map((bin) => bin[i]!));
  return e.emit('MatMul', [e.emit('MatMul', [along, x]), floats(e, [plane[1], columns], turned.flat())]);
};

/** By bin: the weight of each element. */
const averages = (bins: number, extent: number): number[][] =>
  Array.from({ length: bins }, (_, bin) => {
    const [from, to] = [Math.floor((bin * extent) / bins), Math.ceil(((bin + 1) * extent) / bins)];
    return Array.from({ length: extent }, (_, i) => (i >= from && i < to ? 1 / (to - from) : 0));
  });

export const pooling = {
  ...{ adaptiveAveragePool, averagePool, globalLpPool, lpPool, maxPool, maxPoolIndices, maxUnpool, minPool },
  globalAveragePool: globalPool<'globalAveragePool'>('GlobalAveragePool'),
  globalMaxPool: globalPool<'globalMaxPool'>('GlobalMaxPool'),
};
