/**
 * globalAveragePool: the mean over all axes from the third on. These axes keep extent 1.
 *
 *   x   f32[N, C, ...spatial]
 *   out f32[N, C, 1, ...]
 */
import { f32, sizeOf } from '../ir/types.ts';
import { add, constant, div } from '../kernel/expression.ts';
import { perOperand, perResult } from './shared/cost.ts';
import { forSpatial, globalShape } from './shared/globalPool.ts';
import { onnxNode } from './shared/onnx.ts';
import { axisNames } from './shared/pointwise.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, element, elementAt, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    globalAveragePool: NoAttrs;
    /** The gradient of each channel's mean, divided evenly among its elements. */
    globalAveragePoolGradient: { readonly inputShape: readonly number[] };
  }
}

export const globalAveragePool: OpDefinition<'globalAveragePool'> = {
  name: 'globalAveragePool',
  operands: ['x'],
  formula: (_attrs, [x]) => over('mean', axisLetters(x!.shape.length).slice(2), elementAt('x', x!)),
  sight: 'whole plane',
  commutesPerChannel: () => 'factors and summands',
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  keepsExamples: true,
  infer: ([x], _attrs, reject) => ({ dtype: 'f32', shape: globalShape(x!.shape, reject) }),

  gradient: ({ inputs: [x], gradient, g }) => [
    g.node('globalAveragePoolGradient', [gradient], { inputShape: g.shapeOf(x!) }),
  ],

  define({ inputs: [x], output }, k) {
    const shape = x!.type.shape;
    const zeros = shape.slice(2).map(() => 0);
    k.forEach(['n', 'c'], shape.slice(0, 2), (channel) => {
      const sum = k.variable('sum', 0);
      forSpatial(k, shape, (place) => k.assign(sum, add(sum, x!.load([...channel, ...place]))));
      output.store([...channel, ...zeros], div(sum, sizeOf(shape.slice(2))));
    });
  },

  cost: perOperand(),

  samples: [
    { name: 'odd plane', inputs: [f32(2, 3, 5, 7)], attrs: {} },
    { name: 'one element', inputs: [f32(1, 4, 1, 1)], attrs: {} },
    { name: 'rank 3', inputs: [f32(2, 5, 6)], attrs: {} },
    { name: 'rank 5', inputs: [f32(1, 2, 3, 2, 4)], attrs: {} },
  ],

  onnx: onnxNode('GlobalAveragePool'),
};

/** globalAveragePoolGradient: out[n, c, ...] = gradient[n, c] / the number of elements of a channel. */
export const globalAveragePoolGradient: OpDefinition<'globalAveragePoolGradient'> = {
  name: 'globalAveragePoolGradient',
  operands: ['gradient'],
  formula({ inputShape }, [gradient]) {
    const place = axisLetters(gradient!.shape.length).map((letter, axis) => (axis < 2 ? letter : '0'));
    return `${element('gradient', place)} / ${sizeOf(inputShape.slice(2))}`;
  },

  infer([gradient], { inputShape }, reject) {
    const expected = globalShape(inputShape, reject);
    if (gradient!.shape.join() !== expected.join()) {
      reject(
        'CNNC1202',
        `the gradient has shape [${gradient!.shape.join(',')}], pooling gives [${expected.join(',')}]`,
      );
    }
    return { dtype: 'f32', shape: inputShape };
  },

  gradient: ({ gradient, g }) => [g.node('globalAveragePool', [gradient])],

  define({ attrs: { inputShape }, inputs: [gradient], output }, k) {
    k.forEach(axisNames(inputShape.length), inputShape, (index) => {
      const channel = [...index.slice(0, 2), ...inputShape.slice(2).map(() => constant(0))];
      output.store(index, div(gradient!.load(channel), sizeOf(inputShape.slice(2))));
    });
  },

  cost: perResult(),

  samples: [
    { name: 'odd plane', inputs: [f32(2, 3, 1, 1)], attrs: { inputShape: [2, 3, 5, 7] } },
    { name: 'rank 3', inputs: [f32(2, 5, 1)], attrs: { inputShape: [2, 5, 6] } },
  ],
};
