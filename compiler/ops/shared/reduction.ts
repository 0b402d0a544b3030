/**
 * Reductions over axes: out = finish(combine over x along `axes`). With `keepDims` the reduced axes stay with extent
 * 1, otherwise they are removed.
 */
import type { GraphBuilder } from '../../ir/builder.ts';
import { sameShape, type Attrs, type OpName, type TensorType, type ValueId } from '../../ir/types.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpDefinition, Reject, Sample, SampleInput } from '../types.ts';
import { checkAxes, forEachAlong } from './axes.ts';
import { perOperand } from './cost.ts';
import { flag, type OnnxForm } from './onnx.ts';
import { axisLetters, elementAt, over } from './formula.ts';

export interface ReductionAttrs {
  /** Axes counted from the front. */
  readonly axes: readonly number[];
  readonly keepDims: boolean;
}

/** The operators that have the attributes of a reduction. */
export type ReductionName = { [K in OpName]: Attrs[K] extends ReductionAttrs ? K : never }[OpName];

export function reducedShape(shape: readonly number[], { axes, keepDims }: ReductionAttrs): number[] {
  if (!keepDims) return shape.filter((_, axis) => !axes.includes(axis));
  return shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
}

export function inferReduction(x: TensorType, attrs: ReductionAttrs, reject: Reject): TensorType {
  checkAxes(attrs.axes, x.shape.length, reject);
  return { dtype: x.dtype, shape: reducedShape(x.shape, attrs) };
}

/** The number of elements of x for one element of the result. */
export const reducedCount = (shape: readonly number[], axes: readonly number[]): number =>
  axes.reduce((count, axis) => count * shape[axis]!, 1);

/** The index into the result for an index of full rank. */
export const reducedIndex = (index: readonly Expr[], { axes, keepDims }: ReductionAttrs): Expr[] =>
  index.filter((_, axis) => keepDims || !axes.includes(axis));

/** Repeats a value of the result's shape, such as its gradient, along the reduced axes. */
export function expandReduced(
  g: GraphBuilder,
  value: ValueId,
  shape: readonly number[],
  attrs: ReductionAttrs,
): ValueId {
  const kept = reducedShape(shape, { axes: attrs.axes, keepDims: true });
  const reshaped = sameShape(kept, g.shapeOf(value)) ? value : g.node('reshape', [value], { shape: kept });
  return sameShape(kept, shape) ? reshaped : g.node('expand', [reshaped], { shape });
}

/** The letters of these axes, in the tensor's order. */
export const lettersOf = (shape: readonly number[], axes: readonly number[]): string[] =>
  axisLetters(shape.length).filter((_, axis) => axes.includes(axis));

/** The index of the reduced element as text. */
export const reducedLetters = (shape: readonly number[], { axes, keepDims }: ReductionAttrs): string[] =>
  axisLetters(shape.length).flatMap((letter, axis) =>
    axes.includes(axis) ? (keepDims ? ['0'] : []) : [letter],
  );

type ReductionPart<K extends ReductionName> = Pick<OpDefinition<K>, 'gradient'> & {
  /** The start of the sum. Undefined: the first element. */
  readonly start?: number;
  /** Applied to every element before it is combined. */
  readonly map?: (x: Expr) => Expr;
  readonly combine: (sum: Expr, x: Expr) => Expr;
  readonly finish?: (sum: Expr, count: number) => Expr;
  /** Values of the samples' x, which keep it away from kinks. */
  readonly values?: SampleInput['values'];
  readonly moreSamples?: readonly Sample<K>[];
  /** The formula. `over` writes a sum (or another word for it) over the reduced axes; x is the element. */
  readonly formula: (over: (what: string, of: string) => string, x: string) => string;
  /** The ONNX operator that does the same. */
  readonly onnx: string;
};

/** Completes a reduction from the way that two elements combine. */
export function reductionOp<K extends ReductionName>(name: K, part: ReductionPart<K>): OpDefinition<K> {
  const { start, map = (x) => x, combine, finish = (sum) => sum, moreSamples = [] } = part;
  return {
    name,
    operands: ['x'],
    formula: ({ axes }, [x]) =>
      part.formula((what, of) => over(what, lettersOf(x!.shape, axes), of), elementAt('x', x!)),
    infer: ([x], attrs, reject) => inferReduction(x!, attrs, reject),
    gradient: part.gradient,
    define({ attrs, inputs: [x], output }, k) {
      const { dtype, shape } = x!.type;
      const count = reducedCount(shape, attrs.axes);
      forEachAlong(k, shape, attrs.axes, (outer, each) => {
        const result = k.variable('result', start ?? map(x!.load(outer)), dtype);
        each((index) => k.assign(result, combine(result, map(x!.load(index)))));
        output.store(reducedIndex(outer, attrs), finish(result, count));
      });
    },
    cost: perOperand(),
    samples: [...reductionSamples<K>(part.values), ...moreSamples],
    onnx: onnxReduction(part.onnx),
  };
}

/**
 * The ONNX form of a reduction. An empty list of axes means all axes in ONNX but none here. Then the reduction is
 * over one additional axis of extent 1.
 */
const onnxReduction =
  <K extends ReductionName>(op: string): OnnxForm<K> =>
  ({ e, inputs: [x], attrs, output }) => {
    const { axes, keepDims } = attrs;
    if (axes.length > 0) return e.emit(op, [x, e.integers(axes)], { keepdims: flag(keepDims) });
    const added = e.integers([output.shape.length]);
    return e.emit(op, [e.emit('Unsqueeze', [x, added]), added], { keepdims: flag(false) });
  };

/** A reduction to the largest or the smallest x. Equal elements share the gradient. */
export const extremeReduction = <K extends 'reduceMax' | 'reduceMin'>(
  name: K,
  combine: (a: Expr, b: Expr) => Expr,
  onnx: string,
  what: 'max' | 'min',
): OpDefinition<K> =>
  reductionOp<K>(name, {
    combine,
    gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
      g.node('reduceExtremeGradient', [gradient, x!, output], attrs),
    ],
    values: { kind: 'distinct' },
    formula: (over, x) => over(what, x),
    onnx,
  });

/** Common samples of all reductions. */
function reductionSamples<K extends ReductionName>(values?: SampleInput['values']): Sample<K>[] {
  const sample = (name: string, shape: number[], axes: number[], keepDims: boolean) => ({
    name,
    inputs: [{ dtype: 'f32' as const, shape, values }],
    attrs: { axes, keepDims },
  });
  return [
    sample('per channel', [2, 3, 4, 5], [0, 2, 3], false),
    sample('per channel, dims kept', [2, 4, 3, 3], [0, 2, 3], true),
    sample('spatial, dims kept', [2, 3, 3, 5], [2, 3], true),
    sample('everything, to a scalar', [3, 5], [0, 1], false),
    sample('the middle of three axes', [2, 5, 3], [1], true),
    sample('axes out of order', [2, 3, 4], [2, 0], false),
    sample('an axis of extent 1', [3, 1, 4], [1], false),
    sample('no axes', [2, 3], [], false),
  ];
}
