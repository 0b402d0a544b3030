/** The larger or the smaller of two numbers: `maximum`, `minimum` and their gradients, which have no attributes. */
import { f32, type Attrs, type OpName } from '../../ir/types.ts';
import { eq, f32Const, mul, select } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpDefinition } from '../types.ts';
import { binaryOp, binarySamples, inferF32 } from './elementwise.ts';
import { pointwiseOp, sumToShape } from './pointwise.ts';

interface ExtremePart<K extends OpName> extends Pick<OpDefinition<K>, 'onnx'> {
  readonly pick: (a: Expr, b: Expr) => Expr;
  readonly beats: (own: Expr, other: Expr) => Expr;
}

export function extremeOps<K extends OpName, G extends OpName>(
  name: K,
  gradientName: G,
  { pick, beats, onnx }: ExtremePart<K>,
): [extreme: OpDefinition<K>, gradient: OpDefinition<G>] {
  const extreme = binaryOp<K>(name, {
    value: pick,
    gradient: ({ inputs: [a, b], gradient, g, needs }) => {
      const of = (own: number, other: number): number =>
        sumToShape(g, g.node<OpName>(gradientName, [gradient, own, other], {}), g.shapeOf(own));
      return [needs(0) ? of(a!, b!) : undefined, needs(1) ? of(b!, a!) : undefined];
    },
    samples: binarySamples(),
    onnx,
  });
  return [extreme, extremeGradient(gradientName, beats)];
}

/** The gradient where `own` wins against `other`, half of it where they are equal. */
const extremeGradient = <G extends OpName>(name: G, beats: ExtremePart<G>['beats']): OpDefinition<G> =>
  pointwiseOp<G>(name, {
    operands: ['gradient', 'own', 'other'],
    infer: (inputs, _attrs, reject) => inferF32(inputs, reject),
    gradient: ({ inputs: [, own, other], gradient, g, needs }) => [
      needs(0) ? g.node<OpName>(name, [gradient, own!, other!], {}) : undefined,
      undefined,
      undefined,
    ],
    pointwise([gradient, first, second], _attrs, k) {
      const [own, other] = [k.let('mine', first!), k.let('yours', second!)];
      const share = select(eq(own, other), f32Const(0.5), 0);
      return mul(gradient!, select(beats(own, other), 1, share));
    },
    samples: [
      { name: 'same shape', inputs: [f32(3, 5), f32(3, 5), f32(3, 5)], attrs: {} as Attrs[G] },
      { name: 'per channel', inputs: [f32(2, 3, 5), f32(2, 3, 5), f32(3, 1)], attrs: {} as Attrs[G] },
    ],
  });
