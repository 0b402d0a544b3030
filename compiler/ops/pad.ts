/**
 * pad: adds `before` and `after` elements along each axis of x (ONNX Pad, torch.nn.functional.pad).
 *
 *   constant  the new elements are `value`
 *   reflect   mirrored about the border element, which is not repeated
 *   edge      the border element repeated (PyTorch's 'replicate')
 */
import { f32, type TensorType } from '../ir/types.ts';
import type { KernelBuilder } from '../kernel/builder.ts';
import {
  abs,
  add,
  and,
  boolConst,
  constant,
  eq,
  f32Const,
  ge,
  inside,
  le,
  lt,
  max,
  min,
  select,
  sub,
} from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { movesOnly } from './shared/cost.ts';
import { text } from './shared/onnx.ts';
import { axisNames } from './shared/pointwise.ts';
import { keepsShape } from './shared/facts.ts';
import type { OpDefinition, Reject, Sample } from './types.ts';
import { axisLetters, element, plus } from './shared/formula.ts';

export interface PadAttrs {
  /** One number for each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly mode: 'constant' | 'reflect' | 'edge';
  /** The value of new elements in mode 'constant'. */
  readonly value: number;
}

export interface PadGradientAttrs {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly mode: 'reflect' | 'edge';
  readonly inputShape: readonly number[];
}

declare module '../ir/types.ts' {
  interface Attrs {
    pad: PadAttrs;
    /** Sums the gradients of all copies of an element. Mode 'constant' needs only a slice instead. */
    padGradient: PadGradientAttrs;
  }
}

type Amounts = Pick<PadAttrs, 'before' | 'after' | 'mode'>;

function paddedShape(shape: readonly number[], { before, after, mode }: Amounts, reject: Reject): number[] {
  if (before.length !== shape.length || after.length !== shape.length) {
    reject(
      'CNNC1204',
      `the padding has ${before.length} and ${after.length} amounts, the input has rank ${shape.length}`,
    );
  }
  return shape.map((extent, axis) => {
    const amounts = [before[axis]!, after[axis]!];
    if (!amounts.every((amount) => Number.isInteger(amount) && amount >= 0)) {
      reject(
        'CNNC1104',
        `the padding ${amounts.join(' and ')} of axis ${axis} is not made of whole numbers from 0`,
      );
    }
    if (mode === 'reflect' && Math.max(...amounts) >= extent) {
      reject(
        'CNNC1204',
        `reflection by ${Math.max(...amounts)} needs more than the ${extent} elements of axis ${axis}`,
      );
    }
    return extent + amounts[0]! + amounts[1]!;
  });
}

/** The element of x for an index of the result. In mode 'constant' it may be outside. */
function sourceIndex(
  index: Expr,
  before: number,
  after: number,
  extent: number,
  mode: PadAttrs['mode'],
): Expr {
  const position = sub(index, before);
  if (mode === 'constant' || (before === 0 && after === 0)) return position;
  if (mode === 'edge') return min(max(position, 0), extent - 1);
  const folded = before === 0 ? position : abs(position);
  return after === 0 ? folded : sub(extent - 1, abs(sub(extent - 1, folded)));
}

export const pad: OpDefinition<'pad'> = {
  name: 'pad',
  operands: ['x'],
  formula({ before, after, mode, value }, [x]) {
    const place = axisLetters(x!.shape.length).map((letter, axis) => {
      const source = plus(letter, -before[axis]!);
      const isPadded = before[axis]! + after[axis]! > 0;
      return isPadded && mode !== 'constant' ? `${mode}(${source})` : source;
    });
    const meaning = mode === 'edge' ? 'the nearest index inside x' : 'the index mirrored into x';
    return `${element('x', place)}, ${mode === 'constant' ? `${value} outside x` : `${mode}: ${meaning}`}`;
  },
  isIdentity: keepsShape,
  keepsExamples: (_inputs, { before, after }) => before[0] === 0 && after[0] === 0,
  infer: ([x], attrs, reject) => ({ dtype: x!.dtype, shape: paddedShape(x!.shape, attrs, reject) }),

  gradient({ attrs: { before, after, mode }, inputs: [x], gradient, g }) {
    const inputShape = g.shapeOf(x!);
    if (mode !== 'constant') return [g.node('padGradient', [gradient], { before, after, mode, inputShape })];
    const ends = inputShape.map((extent, axis) => extent + before[axis]!);
    return [g.node('slice', [gradient], { starts: before, ends, steps: ends.map(() => 1) })];
  },

  define({ attrs: { before, after, mode, value }, inputs: [x], output }, k) {
    const { dtype, shape: inputShape } = x!.type;
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const source = index.map((i, axis) =>
        sourceIndex(i, before[axis]!, after[axis]!, inputShape[axis]!, mode),
      );
      if (mode !== 'constant') return output.store(index, x!.load(source));
      const padded = inputShape.map((_, axis) => axis).filter((axis) => before[axis]! + after[axis]! > 0);
      const within = padded.map((axis) => inside(source[axis]!, inputShape[axis]!));
      if (within.length === 0) return output.store(index, x!.load(source));
      const element = k.variable('element', constant(value, dtype));
      k.if(within.reduce(and), () => k.assign(element, x!.load(source)));
      output.store(index, element);
    });
  },

  cost: movesOnly,
  samples: [
    sample('zeros around an image', [2, 3, 4, 5], [0, 0, 1, 2], [0, 0, 2, 1], 'constant'),
    sample('a value on every axis', [2, 3], [1, 2], [3, 0], 'constant', 1.5),
    sample('reflected', [1, 2, 5, 4], [0, 0, 2, 3], [0, 0, 4, 1], 'reflect'),
    sample('reflected on one side only', [5, 6], [0, 4], [3, 0], 'reflect'),
    sample('edge', [1, 2, 3, 4], [0, 0, 2, 0], [0, 0, 1, 3], 'edge'),
    sample('edge of one element', [1, 3], [2, 1], [2, 0], 'edge'),
    sample('nothing to pad', [2, 3], [0, 0], [0, 0], 'constant'),
  ],
  onnx: ({ e, inputs: [x], attrs: { before, after, mode, value } }) =>
    e.emit('Pad', [x, e.integers([...before, ...after]), mode === 'constant' ? e.scalar(value) : undefined], {
      mode: text(mode),
    }),
};

