/**
 * batchVariance: variance[c] = sum of (x - mean[c])^2 / M, biased, over every axis except the channels' (axis 1); for
 * batchNorm in training.
 *
 *   x     f32[N, C, ...]
 *   mean  f32[C]
 */
import type { GraphBuilder } from '../ir/builder.ts';
import { f32, sizeOf, type ValueId } from '../ir/types.ts';
import { div, fma, mul, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { elementsPerChannel } from './batchMean.ts';
import { scalar } from './leaves.ts';
import { axesExcept, forEachAlong } from './shared/axes.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { bytesOf, perResult } from './shared/cost.ts';
import { meanPerChannel } from './shared/onnxNormalization.ts';
import type { OpDefinition } from './types.ts';
import { elementAt, lettersBut, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    batchVariance: NoAttrs;
    /** 2 * gradient[c] * (x - mean[c]) / M */
    batchVarianceGradient: NoAttrs;
  }
}

export const batchVariance: OpDefinition<'batchVariance'> = {
  name: 'batchVariance',
  operands: ['x', 'mean'],
  formula: (_attrs, [x]) => over('mean', lettersBut(x!.shape.length), `(${elementAt('x', x!)} - mean[c])^2`),
  infer: ([x, mean], _attrs, reject) => ({ dtype: 'f32', shape: [checkChannels(x!, { mean }, reject)] }),

  gradient({ inputs: [x, mean], gradient, g, needs }) {
    return [
      needs(0) ? g.node('batchVarianceGradient', [gradient, x!, mean!]) : undefined,
      // At the mean of x the variance is minimal, so the gradient is 0.
      needs(1) && !isMeanOf(g, mean!, x!) ? meanGradient(g, gradient, x!, mean!) : undefined,
    ];
  },

  define({ inputs: [x, mean], output }, k) {
    const shape = x!.type.shape;
    forEachAlong(k, shape, axesExcept(shape.length, 1), (outer, each) => {
      const center = k.let('center', mean!.load([outer[1]!]));
      const sum = k.variable('sum', 0);
      each((index) => {
        const difference = k.let('difference', sub(x!.load(index), center));
        k.assign(sum, fma(difference, difference, sum));
      });
      output.store([outer[1]!], div(sum, elementsPerChannel(shape)));
    });
  },

  cost: ([x], _attrs, output) => ({
    multiplyAdds: 2 * sizeOf(x!.shape),
    bytes: bytesOf([x!, output, output]),
  }),
  samples: [
    { name: 'images', inputs: [f32(2, 3, 4, 5), f32(3)], attrs: {} },
    { name: 'eight channels', inputs: [f32(2, 8, 3, 3), f32(8)], attrs: {} },
    { name: 'rank 2', inputs: [f32(5, 7), f32(7)], attrs: {} },
    { name: 'one image, one channel', inputs: [f32(1, 1, 3), f32(1)], attrs: {} },
  ],
  onnx: ({ e, inputs: [x, mean], types }) => {
    const { shape } = types[0]!;
    const centered = e.emit('Sub', [x, e.perChannel(mean!, shape[1]!, shape.length)]);
    return meanPerChannel(e, e.emit('Mul', [centered, centered]), shape.length);
  },
};

function isMeanOf(g: GraphBuilder, mean: ValueId, x: ValueId): boolean {
  const node = g.nodes[mean];
  return node?.op === 'batchMean' && node.inputs[0] === x;
}

/** 2 * gradient * (mean - the mean of x) */
function meanGradient(g: GraphBuilder, gradient: ValueId, x: ValueId, mean: ValueId): ValueId {
  const distance = g.node('sub', [mean, g.node('batchMean', [x])]);
  const two = scalar(g, 2);
  return g.node('mul', [g.node('mul', [gradient, distance]), two]);
}

export const batchVarianceGradient: OpDefinition<'batchVarianceGradient'> = {
  name: 'batchVarianceGradient',
  operands: ['gradient', 'x', 'mean'],
  formula: (_attrs, [, x]) =>
    `2 / ${elementsPerChannel(x!.shape)} * gradient[c] * (${elementAt('x', x!)} - mean[c])`,
  infer([gradient, x, mean], _attrs, reject) {
    checkChannels(x!, { gradient, mean }, reject);
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ inputs: [gradient, x, mean], output }, k) {
    const shape = x!.type.shape;
    const perChannel = (c: Expr) => ({
      scale: k.let('scale', mul(gradient!.load([c]), 2 / elementsPerChannel(shape))),
      center: k.let('center', mean!.load([c])),
    });
    forEachInChannels(k, shape, perChannel, (index, { scale, center }) =>
      output.store(index, mul(sub(x!.load(index), center), scale)),
    );
  },
  cost: perResult(),
  samples: [
    { name: 'images', inputs: [f32(3), f32(2, 3, 4, 5), f32(3)], attrs: {} },
    { name: 'rank 2', inputs: [f32(7), f32(5, 7), f32(7)], attrs: {} },
  ],
};
