/**
 * slice: out[i] = x[starts + i * steps], up to `ends` (exclusive). Every axis is given, and steps are positive (ONNX
 * Slice with its defaults resolved).
 */
import { f32 } from '../ir/types.ts';
import { add, and, div, eq, ge, lt, mul, rem, sub } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { bytesOf, movesOnly } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition, Reject } from './types.ts';
import { axisLetters, element, plus, times } from './shared/formula.ts';

export interface SliceAttrs {
  readonly starts: readonly number[];
  /** The end of each axis, exclusive. */
  readonly ends: readonly number[];
  readonly steps: readonly number[];
}

declare module '../ir/types.ts' {
  interface Attrs {
    slice: SliceAttrs;
    /** Puts the gradient's elements at the places that they were taken from. All others are 0. */
    sliceGradient: SliceAttrs & { readonly inputShape: readonly number[] };
  }
}

function slicedShape(
  shape: readonly number[],
  { starts, ends, steps }: SliceAttrs,
  reject: Reject,
): number[] {
  for (const [name, list] of Object.entries({ starts, ends, steps })) {
    if (list.length !== shape.length)
      reject('CNNC1204', `${list.length} ${name} were given, the input has rank ${shape.length}`);
  }
  return shape.map((extent, axis) => {
    const [start, end, step] = [starts[axis]!, ends[axis]!, steps[axis]!];
    const whole = [start, end, step].every(Number.isInteger);
    if (!(whole && step >= 1 && start >= 0 && start < end && end <= extent)) {
      reject(
        'CNNC1204',
        `the slice ${start}:${end}:${step} of axis ${axis} does not fit its extent ${extent}`,
      );
    }
    return Math.ceil((end - start) / step);
  });
}

export const slice: OpDefinition<'slice'> = {
  name: 'slice',
  operands: ['x'],
  formula({ starts, steps }, [x]) {
    const letters = axisLetters(x!.shape.length);
    return element(
      'x',
      letters.map((letter, axis) => plus(times(steps[axis]!, letter), starts[axis]!)),
    );
  },
  view: ({ starts, steps }) => ({ starts, steps }),
  isIdentity: keepsShape,
  nonNegative: 'if operands are',
  infer: ([x], attrs, reject) => ({ dtype: x!.dtype, shape: slicedShape(x!.shape, attrs, reject) }),
  gradient({ attrs, inputs: [x], gradient, g }) {
    const inputShape = g.shapeOf(x!);
    if (attrs.steps.some((step) => step !== 1))
      return [g.node('sliceGradient', [gradient], { ...attrs, inputShape })];
    const after = inputShape.map((extent, axis) => extent - attrs.ends[axis]!);
    return [g.node('pad', [gradient], { before: attrs.starts, after, mode: 'constant', value: 0 })];
  },
  define({ attrs: { starts, steps }, inputs: [x], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) =>
      output.store(index, x!.load(index.map((i, axis) => add(mul(i, steps[axis]!), starts[axis]!)))),
    );
  },
  cost: (_inputs, _attrs, output) => ({ multiplyAdds: 0, bytes: bytesOf([output, output]) }),
  samples: [
    {
      name: 'a window of rank 4',
      inputs: [f32(2, 3, 5, 7)],
      attrs: { starts: [0, 1, 1, 2], ends: [2, 3, 4, 7], steps: [1, 1, 1, 1] },
    },
    {
      name: 'steps',
      inputs: [f32(3, 7, 8)],
      attrs: { starts: [1, 0, 1], ends: [2, 7, 8], steps: [1, 2, 3] },
    },
    { name: 'steps that leave a rest', inputs: [f32(9)], attrs: { starts: [2], ends: [9], steps: [4] } },
    { name: 'one element', inputs: [f32(4, 4)], attrs: { starts: [3, 2], ends: [4, 3], steps: [1, 1] } },
    { name: 'everything', inputs: [f32(2, 3)], attrs: { starts: [0, 0], ends: [2, 3], steps: [1, 1] } },
  ],
  onnx: ({ e, inputs: [x], types, attrs: { starts, ends, steps } }) => {
    const { shape } = types[0]!;
    const axes = shape
      .map((_, axis) => axis)
      .filter((i) => starts[i] !== 0 || ends[i] !== shape[i] || steps[i] !== 1);
    if (axes.length === 0) return e.emit('Identity', [x]);
    const [from, to, by] = [starts, ends, steps].map((list) => axes.map((axis) => list[axis]!));
    return e.emit('Slice', [x, ...[from!, to!, axes, by!].map((list) => e.integers(list))]);
  },
};

export const sliceGradient: OpDefinition<'sliceGradient'> = {
  name: 'sliceGradient',
  operands: ['gradient'],
  formula({ starts, steps }, [gradient]) {
    const place = axisLetters(gradient!.shape.length).map((letter, axis) => {
      const from = plus(letter, -starts[axis]!);
      if (steps[axis] === 1) return from;
      return `${starts[axis] === 0 ? from : `(${from})`} / ${steps[axis]}`;
    });
    return `${element('gradient', place)} where whole and inside, else 0`;
  },
  infer([gradient], attrs, reject) {
    const expected = slicedShape(attrs.inputShape, attrs, reject);
    if (expected.join() !== gradient!.shape.join())
      reject('CNNC1202', `the gradient's shape is not the slice's [${expected.join(',')}]`);
    return { dtype: gradient!.dtype, shape: attrs.inputShape };
  },
  gradient: ({ attrs: { starts, ends, steps }, gradient, g }) => [
    g.node('slice', [gradient], { starts, ends, steps }),
  ],
  define({ attrs: { starts, ends, steps }, inputs: [gradient], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const value = k.variable('value', 0);
      const taken = index.map((i, axis) => wasTaken(i, starts[axis]!, ends[axis]!, steps[axis]!));
      k.if(taken.reduce(and), () => {
        const source = index.map((i, axis) => div(sub(i, starts[axis]!), steps[axis]!));
        k.assign(value, gradient!.load(source));
      });
      output.store(index, value);
    });
  },
  cost: movesOnly,
  samples: [
    {
      name: 'steps',
      inputs: [f32(1, 4, 3)],
      attrs: { starts: [1, 0, 1], ends: [2, 7, 8], steps: [1, 2, 3], inputShape: [3, 7, 8] },
    },
    {
      name: 'rows and columns of images',
      inputs: [f32(2, 6, 3, 2)],
      attrs: { starts: [0, 0, 1, 0], ends: [2, 6, 6, 5], steps: [1, 1, 2, 3], inputShape: [2, 6, 7, 5] },
    },
    { name: 'a rest', inputs: [f32(2)], attrs: { starts: [2], ends: [9], steps: [4], inputShape: [9] } },
  ],
};

function wasTaken(index: Expr, start: number, end: number, step: number): Expr {
  const within = and(ge(index, start), lt(index, end));
  return step === 1 ? within : and(within, eq(rem(sub(index, start), step), 0));
}
