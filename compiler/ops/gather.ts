/**
 * gather: the slices of x along `axis` that the indices name; negative indices count from the end. The axes of the
 * indices replace that axis (ONNX Gather). An index out of range takes the first or last slice.
 *
 *   x       f32[..., E, ...]
 *   indices i32
 */
import { f32, formatType, sizeOf } from '../ir/types.ts';
import { add, constant, eq, lt, max, min, select } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { checkAxis } from './shared/axes.ts';
import { bytesOf } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition, Reject, SampleInput } from './types.ts';
import { axisLetters, element } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    gather: { readonly axis: number };
    /** The gradient of every slice: the sum over the indices that named it. */
    gatherGradient: { readonly axis: number; readonly inputShape: readonly number[] };
  }
}

function gatheredShape(x: readonly number[], indices: readonly number[], axis: number, reject: Reject) {
  checkAxis(axis, x.length, reject);
  return [...x.slice(0, axis), ...indices, ...x.slice(axis + 1)];
}

/** The index as a number in [0, extent). */
const resolved = (index: Expr, extent: number): Expr =>
  min(max(select(lt(index, 0), add(index, extent), index), 0), extent - 1);

export const gather: OpDefinition<'gather'> = {
  name: 'gather',
  operands: ['x', 'indices'],
  formula({ axis }, [x, indices], { shape }) {
    const letters = axisLetters(shape.length);
    const rank = indices!.shape.length;
    const index = element('indices', letters.slice(axis, axis + rank));
    const place = [...letters.slice(0, axis), index, ...letters.slice(axis + rank)];
    return `${element('x', place)}, negative indices count from the end (${x!.shape[axis]})`;
  },
  infer([x, indices], { axis }, reject) {
    if (indices!.dtype !== 'i32') reject('CNNC1203', `the indices are ${formatType(indices!)}, expected i32`);
    return { dtype: x!.dtype, shape: gatheredShape(x!.shape, indices!.shape, axis, reject) };
  },
  gradient: ({ attrs: { axis }, inputs: [x, indices], gradient, g }) => [
    g.node('gatherGradient', [gradient, indices!], { axis, inputShape: g.shapeOf(x!) }),
    undefined,
  ],
  define({ attrs: { axis }, inputs: [x, indices], output }, k) {
    const shape = output.type.shape;
    const rank = indices!.type.shape.length;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const named = indices!.load(index.slice(axis, axis + rank));
      const place = k.let('place', resolved(k.let('named', named), x!.type.shape[axis]!));
      output.store(index, x!.load([...index.slice(0, axis), place, ...index.slice(axis + rank)]));
    });
  },
  cost: ([, indices], _attrs, output) => ({ multiplyAdds: 0, bytes: bytesOf([indices!, output, output]) }),
  samples: [
    { name: 'rows', inputs: [f32(5, 3), indices([2], 4, 0)], attrs: { axis: 0 } },
    {
      name: 'negative ones, twice the same',
      inputs: [f32(4, 6), indices([3], -1, 2, 2)],
      attrs: { axis: 1 },
    },
    { name: 'indices of rank 2', inputs: [f32(2, 4, 3), indices([2, 2], 0, 3, 1, 3)], attrs: { axis: 1 } },
    { name: 'one slice', inputs: [f32(2, 4, 3), indices([], 2)], attrs: { axis: 1 } },
  ],
  onnx: onnxNode('Gather', ({ axis }) => ({ axis: int(axis) })),
};

export const gatherGradient: OpDefinition<'gatherGradient'> = {
  name: 'gatherGradient',
  operands: ['gradient', 'indices'],
  formula({ axis, inputShape }, [, indices]) {
    const letters = axisLetters(inputShape.length);
    const names = indices!.shape.map((_, i) => `i${i}`);
    const place = [...letters.slice(0, axis), ...names, ...letters.slice(axis + 1)];
    const named = `those with ${element('indices', names)} = ${letters[axis]}`;
    return names.length === 0
      ? `${element('gradient', place)} where indices = ${letters[axis]}, else 0`
      : `sum of ${element('gradient', place)} over ${named}`;
  },
  infer([gradient, indices], { axis, inputShape }, reject) {
    const expected = gatheredShape(inputShape, indices!.shape, axis, reject);
    if (expected.join() !== gradient!.shape.join())
      reject('CNNC1202', `the gradient's shape is not the gathered [${expected.join(',')}]`);
    return { dtype: gradient!.dtype, shape: inputShape };
  },
  gradient: ({ attrs: { axis }, inputs: [, indices], gradient, g }) => [
    g.node('gather', [gradient, indices!], { axis }),
    undefined,
  ],
  define({ attrs: { axis, inputShape }, inputs: [gradient, indices], output }, k) {
    const indexShape = indices!.type.shape;
    k.forEach(axisNames(inputShape.length), inputShape, (index) => {
      const sum = k.variable('sum', 0);
      const each = (along: Expr[]): void => {
        if (along.length < indexShape.length) {
          const extent = indexShape[along.length]!;
          k.for(`j${along.length}`, 0, extent, (j) => each([...along, j]));
          return;
        }
        const place = resolved(k.let('named', indices!.load(along)), inputShape[axis]!);
        k.if(eq(place, index[axis] ?? constant(0)), () =>
          k.assign(
            sum,
            add(sum, gradient!.load([...index.slice(0, axis), ...along, ...index.slice(axis + 1)])),
          ),
        );
      };
      each([]);
      output.store(index, sum);
    });
  },
  cost: ([gradient, indices], { axis, inputShape }, output) => ({
    multiplyAdds: sizeOf(gradient!.shape) * inputShape[axis]!,
    bytes: bytesOf([gradient!, indices!, output]),
  }),
  samples: [
    {
      name: 'rows, one of them twice',
      inputs: [f32(3, 2), indices([3], 4, 0, 4)],
      attrs: { axis: 0, inputShape: [5, 2] },
    },
    {
      name: 'indices of rank 2',
      inputs: [f32(2, 2, 2, 3), indices([2, 2], 0, -1, 1, 3)],
      attrs: { axis: 1, inputShape: [2, 4, 3] },
    },
  ],
};

function indices(shape: number[], ...data: number[]): SampleInput {
  return { dtype: 'i32', shape, values: { kind: 'exact', data } };
}
