/** batchMean: mean[c] = sum of x over every axis except the channels' (axis 1) / M, for batchNorm in training. */
import { f32 } from '../ir/types.ts';
import { add, div } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { checkShape } from './leaves.ts';
import { axesExcept, forEachAlong } from './shared/axes.ts';
import { checkChannels, forEachInChannels } from './shared/channels.ts';
import { movesOnly, perOperand } from './shared/cost.ts';
import { meanPerChannel } from './shared/onnxNormalization.ts';
import { reducedCount } from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';
import { elementAt, lettersBut, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    batchMean: NoAttrs;
    /** gradient[c] / M, repeated to the shape of x */
    batchMeanGradient: { readonly inputShape: readonly number[] };
  }
}

/** M: the number of elements of one channel. */
export const elementsPerChannel = (shape: readonly number[]): number =>
  reducedCount(shape, axesExcept(shape.length, 1));

export const batchMean: OpDefinition<'batchMean'> = {
  name: 'batchMean',
  operands: ['x'],
  formula: (_attrs, [x]) => over('mean', lettersBut(x!.shape.length), elementAt('x', x!)),
  infer: ([x], _attrs, reject) => ({ dtype: 'f32', shape: [checkChannels(x!, {}, reject)] }),
  gradient: ({ inputs: [x], gradient, g }) => [
    g.node('batchMeanGradient', [gradient], { inputShape: g.shapeOf(x!) }),
  ],
  define({ inputs: [x], output }, k) {
    const shape = x!.type.shape;
    forEachAlong(k, shape, axesExcept(shape.length, 1), (outer, each) => {
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, add(sum, x!.load(index))));
      output.store([outer[1]!], div(sum, elementsPerChannel(shape)));
    });
  },
  cost: perOperand(),
  samples: [
    { name: 'images', inputs: [f32(2, 3, 4, 5)], attrs: {} },
    { name: 'eight channels', inputs: [f32(2, 8, 3, 3)], attrs: {} },
    { name: 'rank 2', inputs: [f32(5, 7)], attrs: {} },
    { name: 'one image, one channel', inputs: [f32(1, 1, 3)], attrs: {} },
  ],
  onnx: ({ e, inputs: [x], types }) => meanPerChannel(e, x!, types[0]!.shape.length),
};

export const batchMeanGradient: OpDefinition<'batchMeanGradient'> = {
  name: 'batchMeanGradient',
  operands: ['gradient'],
  formula: ({ inputShape }) => `gradient[c] / ${elementsPerChannel(inputShape)}`,
  infer([gradient], { inputShape }, reject) {
    checkShape(inputShape, reject);
    const x = f32(...inputShape);
    checkChannels(x, { gradient }, reject);
    return x;
  },
  gradient: ({ gradient, g }) => [g.node('batchMean', [gradient])],
  define({ inputs: [gradient], output }, k) {
    const shape = output.type.shape;
    const share = (c: Expr) => k.let('share', div(gradient!.load([c]), elementsPerChannel(shape)));
    forEachInChannels(k, shape, share, (index, value) => output.store(index, value));
  },
  cost: movesOnly,
  samples: [
    { name: 'images', inputs: [f32(3)], attrs: { inputShape: [2, 3, 4, 5] } },
    { name: 'rank 2', inputs: [f32(7)], attrs: { inputShape: [5, 7] } },
  ],
};
