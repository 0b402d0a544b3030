/**
 * batchNorm: out = (x - mean) / sqrt(variance + epsilon) * weight + bias, per channel (axis 1); Ioffe & Szegedy 2015,
 * algorithms 1 and 2. The statistics are operands: running ones in inference, `batchMean` and `batchVariance` of x in
 * training. Then the gradient of x is one operator; otherwise that through the statistics follows by composition.
 *
 *   x                             f32[N, C, ...]
 *   weight, bias, mean, variance  f32[C]
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { f32, type ValueId } from '../ir/types.ts';
import { add, div, fma, mul, sqrt, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { axesExcept } from './shared/axes.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { perResult } from './shared/cost.ts';
import { positive } from './shared/elementwise.ts';
import { onnxNode, float } from './shared/onnx.ts';
import type { OpDefinition, SampleInput } from './types.ts';
import { elementAt } from './shared/formula.ts';

export interface EpsilonAttrs {
  readonly epsilon: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    batchNorm: EpsilonAttrs;
  }
}

/** 1 / sqrt(variance + epsilon) */
export const inverseDeviation = (variance: Expr, epsilon: number): Expr =>
  div(1, sqrt(add(variance, epsilon)));

export const batchNorm: OpDefinition<'batchNorm'> = {
  name: 'batchNorm',
  operands: ['x', 'weight', 'bias', 'mean', 'variance'],
  formula: ({ epsilon }, [x]) =>
    `(${elementAt('x', x!)} - mean[c]) / sqrt(variance[c] + ${epsilon}) * weight[c] + bias[c]`,
  keepsExamples: true,

  infer([x, weight, bias, mean, variance], _attrs, reject) {
    checkChannels(x!, { weight, bias, mean, variance }, reject);
    return x!;
  },

  gradient({ attrs, inputs, gradient, g, needs }) {
    const [x, weight, , mean, variance] = inputs;
    const axes = axesExcept(g.shapeOf(x!).length, 1);
    // The gradients of the statistics are built from dL/dbias and dL/dweight.
    const biasGradient = once(() => g.node('reduceSum', [gradient], { axes, keepDims: false }));
    const weightGradient = once(() =>
      g.node('batchNormWeightGradient', [gradient, x!, mean!, variance!], attrs),
    );
    const allOperands = [gradient, x!, weight!, mean!, variance!];
    if (needs(0) && areStatisticsOf(g, x!, mean!, variance!))
      return [
        g.node('batchNormTrainingGradient', [...allOperands, biasGradient(), weightGradient()], attrs),
        needs(1) ? weightGradient() : undefined,
        needs(2) ? biasGradient() : undefined,
      ];
    return [
      needs(0) ? g.node('batchNormInputGradient', [gradient, weight!, variance!], attrs) : undefined,
      needs(1) ? weightGradient() : undefined,
      needs(2) ? biasGradient() : undefined,
      needs(3) ? g.node('batchNormMeanGradient', [biasGradient(), weight!, variance!], attrs) : undefined,
      needs(4)
        ? g.node('batchNormVarianceGradient', [weightGradient(), weight!, variance!], attrs)
        : undefined,
    ];
  },

  define({ attrs: { epsilon }, inputs: [x, weight, bias, mean, variance], output }, k) {
    const perChannel = (c: Expr) => ({
      scale: k.let('scale', mul(weight!.load([c]), inverseDeviation(variance!.load([c]), epsilon))),
      mean: k.let('center', mean!.load([c])),
      bias: k.let('shift', bias!.load([c])),
    });
    forEachInChannels(k, x!.type.shape, perChannel, (index, channel) =>
      output.store(index, fma(sub(x!.load(index), channel.mean), channel.scale, channel.bias)),
    );
  },

  cost: perResult(2),
  samples: [
    { name: 'images', inputs: batchNormSample([2, 3, 4, 5]), attrs: { epsilon: 1e-5 } },
    { name: 'eight channels', inputs: batchNormSample([2, 8, 3, 5]), attrs: { epsilon: 1e-5 } },
    { name: 'rank 2', inputs: batchNormSample([5, 4]), attrs: { epsilon: 1e-3 } },
    { name: 'rank 3', inputs: batchNormSample([1, 7, 3]), attrs: { epsilon: 1e-5 } },
    { name: 'one channel', inputs: batchNormSample([3, 1, 2, 2]), attrs: { epsilon: 1e-2 } },
  ],
  onnx: onnxNode('BatchNormalization', ({ epsilon }) => ({ epsilon: float(epsilon) })),
};

/** Whether mean and variance are computed from x. */
function areStatisticsOf(g: GraphBuilder, x: ValueId, mean: ValueId, variance: ValueId): boolean {
  const [ofMean, ofVariance] = [g.nodes[mean], g.nodes[variance]];
  return (
    ofMean?.op === 'batchMean' &&
    ofMean.inputs[0] === x &&
    ofVariance?.op === 'batchVariance' &&
    ofVariance.inputs[0] === x &&
    ofVariance.inputs[1] === mean
  );
}

function once(build: () => ValueId): () => ValueId {
  let value: ValueId | undefined;
  return () => (value ??= build());
}

function batchNormSample(shape: number[]): SampleInput[] {
  const perChannel = f32(shape[1]!);
  return [f32(...shape), perChannel, perChannel, perChannel, positive(perChannel)];
}
