/** Pointwise arithmetic of two tensors; shapes broadcast as NumPy's and ONNX's do. */
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** a + b */
export function add(layer: Layer, a: Tensor, b: Tensor): Tensor {
  return layer.node('add', [a, b]);
}

/** a - b */
export function sub(layer: Layer, a: Tensor, b: Tensor): Tensor {
  return layer.node('sub', [a, b]);
}

/** a * b, by element */
export function mul(layer: Layer, a: Tensor, b: Tensor): Tensor {
  return layer.node('mul', [a, b]);
}
