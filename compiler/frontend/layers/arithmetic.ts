/**
 * Pointwise arithmetic. Shapes of two tensors broadcast as NumPy's and ONNX's do; the second may be a number.
 */
import type { OpName } from '../../ir/types.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

export type Operand = Tensor | number;

type BinaryName = Extract<OpName, 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum'>;

function binary(layer: Layer, op: BinaryName, a: Tensor, b: Operand): Tensor {
  if (Number.isNaN(b)) layer.reject('the second operand is NaN, expected a tensor or a number');
  return layer.node(op, [a, typeof b === 'number' ? layer.scalar(b) : b]);
}

/** a + b */
export function add(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'add', a, b);
}

/** a - b */
export function sub(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'sub', a, b);
}

/** a * b, by element */
export function mul(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'mul', a, b);
}

/** a / b */
export function div(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'div', a, b);
}

/** a to the power of b */
export function pow(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'pow', a, b);
}

/** The smaller of two, by element. */
export function minimum(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'minimum', a, b);
}

/** The larger of two, by element. */
export function maximum(layer: Layer, a: Tensor, b: Operand): Tensor {
  return binary(layer, 'maximum', a, b);
}

/** -x */
export function neg(layer: Layer, x: Tensor): Tensor {
  return layer.node('neg', [x]);
}

/** |x| */
export function abs(layer: Layer, x: Tensor): Tensor {
  return layer.node('abs', [x]);
}

/** -1, 0 or 1 */
export function sign(layer: Layer, x: Tensor): Tensor {
  return layer.node('sign', [x]);
}

/** 1 / x */
export function reciprocal(layer: Layer, x: Tensor): Tensor {
  return layer.node('reciprocal', [x]);
}

export function exp(layer: Layer, x: Tensor): Tensor {
  return layer.node('exp', [x]);
}

/** The natural logarithm. */
export function log(layer: Layer, x: Tensor): Tensor {
  return layer.node('log', [x]);
}

export function sqrt(layer: Layer, x: Tensor): Tensor {
  return layer.node('sqrt', [x]);
}

export function sin(layer: Layer, x: Tensor): Tensor {
  return layer.node('sin', [x]);
}

export function cos(layer: Layer, x: Tensor): Tensor {
  return layer.node('cos', [x]);
}

/** The Gauss error function. */
export function erf(layer: Layer, x: Tensor): Tensor {
  return layer.node('erf', [x]);
}

/** The largest whole number that is not above x. */
export function floor(layer: Layer, x: Tensor): Tensor {
  return layer.node('floor', [x]);
}

/** The smallest whole number that is not below x. */
export function ceil(layer: Layer, x: Tensor): Tensor {
  return layer.node('ceil', [x]);
}

/** The nearest whole number, of two the even one. */
export function round(layer: Layer, x: Tensor): Tensor {
  return layer.node('round', [x]);
}
