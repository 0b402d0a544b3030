/**
 * matmul: out = op(a) op(b) over the last two axes, where op transposes if its attribute is true. The axes before them
 * are batches and broadcast (ONNX MatMul, torch.matmul; operands of rank 2 and more).
 *
 *   a   f32[...batch, M, K], with transposeA f32[...batch, K, M]
 *   b   f32[...batch, K, N], with transposeB f32[...batch, N, K]
 *   out f32[...batch, M, N]
 */
import { f32, sizeOf, type TensorType, type ValueId } from '../ir/types.ts';
import { fma } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { bytesOf } from './shared/cost.ts';
import { broadcastIndex, broadcastShapes, sumToShape } from './shared/pointwise.ts';
import { sizeName } from './shared/names.ts';
import type { OpDefinition, TensorAccess } from './types.ts';
import { along, axisLetters, element } from './shared/formula.ts';

export interface MatmulAttrs {
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

declare module '../ir/types.ts' {
  interface Attrs {
    matmul: MatmulAttrs;
  }
}

/** [rows, columns] of an operand after its transpose. */
function matrixOf({ shape }: TensorType, transposed: boolean): [number, number] {
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  return transposed ? [columns, rows] : [rows, columns];
}

function loadElement(
  access: TensorAccess,
  transposed: boolean,
  batch: readonly Expr[],
  row: Expr,
  column: Expr,
): Expr {
  const index = broadcastIndex(access.type.shape.slice(0, -2), batch);
  return access.load([...index, ...(transposed ? [column, row] : [row, column])]);
}

export const matmul: OpDefinition<'matmul'> = {
  name: 'matmul',
  operands: ['a', 'b'],
  formula({ transposeA, transposeB }, [a, b], { shape }) {
    const letters = axisLetters(shape.length);
    const [row, column] = [letters.at(-2)!, letters.at(-1)!];
    const place = (operand: TensorType, matrix: string[]): string[] => {
      const outer = letters.slice(shape.length - operand.shape.length, -2);
      return [...outer.map((letter, axis) => along(letter, operand.shape[axis]!)), ...matrix];
    };
    const left = element('a', place(a!, transposeA ? ['i', row] : [row, 'i']));
    return `sum over i of ${left} * ${element('b', place(b!, transposeB ? [column, 'i'] : ['i', column]))}`;
  },
  kernelName: ([a], { transposeA }, output) => {
    const depth = matrixOf(a!, transposeA)[1];
    return `matmul_${sizeName([output.shape.at(-2)!, depth, output.shape.at(-1)!])}`;
  },
  sight: 'unknown',

  infer([a, b], { transposeA, transposeB }, reject) {
    if (a!.shape.length < 2)
      reject('CNNC1202', `the left operand has rank ${a!.shape.length}, expected at least 2`);
    if (b!.shape.length < 2)
      reject('CNNC1202', `the right operand has rank ${b!.shape.length}, expected at least 2`);
    const [rows, inner] = matrixOf(a!, transposeA);
    const [expected, columns] = matrixOf(b!, transposeB);
    if (inner !== expected)
      reject('CNNC1202', `the left operand has ${inner} columns, the right one ${expected} rows`);
    const [left, right] = [a!.shape.slice(0, -2), b!.shape.slice(0, -2)];
    const batch = broadcastShapes([left, right]);
    if (!batch)
      reject('CNNC1202', `the batch axes [${left.join(',')}] and [${right.join(',')}] do not broadcast`);
    return { dtype: 'f32', shape: [...batch!, rows, columns] };
  },

  gradient({ attrs: { transposeA, transposeB }, inputs: [a, b], gradient, g, needs }) {
    const product = (
      left: ValueId,
      right: ValueId,
      leftTransposed: boolean,
      rightTransposed: boolean,
      of: ValueId,
    ) => {
      const attrs = { transposeA: leftTransposed, transposeB: rightTransposed };
      return sumToShape(g, g.node('matmul', [left, right], attrs), g.shapeOf(of));
    };
    // dA = G op(B)^T and dB = op(A)^T G. The gradient of a transposed operand is transposed too.
    const gradientOfA = () =>
      transposeA
        ? product(b!, gradient, transposeB, true, a!)
        : product(gradient, b!, false, !transposeB, a!);
    const gradientOfB = () =>
      transposeB
        ? product(gradient, a!, true, transposeA, b!)
        : product(a!, gradient, !transposeA, false, b!);
    return [needs(0) ? gradientOfA() : undefined, needs(1) ? gradientOfB() : undefined];
  },

  define({ attrs: { transposeA, transposeB }, inputs: [a, b], output }, k) {
    const shape = output.type.shape;
    const inner = matrixOf(a!.type, transposeA)[1];
    const names = [...shape.slice(0, -2).map((_, axis) => `n${axis}`), 'row', 'column'];
    k.forEach(names, shape, (index) => {
      const [batch, row, column] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
      const sum = k.variable('sum', 0);
      k.for('i', 0, inner, (i) => {
        const left = loadElement(a!, transposeA, batch, row, i);
        k.assign(sum, fma(left, loadElement(b!, transposeB, batch, i, column), sum));
      });
      output.store(index, sum);
    });
  },

  cost: (inputs, { transposeA }, output) => ({
    multiplyAdds: sizeOf(output.shape) * matrixOf(inputs[0]!, transposeA)[1],
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    sample('plain', [3, 5], [5, 7]),
    sample('left transposed', [5, 3], [5, 7], true),
    sample('right transposed', [3, 5], [7, 5], false, true),
    sample('both transposed', [5, 3], [7, 5], true, true),
    sample('batches', [2, 3, 4], [2, 4, 5]),
    sample('batches broadcast both ways', [2, 1, 3, 4], [3, 4, 2]),
    sample('batches broadcast, both transposed', [3, 4, 2], [2, 1, 5, 4], true, true),
    sample('one row', [1, 33], [33, 9]),
    sample('outer product', [6, 1], [1, 5]),
    sample('many rows, 11 columns', [17, 33], [33, 11]),
    sample('left transposed, 13 columns', [5, 9], [5, 13], true),
    sample('right transposed, 9 deep', [5, 9], [6, 9], false, true),
  ],

  onnx: ({ e, inputs: [a, b], types, attrs: { transposeA, transposeB } }) => {
    const operand = (value: string, { shape }: TensorType, transposed: boolean): string => {
      const axes = shape.map((_, axis) => axis);
      return transposed ? e.transpose(value, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]) : value;
    };
    return e.emit('MatMul', [operand(a!, types[0]!, transposeA), operand(b!, types[1]!, transposeB)]);
  },
};

function sample(name: string, a: number[], b: number[], transposeA = false, transposeB = false) {
  return { name, inputs: [f32(...a), f32(...b)], attrs: { transposeA, transposeB } };
}
