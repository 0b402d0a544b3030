/**
 * linear: out[..., o] = bias[o] + sum over i of x[..., i] * weight[o, i], as in PyTorch.
 *
 *   x      f32[..., I]
 *   weight f32[O, I]
 *   bias   f32[O], optional
 *   out    f32[..., O]
 */
import { f32, sizeOf, type ValueId } from '../ir/types.ts';
import type { GraphBuilder } from '../ir/builder.ts';
import { fma } from '../kernel/expression.ts';
import { bytesOf } from './shared/cost.ts';
import { int } from './shared/onnx.ts';
import type { OpDefinition } from './types.ts';
import { axisLetters, element } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    linear: NoAttrs;
  }
}

/** Reshapes [..., E] to [rows, E]. */
function asMatrix(g: GraphBuilder, value: ValueId): ValueId {
  const shape = g.shapeOf(value);
  if (shape.length === 2) return value;
  return g.node('reshape', [value], { shape: [sizeOf(shape.slice(0, -1)), shape.at(-1)!] });
}

export const linear: OpDefinition<'linear'> = {
  name: 'linear',
  operands: ['x', 'weight', 'bias?'],
  formula(_attrs, [x, , bias]) {
    const place = [...axisLetters(x!.shape.length).slice(0, -1), 'i'];
    const sum = `sum over i of weight[o, i] * ${element('x', place)}`;
    return bias ? `bias[o] + ${sum}` : sum;
  },
  channelMap: {
    axis: -1,
    weightAxes: (weight) => ({ shape: weight, inputs: [1], outputs: [0] }),
    seesWholeFilters: () => true,
  },
  kernelName: ([, weight]) => `linear_${weight!.shape[1]}to${weight!.shape[0]}`,
  keepsExamples: ([x]) => x!.shape.length > 1,

  infer([x, weight, bias], _attrs, reject) {
    if (x!.shape.length < 1) reject('CNNC1202', 'the input is a scalar, expected [..., I]');
    if (weight!.shape.length !== 2)
      reject('CNNC1202', `the weight has rank ${weight!.shape.length}, expected 2 (O, I)`);
    const [outputs, features] = weight!.shape;
    if (x!.shape.at(-1) !== features)
      reject('CNNC1202', `the input has ${x!.shape.at(-1)} features, the weight expects ${features}`);
    if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
      reject('CNNC1202', `the bias has shape [${bias.shape.join(',')}], the weight has ${outputs} outputs`);
    }
    return { dtype: 'f32', shape: [...x!.shape.slice(0, -1), outputs!] };
  },

  gradient({ inputs: [x, weight, bias], gradient, g, needs }) {
    const rows = asMatrix(g, gradient);
    const inputGradient = (): ValueId => {
      const product = g.node('matmul', [rows, weight!], { transposeA: false, transposeB: false });
      const shape = g.shapeOf(x!);
      return shape.length === 2 ? product : g.node('reshape', [product], { shape });
    };
    return [
      needs(0) ? inputGradient() : undefined,
      needs(1)
        ? g.node('matmul', [rows, asMatrix(g, x!)], { transposeA: true, transposeB: false })
        : undefined,
      bias !== undefined && needs(2)
        ? g.node('reduceSum', [rows], { axes: [0], keepDims: false })
        : undefined,
    ];
  },

  define({ inputs: [x, weight, bias], output }, k) {
    const [outputs, features] = weight!.type.shape;
    const rows = output.type.shape.slice(0, -1);
    const names = rows.length === 1 ? ['n'] : rows.map((_, axis) => `n${axis}`);
    k.forEach([...names, 'o'], [...rows, outputs!], (index) => {
      const [row, o] = [index.slice(0, -1), index.at(-1)!];
      const sum = k.variable('sum', bias ? bias.load([o]) : 0);
      k.for('i', 0, features!, (i) => k.assign(sum, fma(x!.load([...row, i]), weight!.load([o, i]), sum)));
      output.store(index, sum);
    });
  },

  cost: (inputs, _attrs, output) => ({
    multiplyAdds: sizeOf(output.shape) * inputs[1]!.shape[1]!,
    bytes: bytesOf([...inputs, output]),
  }),

  samples: [
    { name: 'bias', inputs: [f32(3, 7), f32(5, 7), f32(5)], attrs: {} },
    { name: 'no bias, one row', inputs: [f32(1, 13), f32(9, 13)], attrs: {} },
    { name: 'rank 3', inputs: [f32(2, 3, 6), f32(4, 6), f32(4)], attrs: {} },
    { name: 'rank 1', inputs: [f32(8), f32(3, 8), f32(3)], attrs: {} },
    { name: 'wide', inputs: [f32(2, 33), f32(35, 33), f32(35)], attrs: {} },
    { name: 'many rows', inputs: [f32(66, 5), f32(13, 5), f32(13)], attrs: {} },
  ],

  onnx: ({ e, inputs: [x, weight, bias], types }) => {
    if (types[0]!.shape.length === 2) return e.emit('Gemm', [x, weight, bias], { transB: int(1) });
    const product = e.emit('MatMul', [x, e.transpose(weight!, [1, 0])]);
    return bias === undefined ? product : e.emit('Add', [product, bias]);
  },
};
