/** Losses as graphs: NegativeLogLikelihoodLoss and SoftmaxCrossEntropyLoss. */
import { binary, cast, compare, layer, scalar, unary, where } from '../../recorded/algebra/arithmetic.ts';
import { reduce } from '../../recorded/algebra/reduction.ts';
import { gather, reshape } from '../../recorded/algebra/movement.ts';
import { shapeOf, type Value } from '../../recorded/calls.ts';
import { known } from '../../recorded/known.ts';
import { rankOf, type NodeView } from '../node.ts';
import type { Translate, Translations } from './types.ts';

const all = (value: Value): number[] => shapeOf(value).map((_, axis) => axis);

/** The negated, weighted logarithm of each target's probability, reduced as `reduction` demands. */
function likelihood(node: NodeView, logs: Value): Value {
  const { r } = node;
  const [n, classes, ...rest] = shapeOf(logs);
  if (classes === undefined) return node.refuse('CNNC3015', 'its scores must have at least rank 2');
  const target = reshape(r, node.value(1), [n!, 1, ...rest]);
  const numbers = Array.from({ length: classes }, (_, c) => c);
  const perClass = known(target.dtype, [1, classes, ...rest.map(() => 1)], numbers);
  const isTarget = compare(r, 'equal', target, perClass);
  const picked = reduce(r, 'reduceSum', where(r, isTarget, logs, scalar(0)), [1], false);
  const weights = weightsOf(node, classes);
  const losses = weights ? binary(r, 'mul', unary(r, 'neg', picked), weights) : unary(r, 'neg', picked);
  return reduced(node, losses, weights);
}

/** The weight of each target: that of its class, or 0 if it is ignored. */
function weightsOf(node: NodeView, classes: number): Value | undefined {
  const { r } = node;
  const target = node.value(1);
  const given = node.inputs[2];
  const ignored = node.has('ignore_index') ? node.int('ignore_index') : undefined;
  if (!given && ignored === undefined) return undefined;
  const one = known('f32', [classes], Array<number>(classes).fill(1));
  const weights = given ? gather(r, given, target, 0) : undefined;
  if (ignored === undefined) return weights ?? gather(r, one, target, 0);
  const counts = cast(r, compare(r, 'notEqual', target, scalar(ignored, target.dtype)), 'f32');
  return weights ? binary(r, 'mul', weights, counts) : counts;
}

function reduced(node: NodeView, losses: Value, weights: Value | undefined): Value {
  const { r } = node;
  const reduction = node.text('reduction', 'mean');
  switch (reduction) {
    case 'none':
      return losses;
    case 'sum':
      return reduce(r, 'reduceSum', losses, all(losses), false);
    case 'mean': {
      if (!weights) return reduce(r, 'reduceMean', losses, all(losses), false);
      const total = reduce(r, 'reduceSum', weights, all(weights), false);
      return binary(r, 'div', reduce(r, 'reduceSum', losses, all(losses), false), total);
    }
    default:
      return node.refuse('CNNC3016', `the reduction ${JSON.stringify(reduction)} is not supported`);
  }
}

const negativeLogLikelihood: Translate = (node) => likelihood(node, node.value(0));

const softmaxCrossEntropy: Translate = (node) => {
  const scores = node.value(0);
  if (rankOf(scores) < 2) return node.refuse('CNNC3015', 'its scores must have at least rank 2');
  const logs = layer(node.r, 'logSoftmax', scores);
  return [likelihood(node, logs), logs];
};

export const losses: Translations = {
  NegativeLogLikelihoodLoss: negativeLogLikelihood,
  SoftmaxCrossEntropyLoss: softmaxCrossEntropy,
};
