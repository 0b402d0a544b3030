/** Common parts of the ONNX forms of normalizations. */
import { sizeOf } from '../../ir/types.ts';
import { axesExcept } from './axes.ts';
import { flag, float, type OnnxEmitter, type OnnxSite } from './onnx.ts';

/** ONNX has InstanceNormalization for groups of channels: each group is treated as one channel. */
export function onnxGroups<K extends 'groupNorm' | 'instanceNorm'>(
  { e, inputs: [x, weight, bias], types }: OnnxSite<K>,
  groups: number,
  epsilon: number,
): string {
  const { shape } = types[0]!;
  const rows = e.reshape(x!, [shape[0]!, groups, sizeOf(shape) / (shape[0]! * groups)]);
  const normalized = e.emit('InstanceNormalization', [rows, e.filled([groups], 1), e.filled([groups], 0)], {
    epsilon: float(epsilon),
  });
  let value = e.reshape(normalized, shape);
  if (weight) value = e.emit('Mul', [value, e.perChannel(weight, shape[1]!, shape.length)]);
  if (bias) value = e.emit('Add', [value, e.perChannel(bias, shape[1]!, shape.length)]);
  return value;
}

/** The mean over every axis except the channels'. */
export const meanPerChannel = (e: OnnxEmitter, x: string, rank: number): string =>
  e.emit('ReduceMean', [x, e.integers(axesExcept(rank, 1))], { keepdims: flag(false) });
