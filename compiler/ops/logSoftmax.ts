/** logSoftmax: x - m - log(sum of exp(x - m)) along `axis`, with m the largest x (ONNX LogSoftmax). */
import { f32, sameShape, sizeOf } from '../ir/types.ts';
import { add, exp, log, max, mul, sub } from '../kernel/expression.ts';
import { checkAxis, forEachAlong } from './shared/axes.ts';
import { bytesOf } from './shared/cost.ts';
import { TRANSCENDENTAL_COST, type AxisAttrs } from './softmax.ts';
import { onnxNode, int } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    logSoftmax: AxisAttrs;
    /** gradient - exp(result) * sum of the gradient along the axis */
    logSoftmaxGradient: AxisAttrs;
  }
}

export const logSoftmax: OpDefinition<'logSoftmax'> = {
  name: 'logSoftmax',
  operands: ['x'],
  infer([x], { axis }, reject) {
    checkAxis(axis, x!.shape.length, reject);
    return x!;
  },
  gradient: ({ attrs, output, gradient, g }) => [g.node('logSoftmaxGradient', [gradient, output], attrs)],
  define({ attrs: { axis }, inputs: [x], output }, k) {
    forEachAlong(k, x!.type.shape, [axis], (outer, each) => {
      const largest = k.variable('largest', x!.load(outer));
      each((index) => k.assign(largest, max(largest, x!.load(index))));
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, add(sum, exp(sub(x!.load(index), largest)))));
      const logSum = k.let('logSum', log(sum));
      each((index) => output.store(index, sub(sub(x!.load(index), largest), logSum)), { independent: true });
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: TRANSCENDENTAL_COST * sizeOf(output.shape),
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
  ],
  onnx: onnxNode('LogSoftmax', ({ axis }) => ({ axis: int(axis) })),
};

export const logSoftmaxGradient: OpDefinition<'logSoftmaxGradient'> = {
  name: 'logSoftmaxGradient',
  operands: ['gradient', 'result'],
  infer([gradient, result], { axis }, reject) {
    if (!sameShape(gradient!.shape, result!.shape)) reject('the gradient and the result differ in shape');
    checkAxis(axis, result!.shape.length, reject);
    return result!;
  },
  gradient: 'notDifferentiable',
  define({ attrs: { axis }, inputs: [gradient, result], output }, k) {
    forEachAlong(k, result!.type.shape, [axis], (_outer, each) => {
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, add(sum, gradient!.load(index))));
      each((index) => output.store(index, sub(gradient!.load(index), mul(exp(result!.load(index)), sum))), {
        independent: true,
      });
    });
  },
  cost: (inputs, _attrs, output) => ({
    multiplyAdds: TRANSCENDENTAL_COST * sizeOf(output.shape),
    bytes: bytesOf([...inputs, output]),
  }),
  samples: [
    { name: 'classes', inputs: [f32(3, 10), f32(3, 10)], attrs: { axis: 1 } },
    { name: 'channels of an image', inputs: [f32(2, 5, 3, 4), f32(2, 5, 3, 4)], attrs: { axis: 1 } },
  ],
};
