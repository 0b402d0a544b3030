/**
 * Normalization over sets of elements: xhat = (x - mean) / sqrt(variance + epsilon) with the mean and the biased
 * variance of the set that contains x (Ba et al. 2016, Wu & He 2018). Layer, instance and group normalization differ
 * only in their sets.
 *
 * The gradient of xhat with respect to x, for a gradient g of xhat, with means over the set:
 *   (g - mean(g) - xhat * mean(g * xhat)) / sqrt(variance + epsilon)
 */
import { sameShape, sizeOf, type OpName, type TensorType } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { add, div, fma, mul, sqrt, sub } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OutputAccess, Reject, Site, TensorAccess } from '../types.ts';
import { axisNames } from './pointwise.ts';
import { type EachAlong, forEachAlong } from './axes.ts';
import { element, elementAt } from './formula.ts';

export interface LayerNormAttrs {
  /** The number of last axes that are normalized together. */
  readonly normalizedRank: number;
  readonly epsilon: number;
}

export interface GroupNormAttrs {
  readonly groups: number;
  readonly epsilon: number;
}

/** Calls the body once for each set, with a loop over the set's elements. */
export type ForEachSet = (body: (each: EachAlong) => void) => void;

/** The sets of layer normalization: one for each index of the leading axes. */
function layerSets(k: KernelBuilder, shape: readonly number[], normalizedRank: number): ForEachSet {
  const axes = shape.map((_, axis) => axis).slice(shape.length - normalizedRank);
  return (body) => forEachAlong(k, shape, axes, (_outer, each) => body(each));
}

/** The sets of group normalization: one for each sample and each run of C / groups channels. */
function groupSets(k: KernelBuilder, shape: readonly number[], groups: number): ForEachSet {
  const perGroup = shape[1]! / groups;
  const names = axisNames(shape.length);
  return (body) =>
    k.forEach(['n', 'group'], [shape[0]!, groups], ([n, group]) => {
      body((visit, options) => {
        const open = (axis: number, index: Expr[]): void => {
          if (axis === shape.length) return visit(index);
          k.for(names[axis]!, 0, shape[axis]!, (i) => open(axis + 1, [...index, i]), options);
        };
        const channelOf = (i: Expr): Expr => add(mul(group!, perGroup), i);
        k.for('c', 0, perGroup, (i) => open(2, [n!, channelOf(i)]), options);
      });
    });
}

interface Statistics {
  readonly mean: Expr;
  /** 1 / sqrt(variance + epsilon) */
  readonly inverse: Expr;
}

function statistics(
  k: KernelBuilder,
  x: TensorAccess,
  each: EachAlong,
  count: number,
  epsilon: number,
): Statistics {
  const sum = k.variable('sum', 0);
  each((index) => k.assign(sum, add(sum, x.load(index))));
  const mean = k.let('mean', div(sum, count));
  const squares = k.variable('squares', 0);
  each((index) => {
    const difference = k.let('difference', sub(x.load(index), mean));
    k.assign(squares, fma(difference, difference, squares));
  });
  return { mean, inverse: k.let('inverse', div(1, sqrt(add(div(squares, count), epsilon)))) };
}

export interface Normalization {
  readonly sets: ForEachSet;
  /** Number of elements of one set. */
  readonly count: number;
  readonly epsilon: number;
}

/** Normalization over the last `normalizedRank` axes together. */
export const layerNormalization = (
  k: KernelBuilder,
  shape: readonly number[],
  { normalizedRank, epsilon }: LayerNormAttrs,
): Normalization => ({
  sets: layerSets(k, shape, normalizedRank),
  count: sizeOf(shape.slice(shape.length - normalizedRank)),
  epsilon,
});

/** Normalization over runs of channels, each sample separately. */
export const groupNormalization = (
  k: KernelBuilder,
  shape: readonly number[],
  { groups, epsilon }: GroupNormAttrs,
): Normalization => ({
  sets: groupSets(k, shape, groups),
  count: sizeOf(shape) / (shape[0]! * groups),
  epsilon,
});

