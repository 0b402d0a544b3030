/** Common parts of conv2d and its transpose besides windows: groups, the bias, and weights by channel. */
import type { OpName, TensorType, ValueId } from '../../ir/types.ts';
import type { WeightAxes } from '../facts.ts';
import type { GradientSite, Reject } from '../types.ts';
import { noPadding, type Padding, type Pair } from './window.ts';

export interface Conv2dAttrs {
  readonly stride: Pair;
  readonly padding: Padding;
  readonly dilation: Pair;
  readonly groups: number;
}

/** Completes a sample's attributes: stride 1, no padding, one group. */
export const convAttrs = (given: Partial<Conv2dAttrs>): Conv2dAttrs => ({
  stride: [1, 1],
  padding: noPadding,
  dilation: [1, 1],
  groups: 1,
  ...given,
});

export function checkGroupCount(groups: number, reject: Reject): void {
  if (!(Number.isInteger(groups) && groups >= 1))
    reject('CNNC1104', `groups is ${groups}, expected a whole number from 1`);
}

/** Checks the bias, if there is one: one number for each output channel. */
export function checkBias(bias: TensorType | undefined, outputs: number, reject: Reject): void {
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
    reject(
      'CNNC1202',
      `the bias has shape [${bias.shape.join(',')}], the weight has ${outputs} output channels`,
    );
  }
}

/** The gradient of the third operand, if there is one. */
export const biasGradient = <K extends OpName>({
  inputs: [, , bias],
  gradient,
  g,
  needs,
}: GradientSite<K>): ValueId | undefined =>
  bias !== undefined && needs(2)
    ? g.node('reduceSum', [gradient], { axes: [0, 2, 3], keepDims: false })
    : undefined;

/** A weight whose first axis counts the channels of all groups and whose second axis counts those of one group. */
export function groupedAxes(
  [all, perGroup, ...kernel]: readonly number[],
  groups: number,
  first: 'inputs' | 'outputs',
): WeightAxes {
  const shape = groups === 1 ? [all!, perGroup!] : [groups, all! / groups, perGroup!];
  const [ofFirst, ofSecond] =
    groups === 1
      ? [[0], [1]]
      : [
          [0, 1],
          [0, 2],
        ];
  return {
    shape: [...shape, ...kernel],
    inputs: first === 'inputs' ? ofFirst : ofSecond,
    outputs: first === 'inputs' ? ofSecond : ofFirst,
  };
}
