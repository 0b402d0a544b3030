/** softmax: exp(x - m) / sum of exp(x - m) along `axis`, with m the largest x (ONNX Softmax from opset 13). */
import { f32, sameShape, sizeOf } from '../ir/types.ts';
import { add, div, exp, fma, max, mul, sub } from '../kernel/expression.ts';
import { checkAxis, forEachAlong } from './shared/axes.ts';
import { bytesOf } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

export interface AxisAttrs {
  readonly axis: number;
}

declare module '../ir/types.ts' {
  interface Attrs {
    softmax: AxisAttrs;
    /** result * (gradient - sum of gradient * result along the axis) */
    softmaxGradient: AxisAttrs;
  }
}

/** exp, log and the like: their calls count as this many multiply-adds. */
export const TRANSCENDENTAL_COST = 8;

export const softmax: OpDefinition<'softmax'> = {
  name: 'softmax',
  operands: ['x'],
  nonNegative: 'always',
  infer([x], { axis }, reject) {
    checkAxis(axis, x!.shape.length, reject);
    return x!;
  },
  gradient: ({ attrs, output, gradient, g }) => [g.node('softmaxGradient', [gradient, output], attrs)],
  define({ attrs: { axis }, inputs: [x], output }, k) {
    forEachAlong(k, x!.type.shape, [axis], (outer, each) => {
      const largest = k.variable('largest', x!.load(outer));
      each((index) => k.assign(largest, max(largest, x!.load(index))));
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, add(sum, exp(sub(x!.load(index), largest)))));
      each((index) => output.store(index, div(exp(sub(x!.load(index), largest)), sum)), {
        independent: true,
      });
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: 2 * TRANSCENDENTAL_COST * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    { name: 'classes', inputs: [f32(3, 10)], attrs: { axis: 1 } },
    { name: 'channels of an image', inputs: [f32(2, 5, 3, 4)], attrs: { axis: 1 } },
    {
      name: 'the last axis, large values',
      inputs: [{ ...f32(2, 3, 7), values: { kind: 'uniform', low: 80, high: 99 } }],
      attrs: { axis: 2 },
    },
    { name: 'an axis of extent 1', inputs: [f32(4, 1)], attrs: { axis: 1 } },
    { name: 'the only axis', inputs: [f32(9)], attrs: { axis: 0 } },
  ],
  onnx: onnxNode('Softmax', ({ axis }) => ({ axis: int(axis) })),
};

export const softmaxGradient: OpDefinition<'softmaxGradient'> = {
  name: 'softmaxGradient',
  operands: ['gradient', 'result'],
  infer([gradient, result], { axis }, reject) {
    if (!sameShape(gradient!.shape, result!.shape)) reject('the gradient and the result differ in shape');
    checkAxis(axis, result!.shape.length, reject);
    return result!;
  },
  gradient: 'notDifferentiable',
  define({ attrs: { axis }, inputs: [gradient, result], output }, k) {
    forEachAlong(k, result!.type.shape, [axis], (_outer, each) => {
      const dot = k.variable('dot', 0);
      each((index) => k.assign(dot, fma(gradient!.load(index), result!.load(index), dot)));
      each((index) => output.store(index, mul(result!.load(index), sub(gradient!.load(index), dot))), {
        independent: true,
      });
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: 2 * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    { name: 'classes', inputs: [f32(3, 10), f32(3, 10)], attrs: { axis: 1 } },
    { name: 'channels of an image', inputs: [f32(2, 5, 3, 4), f32(2, 5, 3, 4)], attrs: { axis: 1 } },
  ],
};