/** Group normalization with a weight and a bias per channel. */
export function defineGroupNorm(
  k: KernelBuilder,
  attrs: GroupNormAttrs,
  { inputs: [x, weight, bias], output }: Pick<Site<OpName>, 'inputs' | 'output'>,
): void {
  const norm = groupNormalization(k, x!.type.shape, attrs);
  defineNormalization(k, norm, x!, output, (normalized, index) =>
    applyAffine(normalized, weight, bias, [index[1]!]),
  );
}

/**
 * The shape rule for the operands `gradient` and `x` of a normalization's gradient. `check` is the normalization's
 * check.
 */
export function inferNormalizationGradient(
  [gradient, x]: readonly TensorType[],
  reject: Reject,
  check: (x: TensorType) => void,
): TensorType {
  if (!sameShape(gradient!.shape, x!.shape)) reject('CNNC1202', 'the gradient and the input differ in shape');
  check(x!);
  return x!;
}

/** out = affine(xhat, index) */
export function defineNormalization(
  k: KernelBuilder,
  { sets, count, epsilon }: Normalization,
  x: TensorAccess,
  output: OutputAccess,
  affine: (normalized: Expr, index: readonly Expr[]) => Expr,
): void {
  sets((each) => {
    const { mean, inverse } = statistics(k, x, each, count, epsilon);
    each((index) => output.store(index, affine(mul(sub(x.load(index), mean), inverse), index)), {
      independent: true,
    });
  });
}

/** out = the gradient of x for a gradient of xhat */
export function defineNormalizationGradient(
  k: KernelBuilder,
  { sets, count, epsilon }: Normalization,
  gradient: TensorAccess,
  x: TensorAccess,
  output: OutputAccess,
): void {
  sets((each) => {
    const { mean, inverse } = statistics(k, x, each, count, epsilon);
    const normalizedAt = (index: readonly Expr[]): Expr => mul(sub(x.load(index), mean), inverse);
    const [sum, dot] = [k.variable('gradientSum', 0), k.variable('dot', 0)];
    each((index) => {
      const value = k.let('value', gradient.load(index));
      k.assign(sum, add(sum, value));
      k.assign(dot, fma(value, normalizedAt(index), dot));
    });
    const [meanGradient, meanDot] = [
      k.let('meanGradient', div(sum, count)),
      k.let('meanDot', div(dot, count)),
    ];
    each(
      (index) => {
        const centered = sub(sub(gradient.load(index), meanGradient), mul(normalizedAt(index), meanDot));
        output.store(index, mul(centered, inverse));
      },
      { independent: true },
    );
  });
}

/** xhat * weight + bias. Both are optional. */
export function applyAffine(
  normalized: Expr,
  weight: TensorAccess | undefined,
  bias: TensorAccess | undefined,
  index: readonly Expr[],
): Expr {
  const scaled = weight ? mul(normalized, weight.load(index)) : normalized;
  return bias ? add(scaled, bias.load(index)) : scaled;
}

/** xhat * weight + bias as text. `set` names the elements that mean and variance are over. */
export function normalizedText(
  [x, weight, bias]: readonly (TensorType | undefined)[],
  epsilon: number,
  affineIndex: readonly string[],
  set: string,
): string {
  const normalized = `(${elementAt('x', x!)} - mean) / sqrt(variance + ${epsilon})`;
  const scaled = weight ? `${normalized} * ${element('weight', affineIndex)}` : normalized;
  const whole = bias ? `${scaled} + ${element('bias', affineIndex)}` : scaled;
  return `${whole}, mean and variance of x over ${set}`;
}

/** The gradient of x as text. y is xhat. */
export const normalizedGradientText = (epsilon: number, set: string): string =>
  `(gradient - mean(gradient) - y * mean(gradient * y)) / s, y = (x - mean(x)) / s, ` +
  `s = sqrt(variance(x) + ${epsilon}), each over ${set}`;
