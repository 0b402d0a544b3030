/**
 * Direct access to operators, for what no layer does: a convolution with a computed weight, or a comparison.
 */
import { nearest } from '../../diagnostics/diagnostic.ts';
import type { Attrs, OpName } from '../../ir/types.ts';
import { definitionOf, opNames } from '../../ops/index.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** The operator's name, and its attributes as its file in `compiler/ops` declares them. */
export type OperationOptions = { readonly [K in OpName]: { readonly op: K } & Attrs[K] }[OpName];

/** Applies one operator: `net.operation([x, weight], { op: 'conv2d', stride: [1, 1], ... })`. */
export function operation(layer: Layer, operands: readonly Tensor[], options: OperationOptions): Tensor {
  const { op, ...attrs } = options;
  const callable = opNames.filter((name) => !definitionOf(name).structural);
  if (!callable.includes(op)) {
    const near = nearest(String(op), callable);
    layer.reject('CNNC1107', `there is no operation ${String(op)}${near ? `, did you mean ${near}?` : ''}`);
  }
  return layer.node<OpName>(op, operands, attrs);
}
