/** Curves: functions of one number. Each comes with the operator of its gradient, which multiplies by the slope. */
import type { Attrs, OpName } from '../../ir/types.ts';
import type { KernelBuilder } from '../../kernel/builder.ts';
import { mul } from '../../kernel/expression.ts';
import type { Expr } from '../../kernel/types.ts';
import type { OpFacts } from '../facts.ts';
import type { GradientRule, OpDefinition, Reject, Sample } from '../types.ts';
import { binaryOp, unaryOp } from './elementwise.ts';
import type { PointwiseFacts } from './pointwise.ts';

type Curve<K extends OpName> = (x: Expr, attrs: Attrs[K], k: KernelBuilder) => Expr;

interface CurvePart<K extends OpName, G extends OpName> extends Omit<PointwiseFacts<K>, 'gradient'> {
  /** Checks the attributes. */
  readonly check?: (attrs: Attrs[K], reject: Reject) => void;
  readonly value: Curve<K>;
  /** `value` uses x several times, so kernels name it. */
  readonly namesX?: true;
  /** Whether the slope is computed from the operand or from the result. */
  readonly slopeFrom: 'x' | 'result';
  readonly slope: Curve<K>;
  /** The slope is piecewise constant. Then the gradient can be differentiated again, with respect to its operand. */
  readonly isPiecewiseLinear?: true;
  /** The formula of the gradient; `formula` is that of the curve. */
  readonly gradientFormula?: OpFacts<G>['formula'];
  readonly gradientSamples: readonly Sample<G>[];
}

/** Defines the operators `name` and `gradientName`, which have the same attributes. */
export function curveOps<K extends OpName, G extends OpName>(
  name: K,
  gradientName: G,
  {
    value,
    namesX,
    slopeFrom,
    slope,
    isPiecewiseLinear,
    gradientFormula,
    gradientSamples,
    ...part
  }: CurvePart<K, G>,
): [curve: OpDefinition<K>, gradient: OpDefinition<G>] {
  const curve = unaryOp<K>(name, {
    ...part,
    value: (x, attrs, k) => value(namesX ? k.let('x', x) : x, attrs, k),
    gradient: ({ attrs, inputs: [x], output, gradient, g }) => [
      g.node<OpName>(gradientName, [gradient, slopeFrom === 'x' ? x! : output], attrs),
    ],
  });
  const ofGradient: GradientRule<G> = ({ attrs, inputs, gradient, g, needs }) => [
    needs(0) ? g.node<OpName>(gradientName, [gradient, inputs[1]!], attrs) : undefined,
    undefined,
  ];
  const named = slopeFrom === 'x' ? 'value' : 'y';
  const gradient = binaryOp<G>(gradientName, {
    operands: ['gradient', slopeFrom],
    value: (dy, at, attrs, k) => mul(dy, slope(k.let(named, at), attrs as unknown as Attrs[K], k)),
    gradient: isPiecewiseLinear ? ofGradient : 'notDifferentiable',
    samples: gradientSamples,
    ...(gradientFormula ? { formula: gradientFormula } : {}),
  });
  return [curve, gradient];
}
