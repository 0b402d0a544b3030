/**
 * Pointwise arithmetic. The shapes of two tensors broadcast as in NumPy and ONNX. The second operand may be a
 * number.
 */
import type { OpName } from '../../ir/types.ts';
import type { Tensor } from '../tensor.ts';
import { unary } from './operator.ts';
import type { Layer } from './layer.ts';

/** The second operand: a tensor, or a number for all elements. */
export type Operand = Tensor | number;

type BinaryName = Extract<OpName, 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum'>;

const binary =
  (op: BinaryName) =>
  (layer: Layer, a: Tensor, b: Operand): Tensor => {
    if (Number.isNaN(b)) layer.reject('CNNC1105', 'the second operand is NaN, expected a tensor or a number');
    return layer.node(op, [a, typeof b === 'number' ? layer.scalar(b) : b]);
  };

/** a + b */
export const add = binary('add');

/** a - b */
export const sub = binary('sub');

/** a * b, by element */
export const mul = binary('mul');

/** a / b */
export const div = binary('div');

/** a raised to the power b */
export const pow = binary('pow');

/** The smaller of a and b, element by element */
export const minimum = binary('minimum');

/** The larger of a and b, element by element */
export const maximum = binary('maximum');

/** -x */
export const neg = unary('neg');

/** |x| */
export const abs = unary('abs');

/** -1 for negative x, 0 for 0, 1 for positive x */
export const sign = unary('sign');

/** 1 / x */
export const reciprocal = unary('reciprocal');

/** e^x */
export const exp = unary('exp');

/** The natural logarithm of x */
export const log = unary('log');

/** The square root of x */
export const sqrt = unary('sqrt');

/** The sine of x, in radians */
export const sin = unary('sin');

/** The cosine of x, in radians */
export const cos = unary('cos');

/** The Gauss error function of x */
export const erf = unary('erf');

/** The largest whole number that is at most x */
export const floor = unary('floor');

/** The smallest whole number that is at least x */
export const ceil = unary('ceil');

/** The nearest whole number. Halves round to the even one. */
export const round = unary('round');
