/**
 * prelu: x if x > 0, else slope * x, with one learned slope or one for each channel (axis 1) (He et al. 2015).
 *
 *   x      f32[N, C, ...]
 *   slope  f32[C] or f32[1]
 */
import { f32, sameShape, type TensorType } from '../ir/types.ts';
import { constant, fma, gt, min, mul, select } from '../kernel/expression.ts';
import type { Expr } from '../kernel/types.ts';
import { axesExcept, forEachAlong } from './shared/axes.ts';
import { perOperand, perResult } from './shared/cost.ts';
import { axisNames } from './shared/pointwise.ts';
import type { OpDefinition, Reject, TensorAccess } from './types.ts';
import { axisLetters, elementAt, lettersBut, over } from './shared/formula.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    prelu: NoAttrs;
    /** gradient where x > 0, else slope * gradient */
    preluInputGradient: NoAttrs;
    /** The sum of gradient * min(x, 0), over all elements or for each channel. */
    preluSlopeGradient: { readonly slopes: number };
  }
}

function checkSlopes(x: TensorType, slope: readonly number[], reject: Reject): void {
  const channels = x.shape[1] ?? 1;
  if (slope.length !== 1 || (slope[0] !== 1 && slope[0] !== channels)) {
    reject(
      'CNNC1202',
      `the slope has shape [${slope.join(',')}], expected [1] or one for each of ${channels} channels`,
    );
  }
}

const slopeAt = (slope: TensorAccess, index: readonly Expr[]): Expr =>
  slope.load([slope.type.shape[0] === 1 ? constant(0) : index[1]!]);

/** The slope as text: one for all, or one for each channel. */
const slopeText = ({ shape }: TensorType): string => `slope[${shape[0] === 1 ? '0' : 'c'}]`;

export const prelu: OpDefinition<'prelu'> = {
  name: 'prelu',
  operands: ['x', 'slope'],
  formula: (_attrs, [x, slope]) => {
    const value = elementAt('x', x!);
    return `${value} > 0 ? ${value} : ${slopeText(slope!)} * ${value}`;
  },
  keepsExamples: true,
  infer([x, slope], _attrs, reject) {
    checkSlopes(x!, slope!.shape, reject);
    return x!;
  },
  gradient: ({ inputs: [x, slope], gradient, g, needs }) => [
    needs(0) ? g.node('preluInputGradient', [gradient, x!, slope!]) : undefined,
    needs(1) ? g.node('preluSlopeGradient', [gradient, x!], { slopes: g.shapeOf(slope!)[0]! }) : undefined,
  ],
  define({ inputs: [x, slope], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) => {
      const value = k.let('value', x!.load(index));
      output.store(index, select(gt(value, 0), value, mul(value, slopeAt(slope!, index))));
    });
  },
  cost: perResult(),
  samples: [
    { name: 'a slope per channel', inputs: [kinked(2, 3, 4, 5), f32(3)], attrs: {} },
    { name: 'one slope', inputs: [kinked(2, 3, 4, 5), f32(1)], attrs: {} },
    { name: 'rank 2', inputs: [kinked(3, 7), f32(7)], attrs: {} },
    { name: 'rank 1', inputs: [kinked(7), f32(1)], attrs: {} },
  ],
  onnx: ({ e, inputs: [x, slope], types }) => {
    // ONNX broadcasts from the last axis, so slopes of channels need all axes.
    const [slopes, rank] = [types[1]!.shape[0]!, types[0]!.shape.length];
    return e.emit('PRelu', [x, slopes === 1 || rank <= 2 ? slope : e.perChannel(slope!, slopes, rank)]);
  },
};

export const preluInputGradient: OpDefinition<'preluInputGradient'> = {
  name: 'preluInputGradient',
  operands: ['gradient', 'x', 'slope'],
  formula: (_attrs, [gradient, x, slope]) =>
    `${elementAt('gradient', gradient!)} * (${elementAt('x', x!)} > 0 ? 1 : ${slopeText(slope!)})`,
  infer([gradient, x, slope], _attrs, reject) {
    if (!sameShape(gradient!.shape, x!.shape))
      reject('CNNC1202', 'the gradient and the input differ in shape');
    checkSlopes(x!, slope!.shape, reject);
    return x!;
  },
  gradient: 'notDifferentiable',
  define({ inputs: [gradient, x, slope], output }, k) {
    const shape = output.type.shape;
    k.forEach(axisNames(shape.length), shape, (index) =>
      output.store(
        index,
        mul(gradient!.load(index), select(gt(x!.load(index), 0), 1, slopeAt(slope!, index))),
      ),
    );
  },
  cost: perResult(),
  samples: [
    { name: 'a slope per channel', inputs: [f32(2, 3, 4, 5), kinked(2, 3, 4, 5), f32(3)], attrs: {} },
    { name: 'one slope', inputs: [f32(3, 7), kinked(3, 7), f32(1)], attrs: {} },
  ],
};

export const preluSlopeGradient: OpDefinition<'preluSlopeGradient'> = {
  name: 'preluSlopeGradient',
  operands: ['gradient', 'x'],
  formula({ slopes }, [gradient, x]) {
    const rank = x!.shape.length;
    const product = `${elementAt('gradient', gradient!)} * min(${elementAt('x', x!)}, 0)`;
    return over('sum', slopes === 1 ? axisLetters(rank) : lettersBut(rank), product);
  },
  infer([gradient, x], { slopes }, reject) {
    if (!sameShape(gradient!.shape, x!.shape))
      reject('CNNC1202', 'the gradient and the input differ in shape');
    checkSlopes(x!, [slopes], reject);
    return { dtype: 'f32', shape: [slopes] };
  },
  gradient: 'notDifferentiable',
  define({ attrs: { slopes }, inputs: [gradient, x], output }, k) {
    const shape = x!.type.shape;
    const axes = slopes === 1 ? shape.map((_, axis) => axis) : axesExcept(shape.length, 1);
    forEachAlong(k, shape, axes, (outer, each) => {
      const sum = k.variable('sum', 0);
      each((index) => k.assign(sum, fma(gradient!.load(index), min(x!.load(index), 0), sum)));
      output.store([slopes === 1 ? constant(0) : outer[1]!], sum);
    });
  },
  cost: perOperand(1),
  samples: [
    { name: 'a slope per channel', inputs: [f32(2, 3, 4, 5), kinked(2, 3, 4, 5)], attrs: { slopes: 3 } },
    { name: 'one slope', inputs: [f32(3, 7), kinked(3, 7)], attrs: { slopes: 1 } },
  ],
};

function kinked(...shape: number[]) {
  return { ...f32(...shape), values: { kind: 'away' as const, from: [0] } };
}
