/** Shorthand for the many pointwise operators with one or two f32 operands. */
import { type Attrs, f32, formatType, type OpName, type TensorType } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpDefinition, Reject, Sample, SampleInput } from '../types.ts';
import { onnxNode } from './onnx.ts';
import { inferBroadcast, pointwiseOp, type PointwiseFacts } from './pointwise.ts';

type Values = SampleInput['values'];

/** The shape rule of arithmetic: f32 operands that broadcast. */
export function inferF32(inputs: readonly TensorType[], reject: Reject): TensorType {
  for (const type of inputs)
    if (type.dtype !== 'f32') reject('CNNC1203', `an operand is ${formatType(type)}, expected f32`);
  return inferBroadcast(inputs, reject);
}

interface UnaryPart<K extends OpName> extends PointwiseFacts<K> {
  readonly value: (x: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;
  /** Checks the attributes. */
  readonly check?: (attrs: Attrs[K], reject: Reject) => void;
}

export function unaryOp<K extends OpName>(name: K, { value, check, ...part }: UnaryPart<K>): OpDefinition<K> {
  return pointwiseOp<K>(name, {
    operands: ['x'],
    infer(inputs, attrs, reject) {
      check?.(attrs, reject);
      return inferF32(inputs, reject);
    },
    pointwise: ([x], attrs, k) => value(x!, attrs, k),
    ...part,
  });
}

/** A step function, whose gradient is 0 wherever it exists. Its steps are at `steps`. */
export const flatOp = <K extends OpName>(
  name: K,
  onnx: string,
  value: (x: Expr, k: KernelBuilder) => Expr,
  steps: readonly number[] = [0],
): OpDefinition<K> =>
  unaryOp<K>(name, {
    value: (x, _attrs, k) => value(x, k),
    gradient: () => [undefined],
    samples: elementwiseSamples({} as Attrs[K], { kind: 'away', from: steps }),
    onnx: onnxNode(onnx),
  });

interface BinaryPart<K extends OpName> extends PointwiseFacts<K> {
  /** Names of the operands; default: a and b. */
  readonly operands?: readonly [string, string];
  readonly value: (a: Expr, b: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;
}

export function binaryOp<K extends OpName>(
  name: K,
  { value, operands = ['a', 'b'], ...part }: BinaryPart<K>,
): OpDefinition<K> {
  return pointwiseOp<K>(name, {
    operands,
    infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
    pointwise: ([a, b], attrs, k) => value(a!, b!, attrs, k),
    ...part,
  });
}

/** A sample operand above 0, such as a variance or a divisor. */
export const positive = (type: TensorType): SampleInput => ({
  ...type,
  values: { kind: 'uniform', low: 0.25, high: 2 },
});

/** Samples with one operand. `values` keeps them where the function is smooth. */
export function elementwiseSamples<K extends OpName>(attrs: Attrs[K], values?: Values): Sample<K>[] {
  return [
    { name: 'rank 4', inputs: [{ ...f32(2, 3, 3, 5), values }], attrs },
    { name: 'rank 2', inputs: [{ ...f32(3, 7), values }], attrs },
    { name: 'a scalar', inputs: [{ ...f32(), values }], attrs },
  ];
}

/** Samples of a gradient operator. Its first operand is the gradient, its second x or the result. */
export function gradientSamples<K extends OpName>(attrs: Attrs[K], values?: Values): Sample<K>[] {
  return [
    { name: 'rank 4', inputs: [f32(2, 3, 3, 5), { ...f32(2, 3, 3, 5), values }], attrs },
    { name: 'rank 2', inputs: [f32(3, 7), { ...f32(3, 7), values }], attrs },
  ];
}

/** Samples with two operands. Each of them is broadcast in one sample. */
export function binarySamples<K extends OpName>(values: { a?: Values; b?: Values } = {}): Sample<K>[] {
  const sample = (name: string, a: number[], b: number[]) => ({
    name,
    inputs: [
      { ...f32(...a), values: values.a },
      { ...f32(...b), values: values.b },
    ],
    attrs: {} as Attrs[K],
  });
  return [
    sample('same shape', [2, 3, 4, 5], [2, 3, 4, 5]),
    sample('per channel', [2, 3, 4, 5], [1, 3, 1, 1]),
    sample('lower rank on the left', [5], [3, 1]),
    sample('scalar', [2, 3], []),
  ];
}
