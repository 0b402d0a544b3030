/** concat: joins the operands along `axis`; all other extents are equal (ONNX Concat). */
import { f32, formatType, type TensorType } from '../ir/types.ts';
import { add } from '../kernel/expression.ts';
import { checkAxis } from './shared/axes.ts';
import { movesOnly } from './shared/cost.ts';
import { onnxNode, int } from './shared/onnx.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    concat: { readonly axis: number };
  }
}

/** The start of each operand along the axis. */
export function concatOffsets(shapes: readonly (readonly number[])[], axis: number): number[] {
  let offset = 0;
  return shapes.map((shape) => {
    offset += shape[axis]!;
    return offset - shape[axis]!;
  });
}

export const concat: OpDefinition<'concat'> = {
  name: 'concat',
  operands: ['...xs'],
  formula({ axis }, inputs, { shape }) {
    const letter = axisLetters(shape.length)[axis]!;
    if (inputs.length > 4) return `xs0 to xs${inputs.length - 1} one after the other along ${letter}`;
    const starts = concatOffsets(
      inputs.map((input) => input.shape),
      axis,
    );
    const from = starts.map((start, i) => `xs${i} from ${letter} = ${start} on`);
    return `${from.join(', ')}, one after the other`;
  },
  isIdentity: (inputs) => inputs.length === 1,
  nonNegative: 'if operands are',
  keepsExamples: (_inputs, { axis }) => axis !== 0,
  infer(inputs, { axis }, reject) {
    const [first] = inputs;
    if (!first) reject('CNNC1201', 'there is nothing to concatenate');
    checkAxis(axis, first!.shape.length, reject);
    const agrees = (type: TensorType) =>
      type.dtype === first!.dtype &&
      type.shape.length === first!.shape.length &&
      type.shape.every((extent, i) => i === axis || extent === first!.shape[i]);
    for (const type of inputs) {
      if (!agrees(type))
        reject(
          'CNNC1202',
          `${formatType(first!)} and ${formatType(type)} differ in an axis other than ${axis}`,
        );
    }
    const extent = inputs.reduce((sum, { shape }) => sum + shape[axis]!, 0);
    return { dtype: first!.dtype, shape: first!.shape.with(axis, extent) };
  },

  gradient({ attrs: { axis }, inputs, gradient, g, needs }) {
    const shapes = inputs.map((x) => g.shapeOf(x));
    const offsets = concatOffsets(shapes, axis);
    return shapes.map((shape, i) => {
      if (!needs(i)) return undefined;
      const starts = shape.map((_, j) => (j === axis ? offsets[i]! : 0));
      const ends = shape.map((extent, j) => starts[j]! + extent);
      return g.node('slice', [gradient], { starts, ends, steps: shape.map(() => 1) });
    });
  },

  define({ attrs: { axis }, inputs, output }, k) {
    const offsets = concatOffsets(
      inputs.map((x) => x.type.shape),
      axis,
    );
    inputs.forEach((x, i) => {
      const shape = x.type.shape;
      k.forEach(axisNames(shape.length), shape, (index) =>
        output.store(index.with(axis, add(index[axis]!, offsets[i]!)), x.load(index)),
      );
    });
  },

  cost: movesOnly,
  samples: [
    { name: 'channels', inputs: [f32(2, 3, 4, 5), f32(2, 1, 4, 5)], attrs: { axis: 1 } },
    { name: 'three of rank 2', inputs: [f32(2, 3), f32(2, 5), f32(2, 1)], attrs: { axis: 1 } },
    { name: 'the first axis', inputs: [f32(2, 3, 2), f32(3, 3, 2)], attrs: { axis: 0 } },
    { name: 'the last axis', inputs: [f32(2, 3, 7), f32(2, 3, 2)], attrs: { axis: 2 } },
    { name: 'only one', inputs: [f32(3, 2)], attrs: { axis: 0 } },
  ],
  onnx: onnxNode('Concat', ({ axis }) => ({ axis: int(axis) })),
};
