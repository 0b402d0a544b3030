/**
 * Pointwise arithmetic. Shapes of two tensors broadcast as NumPy's and ONNX's do; the second may be a number.
 */
import type { OpName } from '../../ir/types.ts';
import type { Tensor } from '../tensor.ts';
import { unary } from './operator.ts';
import type { Layer } from './layer.ts';

export type Operand = Tensor | number;

type BinaryName = Extract<OpName, 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum'>;

const binary =
  (op: BinaryName) =>
  (layer: Layer, a: Tensor, b: Operand): Tensor => {
    if (Number.isNaN(b)) layer.reject('the second operand is NaN, expected a tensor or a number');
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

/** a to the power of b */
export const pow = binary('pow');

/** The smaller of two, by element. */
export const minimum = binary('minimum');

/** The larger of two, by element. */
export const maximum = binary('maximum');

/** -x */
export const neg = unary('neg');

/** |x| */
export const abs = unary('abs');

/** -1, 0 or 1 */
export const sign = unary('sign');

/** 1 / x */
export const reciprocal = unary('reciprocal');

export const exp = unary('exp');

/** The natural logarithm. */
export const log = unary('log');

export const sqrt = unary('sqrt');

export const sin = unary('sin');

export const cos = unary('cos');

/** The Gauss error function. */
export const erf = unary('erf');

/** The largest whole number that is not above x. */
export const floor = unary('floor');

/** The smallest whole number that is not below x. */
export const ceil = unary('ceil');

/** The nearest whole number, of two the even one. */
export const round = unary('round');
