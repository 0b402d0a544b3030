/** Pointwise operations. */
import { cast, float, named, scalar, text, type Emitter, type ExportRule } from './site.ts';

type Pointwise =
  | 'abs'
  | 'add'
  | 'cast'
  | 'ceil'
  | 'celu'
  | 'clip'
  | 'compare'
  | 'cos'
  | 'div'
  | 'elu'
  | 'erf'
  | 'exp'
  | 'floor'
  | 'gelu'
  | 'hardSigmoid'
  | 'hardSwish'
  | 'leakyRelu'
  | 'log'
  | 'maximum'
  | 'minimum'
  | 'mish'
  | 'mul'
  | 'neg'
  | 'pow'
  | 'reciprocal'
  | 'relu'
  | 'round'
  | 'selu'
  | 'sigmoid'
  | 'sign'
  | 'silu'
  | 'sin'
  | 'softplus'
  | 'softsign'
  | 'sqrt'
  | 'sub'
  | 'tanh'
  | 'thresholdedRelu'
  | 'where';

export const elementwise: { readonly [K in Pointwise]: ExportRule<K> } = {
  abs: named('Abs'),
  add: named('Add'),
  cast: ({ e, inputs: [x], attrs: { dtype } }) => cast(e, x!, dtype),
  ceil: named('Ceil'),
  celu: named('Celu', ({ alpha }) => ({ alpha: float(alpha) })),
  clip: ({ e, inputs: [x], attrs: { low, high } }) => {
    const limit = (value: number) => (Number.isFinite(value) ? scalar(e, value) : undefined);
    return e.emit('Clip', [x, limit(low), limit(high)]);
  },
  compare: ({ e, inputs, attrs: { relation } }) => {
    const holds =
      relation === 'notEqual'
        ? e.emit('Not', [e.emit('Equal', inputs)])
        : e.emit(RELATIONS[relation], inputs);
    return cast(e, holds, 'i32');
  },
  cos: named('Cos'),
  div: named('Div'),
  elu: named('Elu', ({ alpha }) => ({ alpha: float(alpha) })),
  erf: named('Erf'),
  exp: named('Exp'),
  floor: named('Floor'),
  gelu: named('Gelu', ({ approximation }) => ({ approximate: text(approximation) })),
  hardSigmoid: named('HardSigmoid', ({ alpha, beta }) => ({ alpha: float(alpha), beta: float(beta) })),
  hardSwish: named('HardSwish'),
  leakyRelu: named('LeakyRelu', ({ slope }) => ({ alpha: float(slope) })),
  log: named('Log'),
  maximum: named('Max'),
  minimum: named('Min'),
  mish: named('Mish'),
  mul: named('Mul'),
  neg: named('Neg'),
  pow: named('Pow'),
  reciprocal: named('Reciprocal'),
  relu: named('Relu'),
  round: named('Round'),
  selu: named('Selu', ({ alpha, gamma }) => ({ alpha: float(alpha), gamma: float(gamma) })),
  sigmoid: named('Sigmoid'),
  sign: named('Sign'),
  silu: ({ e, inputs: [x] }) => e.emit('Mul', [x, e.emit('Sigmoid', [x])]),
  sin: named('Sin'),
  softplus: ({ e, inputs: [x], attrs: { beta, threshold } }) => softplus(e, x!, beta, threshold),
  softsign: named('Softsign'),
  sqrt: named('Sqrt'),
  sub: named('Sub'),
  tanh: named('Tanh'),
  thresholdedRelu: named('ThresholdedRelu', ({ alpha }) => ({ alpha: float(alpha) })),
  where: ({ e, inputs: [condition, a, b] }) => e.emit('Where', [cast(e, condition!, 'bool'), a, b]),
};

const RELATIONS = {
  equal: 'Equal',
  less: 'Less',
  lessOrEqual: 'LessOrEqual',
  greater: 'Greater',
  greaterOrEqual: 'GreaterOrEqual',
} as const;

/** log(1 + exp(beta * x)) / beta. From 15 on it is x but for an f32's last bit: no threshold shows there. */
function softplus(e: Emitter, x: string, beta: number, threshold = 20): string {
  const scaled = beta === 1 ? x : e.emit('Mul', [x, scalar(e, beta)]);
  const curve = e.emit('Softplus', [scaled]);
  const value = beta === 1 ? curve : e.emit('Div', [curve, scalar(e, beta)]);
  if (threshold >= 15) return value;
  return e.emit('Where', [e.emit('Greater', [scaled, scalar(e, threshold)]), x, value]);
}
