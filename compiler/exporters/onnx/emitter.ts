/**
 * The functions that the operators' ONNX forms call. They are built on two functions of a sheet: append a node,
 * append a constant.
 */
import {
  int,
  ints,
  type OnnxAttributes,
  type OnnxData,
  type OnnxElement,
  type OnnxEmitter,
  type OnnxOperand,
} from '../../ops/shared/onnx.ts';
import { sizeOf } from '../../ir/types.ts';
import { ELEMENT_TYPES } from './messages.ts';

/** The destination of an emitter's nodes and constants. */
export interface NodeSink {
  /** Appends a node whose output number `result` is used. Returns the name of that output. */
  node(op: string, operands: readonly OnnxOperand[], attributes: OnnxAttributes, result: 0 | 1): string;
  constant(element: OnnxElement, shape: readonly number[], data: OnnxData): string;
}

export function createEmitter({ node, constant }: NodeSink): OnnxEmitter {
  const emit: OnnxEmitter['emit'] = (op, operands, attributes = {}) => node(op, operands, attributes, 0);
  const integers = (values: readonly number[]) =>
    constant('i64', [values.length], BigInt64Array.from(values.map(BigInt)));
  const floats = (shape: readonly number[], values: Iterable<number>) =>
    constant('f32', shape, Float32Array.from(values));
  const reshape = (x: string, shape: readonly number[]) => emit('Reshape', [x, integers(shape)]);
  return {
    ...{ emit, constant, integers, floats, reshape },
    emitSecond: (op, operands, attributes = {}) => node(op, operands, attributes, 1),
    scalar: (value) => constant('f32', [], Float32Array.of(value)),
    filled: (shape, value) => floats(shape, Array<number>(sizeOf(shape)).fill(value)),
    transpose: (x, permutation) => emit('Transpose', [x], { perm: ints(permutation) }),
    cast: (x, to) => emit('Cast', [x], { to: int(ELEMENT_TYPES[to]) }),
    perChannel: (values, channels, rank) =>
      reshape(values, [channels, ...Array<number>(Math.max(rank - 2, 0)).fill(1)]),
  };
}
