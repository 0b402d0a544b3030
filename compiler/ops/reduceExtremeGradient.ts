/**
 * reduceExtremeGradient: the gradient of reduceMax and reduceMin. Every x that equals the result gets the gradient
 * divided by their number (torch.amax, torch.amin). All others get 0.
 */
import { f32, sameShape } from '../ir/types.ts';
import { add, div, eq, select } from '../kernel/expression.ts';
import { forEachAlong } from './shared/axes.ts';
import { perResult } from './shared/cost.ts';
import {
  inferReduction,
  lettersOf,
  reducedIndex,
  reducedLetters,
  type ReductionAttrs,
} from './shared/reduction.ts';
import type { OpDefinition } from './types.ts';
import { element, elementAt, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceExtremeGradient: ReductionAttrs;
  }
}

export const reduceExtremeGradient: OpDefinition<'reduceExtremeGradient'> = {
  name: 'reduceExtremeGradient',
  operands: ['gradient', 'x', 'result'],
  formula(attrs, [, x]) {
    const [at, of] = [reducedLetters(x!.shape, attrs), elementAt('x', x!)];
    const count = over('count', lettersOf(x!.shape, attrs.axes), `${of} == ${element('result', at)}`);
    return `${element('gradient', at)} / (${count}) where ${of} == ${element('result', at)}, else 0`;
  },
  infer([gradient, x, result], attrs, reject) {
    const reduced = inferReduction(x!, attrs, reject).shape;
    for (const type of [gradient!, result!]) {
      if (!sameShape(type.shape, reduced))
        reject('CNNC1202', `the reduced shape is [${reduced.join(',')}], got [${type.shape.join(',')}]`);
    }
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, x, result], output }, k) {
    forEachAlong(k, x!.type.shape, attrs.axes, (outer, each) => {
      const at = reducedIndex(outer, attrs);
      const extreme = k.let('extreme', result!.load(at));
      const count = k.variable('count', 0);
      each((index) => k.if(eq(x!.load(index), extreme), () => k.assign(count, add(count, 1))));
      const share = k.let('share', div(gradient!.load(at), count));
      each((index) => output.store(index, select(eq(x!.load(index), extreme), share, 0)), {
        independent: true,
      });
    });
  },
  cost: perResult(),
  samples: [
    {
      name: 'ties',
      inputs: [
        f32(3),
        { ...f32(3, 4), values: { kind: 'exact', data: [1, 5, 5, 2, 7, 0, 1, 2, 3, 3, 3, 3] } },
        { ...f32(3), values: { kind: 'exact', data: [5, 7, 3] } },
      ],
      attrs: { axes: [1], keepDims: false },
    },
    {
      name: 'the smallest, to a scalar, dims kept',
      inputs: [
        f32(1, 1),
        { ...f32(2, 3), values: { kind: 'exact', data: [1, -5, 4, 2, 7, 0] } },
        { ...f32(1, 1), values: { kind: 'exact', data: [-5] } },
      ],
      attrs: { axes: [0, 1], keepDims: true },
    },
  ],
};
