/**
 * pow: a raised to the power b, with broadcasting. The gradients are b * a^(b - 1), or 0 where b is 0; and result *
 * log(a), or 0 where a is 0 and b is not negative (PyTorch).
 */
import { and, eq, ge, log, mul, pow as power, select, sub } from '../kernel/expression.ts';
import { binaryOp, binarySamples, inferF32 } from './shared/elementwise.ts';
import { onnxNode } from './shared/onnx.ts';
import { pointwiseOp, sumToShape } from './shared/pointwise.ts';
import { f32 } from '../ir/types.ts';
import type { Sample, SampleInput } from './types.ts';

declare module '../ir/types.ts' {
  interface Attrs {
    pow: NoAttrs;
    /** gradient * b * a^(b - 1) */
    powBaseGradient: NoAttrs;
    /** gradient * result * log(a) */
    powExponentGradient: NoAttrs;
  }
}

export const pow = binaryOp('pow', {
  neutral: 1,
  value: (a, b) => power(a, b),
  gradient: ({ inputs: [a, b], output, gradient, g, needs }) => [
    needs(0) ? sumToShape(g, g.node('powBaseGradient', [gradient, a!, b!]), g.shapeOf(a!)) : undefined,
    needs(1)
      ? sumToShape(g, g.node('powExponentGradient', [gradient, a!, b!, output]), g.shapeOf(b!))
      : undefined,
  ],
  samples: binarySamples({
    a: { kind: 'uniform', low: 0.25, high: 2 },
    b: { kind: 'uniform', low: -2, high: 3 },
  }),
  onnx: onnxNode('Pow'),
});

const base: SampleInput = { ...f32(2, 3, 5), values: { kind: 'uniform', low: 0.25, high: 2 } };
const gradientSample = <K extends 'powBaseGradient' | 'powExponentGradient'>(
  ...rest: SampleInput[]
): Sample<K>[] => [
  { name: 'an exponent per channel', inputs: [f32(2, 3, 5), base, f32(3, 1), ...rest], attrs: {} },
];

export const powBaseGradient = pointwiseOp('powBaseGradient', {
  operands: ['gradient', 'a', 'b'],
  infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
  gradient: 'notDifferentiable',
  pointwise([gradient, base, exponent], _attrs, k) {
    const b = k.let('power', exponent!);
    return mul(gradient!, select(eq(b, 0), 0, mul(b, power(base!, sub(b, 1)))));
  },
  samples: gradientSample(),
});

export const powExponentGradient = pointwiseOp('powExponentGradient', {
  operands: ['gradient', 'a', 'b', 'result'],
  infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
  gradient: 'notDifferentiable',
  pointwise([gradient, base, exponent, result], _attrs, k) {
    const a = k.let('base', base!);
    return mul(gradient!, select(and(eq(a, 0), ge(exponent!, 0)), 0, mul(result!, log(a))));
  },
  samples: gradientSample(f32(2, 3, 5)),
});