export const padGradient: OpDefinition<'padGradient'> = {
  name: 'padGradient',
  operands: ['gradient'],
  formula({ before, mode }, [gradient]) {
    const place = axisLetters(gradient!.shape.length).map((letter, axis) => plus(letter, before[axis]!));
    return `${element('gradient', place)} + the gradient of all padding that is a copy of this element (${mode})`;
  },
  infer([gradient], attrs, reject): TensorType {
    const expected = paddedShape(attrs.inputShape, attrs, reject);
    if (expected.join() !== gradient!.shape.join())
      reject('CNNC1202', `the gradient's shape is not the padded [${expected.join(',')}]`);
    return { dtype: gradient!.dtype, shape: attrs.inputShape };
  },
  gradient: ({ attrs: { before, after, mode }, gradient, g }) => [
    g.node('pad', [gradient], { before, after, mode, value: 0 }),
  ],
  define({ attrs, inputs: [gradient], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const sum = k.variable('sum', f32Const(0));
      forEachCopy(k, index, attrs, (copy) => k.assign(sum, add(sum, gradient!.load(copy))));
      output.store(index, sum);
    });
  },
  cost: movesOnly,
  samples: [
    gradientSample('reflected', [1, 2, 11, 10], [0, 0, 2, 3], [0, 0, 4, 1], 'reflect'),
    gradientSample('edge', [3, 8], [2, 0], [0, 5], 'edge'),
  ],
};

/** Visits the padded places that contain the element at `index`, axis by axis. */
function forEachCopy(
  k: KernelBuilder,
  index: readonly Expr[],
  attrs: PadGradientAttrs,
  visit: (copy: Expr[]) => void,
): void {
  const open = (axis: number, copy: Expr[]): void => {
    if (axis === index.length) return visit(copy);
    const [before, after] = [attrs.before[axis]!, attrs.after[axis]!];
    const along = { index: index[axis]!, before, after, extent: attrs.inputShape[axis]! };
    const each = attrs.mode === 'edge' ? forEachRepetition : forEachReflection;
    if (before === 0 && after === 0) open(axis + 1, [...copy, along.index]);
    else each(k, along, (place) => open(axis + 1, [...copy, place]));
  };
  open(0, []);
}

interface Along {
  readonly index: Expr;
  readonly before: number;
  readonly after: number;
  readonly extent: number;
}

/** A border element fills a run of places, any other element one place. */
function forEachRepetition(
  k: KernelBuilder,
  { index, before, after, extent }: Along,
  visit: (place: Expr) => void,
): void {
  const first = k.let('first', select(eq(index, 0), 0, add(index, before)));
  const end = k.let('end', select(eq(index, extent - 1), before + extent + after, add(index, before + 1)));
  k.for('place', first, end, visit);
}

/** Visits the element's own place, its mirror image before the first element and that after the last. */
function forEachReflection(
  k: KernelBuilder,
  { index, before, after, extent }: Along,
  visit: (place: Expr) => void,
): void {
  const images = [
    { place: add(index, before), exists: boolConst(true) },
    { place: sub(before, index), exists: and(ge(index, 1), le(index, before)) },
    {
      place: sub(before + 2 * (extent - 1), index),
      exists: and(ge(index, extent - 1 - after), lt(index, extent - 1)),
    },
  ];
  k.for('image', 0, 3, (image) => {
    const pick = (of: 'place' | 'exists') =>
      select(eq(image, 0), images[0]![of], select(eq(image, 1), images[1]![of], images[2]![of]));
    k.if(pick('exists'), () => visit(k.let('place', pick('place'))));
  });
}

function sample(
  name: string,
  shape: number[],
  before: number[],
  after: number[],
  mode: PadAttrs['mode'],
  value = 0,
): Sample<'pad'> {
  return { name, inputs: [f32(...shape)], attrs: { before, after, mode, value } };
}

function gradientSample(
  name: string,
  shape: number[],
  before: number[],
  after: number[],
  mode: PadGradientAttrs['mode'],
): Sample<'padGradient'> {
  const inputShape = shape.map((extent, axis) => extent - before[axis]! - after[axis]!);
  return { name, inputs: [f32(...shape)], attrs: { before, after, mode, inputShape } };
}
