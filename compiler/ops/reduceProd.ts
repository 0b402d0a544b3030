/** reduceProd: the product of x along `axes` (ONNX ReduceProd, torch.prod). */
import { f32, sameShape } from '../ir/types.ts';
import { add, div, eq, f32Const, gt, mul, select } from '../kernel/expression.ts';
import { forEachAlong } from './shared/axes.ts';
import { perResult } from './shared/cost.ts';
import {
  inferReduction,
  lettersOf,
  reducedIndex,
  reducedLetters,
  reductionOp,
  type ReductionAttrs,
} from './shared/reduction.ts';
import type { OpDefinition, SampleValues } from './types.ts';
import { element, elementAt } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    reduceProd: ReductionAttrs;
    /** gradient times the product of all other elements */
    reduceProdGradient: ReductionAttrs;
  }
}

const nearOne: SampleValues = { kind: 'uniform', low: 0.5, high: 1.5 };

export const reduceProd = reductionOp('reduceProd', {
  start: 1,
  combine: mul,
  gradient: ({ attrs, inputs: [x], gradient, g }) => [g.node('reduceProdGradient', [gradient, x!], attrs)],
  values: nearOne,
  moreSamples: [
    { name: 'zeros: none, one, two', inputs: [withZeros()], attrs: { axes: [1], keepDims: false } },
  ],
  formula: (over, x) => over('product', x),
  onnx: 'ReduceProd',
});

export const reduceProdGradient: OpDefinition<'reduceProdGradient'> = {
  name: 'reduceProdGradient',
  operands: ['gradient', 'x'],
  formula(attrs, [, x]) {
    const others = lettersOf(x!.shape, attrs.axes).join(', ');
    return `${element('gradient', reducedLetters(x!.shape, attrs))} * (product over the other ${others} of ${elementAt('x', x!)})`;
  },
  infer([gradient, x], attrs, reject) {
    const reduced = inferReduction(x!, attrs, reject).shape;
    if (!sameShape(gradient!.shape, reduced))
      reject('CNNC1202', `the gradient's shape is not the reduced one [${reduced.join(',')}]`);
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ attrs, inputs: [gradient, x], output }, k) {
    forEachAlong(k, x!.type.shape, attrs.axes, (outer, each) => {
      // The product of the others would be result / x, but not if an element is 0.
      const product = k.variable('product', gradient!.load(reducedIndex(outer, attrs)));
      const zeros = k.variable('zeros', 0);
      each((index) => {
        const value = k.let('value', x!.load(index));
        k.if(
          eq(value, 0),
          () => k.assign(zeros, add(zeros, 1)),
          () => k.assign(product, mul(product, value)),
        );
      });
      each(
        (index) => {
          const value = k.let('value', x!.load(index));
          const isZero = k.let('isZero', eq(value, 0));
          const vanishes = gt(zeros, select(isZero, f32Const(1), 0));
          output.store(index, select(vanishes, 0, div(product, select(isZero, 1, value))));
        },
        { independent: true },
      );
    });
  },
  cost: perResult(2),
  samples: [
    {
      name: 'dims kept',
      inputs: [f32(3, 1, 2), { ...f32(3, 5, 2), values: nearOne }],
      attrs: { axes: [1], keepDims: true },
    },
    { name: 'zeros: none, one, two', inputs: [f32(3), withZeros()], attrs: { axes: [1], keepDims: false } },
  ],
};

function withZeros() {
  const data = [2, -3, 0.5, 4, 0, -1.5, 0, 3, 0];
  return { ...f32(3, 3), values: { kind: 'exact' as const, data } };
}
