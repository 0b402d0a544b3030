/**
 * Runs a plan by tfjs' own operations, fused where tfjs has a fused one: a convolution or product takes its bias and
 * activation along. Weights are uploaded once; a value is disposed of after its last reader, as a GraphModel does it.
 */
import * as tf from '@tensorflow/tfjs-core';
import type { Sides, Step, TfjsPlan, Value } from './tfjsPlan.ts';

type Values = Map<Value, tf.Tensor>;

/** A tensor for each that the plan knows from the start. */
export function uploadTensors({ tensors }: TfjsPlan, numbers: Float32Array): Values {
  return new Map(
    tensors.map(({ value, shape, offset }) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      return [value, tf.tensor(numbers.subarray(offset, offset + size), shape)];
    }),
  );
}

/** The plan's output for an image. The caller owns both; `dies` says what may be disposed of after each step. */
export function runPlan(
  plan: TfjsPlan,
  known: ReadonlyMap<Value, tf.Tensor>,
  image: tf.Tensor,
  dies: readonly (readonly Value[])[] = [],
): tf.Tensor {
  const values: Values = new Map(known);
  values.set(plan.input.value, image);
  plan.steps.forEach((step, i) => {
    values.set(
      step.to,
      tf.tidy(() => runStep(step, values)),
    );
    for (const value of dies[i] ?? []) values.get(value)!.dispose();
  });
  return values.get(plan.output)!;
}

/** The values of earlier steps that are not read after each step. */
export function deaths({ steps, output }: TfjsPlan): Value[][] {
  const made = new Set(steps.map(({ to }) => to));
  const last = new Map<Value, number>();
  steps.forEach((step, i) => operandsOf(step).forEach((value) => last.set(value, i)));
  return steps.map((_, i) =>
    [...last].flatMap(([value, at]) => (at === i && made.has(value) && value !== output ? [value] : [])),
  );
}

function operandsOf(step: Step): readonly Value[] {
  if ('xs' in step) return step.xs;
  return 'a' in step ? [step.a, step.b] : [step.x];
}

function runStep(step: Step, values: ReadonlyMap<Value, tf.Tensor>): tf.Tensor {
  const at = (value: Value): tf.Tensor => values.get(value)!;
  switch (step.op) {
    case 'conv2d':
    case 'depthwiseConv2d': {
      const { strides, dilations, activation } = step;
      const operands = { x: at(step.x), filter: at(step.filter), bias: optional(step.bias, values) };
      return tf.fused[step.op]({ ...operands, strides, dilations, activation, pad: padding(step.sides) });
    }
    case 'groupedConv2d':
      return groupedConv2d(step, values);
    case 'matMul': {
      const bias = optional(step.bias, values);
      return tf.fused.matMul({ a: at(step.x), b: at(step.weight), bias, activation: step.activation });
    }
    case 'maxPool':
      return tf.maxPool(at(step.x), step.kernel, step.strides, padding(step.sides));
    case 'averagePool':
      return tf.avgPool(at(step.x), step.kernel, step.strides, padding(step.sides));
    case 'relu':
      return tf.relu(at(step.x));
    case 'relu6':
      return tf.relu6(at(step.x));
    case 'globalAveragePool':
      return tf.mean(at(step.x), [1, 2]);
    case 'add':
      return tf.add(at(step.a), at(step.b));
    case 'mul':
      return tf.mul(at(step.a), at(step.b));
    case 'concat':
      return tf.concat(step.xs.map(at), step.axis);
    case 'slice':
      return tf.stridedSlice(at(step.x), step.begin, step.end, step.strides);
    case 'pad':
      return tf.pad(at(step.x), step.sides, step.value);
    case 'reshape':
      return tf.reshape(at(step.x), step.shape);
    case 'batchNorm': {
      const { mean, variance } = tf.moments(at(step.x), [0, 1, 2]);
      return tf.batchNorm(at(step.x), mean, variance, at(step.offset), at(step.scale), step.epsilon);
    }
    default:
      return step satisfies never;
  }
}

/** tfjs has no groups on this backend: a convolution for each, and bias and activation over all of them. */
function groupedConv2d(
  step: Extract<Step, { op: 'groupedConv2d' }>,
  values: ReadonlyMap<Value, tf.Tensor>,
): tf.Tensor {
  const { strides, dilations, activation } = step;
  const window = { strides, dilations, pad: padding(step.sides) };
  const parts = tf.split(values.get(step.x)!, step.filters.length, 3).map((x, i) => {
    const filter = values.get(step.filters[i]!)!;
    return tf.fused.conv2d({ x, filter, ...window, activation: 'linear' });
  });
  const bias = optional(step.bias, values);
  const whole = tf.concat(parts, 3);
  const sum = bias ? tf.add(whole, bias) : whole;
  return activation === 'linear' ? sum : tf[activation](sum);
}

const optional = (value: Value | undefined, values: ReadonlyMap<Value, tf.Tensor>): tf.Tensor | undefined =>
  value === undefined ? undefined : values.get(value);

const padding = ([top, bottom, left, right]: Sides): tf.ExplicitPadding | 'valid' =>
  top + bottom + left + right === 0
    ? 'valid'
    : [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ];
