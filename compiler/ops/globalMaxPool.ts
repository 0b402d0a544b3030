/**
 * globalMaxPool: the largest element over all axes from the third on. These axes keep extent 1. NaN wins.
 *
 *   x   f32[N, C, ...spatial]
 *   out f32[N, C, 1, ...]
 */
import { f32 } from '../ir/types.ts';
import { max } from '../kernel/expression.ts';
import { perOperand } from './shared/cost.ts';
import { forSpatial, globalShape, wholePlaneGradient } from './shared/globalPool.ts';
import { onnxNode } from './shared/onnx.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition, SampleInput } from './types.ts';
import { axisLetters, elementAt, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    globalMaxPool: NoAttrs;
  }
}

export const globalMaxPool: OpDefinition<'globalMaxPool'> = {
  name: 'globalMaxPool',
  operands: ['x'],
  formula: (_attrs, [x]) => over('max', axisLetters(x!.shape.length).slice(2), elementAt('x', x!)),
  sight: 'whole plane',
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  keepsExamples: true,
  infer: ([x], _attrs, reject) => ({ dtype: 'f32', shape: globalShape(x!.shape, reject) }),

  gradient: ({ inputs: [x], output, gradient, g }) => [
    wholePlaneGradient(g, gradient, x!, output, (planes, attrs) => g.node('maxPoolGradient', planes, attrs)),
  ],

  define({ inputs: [x], output }, k) {
    const shape = x!.type.shape;
    const zeros = shape.slice(2).map(() => 0);
    k.forEach(['n', 'c'], shape.slice(0, 2), (channel) => {
      const best = k.variable('best', x!.load([...channel, ...zeros]));
      forSpatial(k, shape, (place) => k.assign(best, max(best, x!.load([...channel, ...place]))));
      output.store([...channel, ...zeros], best);
    });
  },

  cost: perOperand(),

  samples: [
    sample('odd plane', 2, 3, 5, 7),
    sample('one element', 1, 4, 1, 1),
    sample('rank 3', 2, 5, 6),
    sample('rank 5', 1, 2, 3, 2, 4),
  ],

  onnx: onnxNode('GlobalMaxPool'),
};

function sample(name: string, ...shape: number[]) {
  const inputs: SampleInput[] = [{ ...f32(...shape), values: { kind: 'distinct' } }];
  return { name, inputs, attrs: {} };
}
