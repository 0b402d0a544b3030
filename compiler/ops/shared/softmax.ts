/**
 * Common parts of softmax and its logarithm. Both subtract the largest x along the axis first, so nothing overflows.
 */
import { f32, sameShape, type TensorType } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, exp, max, sub } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpDefinition, OutputAccess, Reject, SampleInput, TensorAccess } from '../types.ts';
import { checkAxis, forEachAlong } from './axes.ts';

export interface AxisAttrs {
  readonly axis: number;
}

function inferAlong([x]: readonly TensorType[], { axis }: AxisAttrs, reject: Reject): TensorType {
  checkAxis(axis, x!.shape.length, reject);
  return x!;
}

/** The shape rule for the operands `gradient` and `result`. */
function inferAlongGradient(
  [gradient, result]: readonly TensorType[],
  { axis }: AxisAttrs,
  reject: Reject,
): TensorType {
  if (!sameShape(gradient!.shape, result!.shape))
    reject('CNNC1202', 'the gradient and the result differ in shape');
  checkAxis(axis, result!.shape.length, reject);
  return result!;
}

/** Stores `finish` of every x - m and of the sum of exp(x - m). m is the largest x. */
function defineSoftmax(
  k: KernelBuilder,
  axis: number,
  x: TensorAccess,
  output: OutputAccess,
  finish: (sum: Expr) => (shifted: Expr) => Expr,
): void {
  forEachAlong(k, x.type.shape, [axis], (outer, each) => {
    const largest = k.variable('largest', x.load(outer));
    each((index) => k.assign(largest, max(largest, x.load(index))));
    const sum = k.variable('sum', 0);
    each((index) => k.assign(sum, add(sum, exp(sub(x.load(index), largest)))));
    const value = finish(sum);
    each((index) => output.store(index, value(sub(x.load(index), largest))), { independent: true });
  });
}

interface GradientParts {
  /** The name of the sum along the axis, and how it continues. */
  readonly name: string;
  readonly next: (sum: Expr, gradient: Expr, result: Expr) => Expr;
  readonly value: (gradient: Expr, result: Expr, sum: Expr) => Expr;
}

function defineSoftmaxGradient(
  k: KernelBuilder,
  axis: number,
  [gradient, result]: readonly TensorAccess[],
  output: OutputAccess,
  { name, next, value }: GradientParts,
): void {
  forEachAlong(k, result!.type.shape, [axis], (_outer, each) => {
    const sum = k.variable(name, 0);
    each((index) => k.assign(sum, next(sum, gradient!.load(index), result!.load(index))));
    each((index) => output.store(index, value(gradient!.load(index), result!.load(index), sum)), {
      independent: true,
    });
  });
}

type SoftmaxName = 'softmax' | 'logSoftmax';

/** Everything except the gradient, cost and samples. */
export const softmaxParts = <K extends SoftmaxName>(
  finish: (k: KernelBuilder, sum: Expr) => (shifted: Expr) => Expr,
): Pick<OpDefinition<K>, 'operands' | 'infer' | 'define'> => ({
  operands: ['x'],
  infer: inferAlong,
  define: ({ attrs, inputs: [x], output }, k) =>
    defineSoftmax(k, attrs.axis, x!, output, (sum) => finish(k, sum)),
});

/** Everything except the cost. */
export const softmaxGradientParts = <K extends `${SoftmaxName}Gradient`>(
  parts: GradientParts,
): Pick<OpDefinition<K>, 'operands' | 'infer' | 'gradient' | 'define' | 'samples'> => ({
  operands: ['gradient', 'result'],
  infer: inferAlongGradient,
  gradient: 'notDifferentiable',
  define: ({ attrs, inputs, output }, k) => defineSoftmaxGradient(k, attrs.axis, inputs, output, parts),
  samples: softmaxGradientSamples(),
});

interface AxisSample {
  readonly name: string;
  readonly inputs: readonly SampleInput[];
  readonly attrs: AxisAttrs;
}

export const softmaxSamples = (): AxisSample[] => [
  { name: 'classes', inputs: [f32(3, 10)], attrs: { axis: 1 } },
  { name: 'channels of an image', inputs: [f32(2, 5, 3, 4)], attrs: { axis: 1 } },
  {
    name: 'the last axis, large values',
    inputs: [{ ...f32(2, 3, 7), values: { kind: 'uniform', low: 80, high: 99 } }],
    attrs: { axis: 2 },
  },
];

const softmaxGradientSamples = (): AxisSample[] => [
  { name: 'classes', inputs: [f32(3, 10), f32(3, 10)], attrs: { axis: 1 } },
  { name: 'channels of an image', inputs: [f32(2, 5, 3, 4), f32(2, 5, 3, 4)], attrs: { axis: 1 } },
];
