/**
 * Layers that are one operator without options. This file is not a family of layers, so `index.ts` does not
 * list it.
 */
import type { Attrs, NoAttrs, OpName } from '../../ir/types.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Operators without attributes. */
export type PlainName = { [K in OpName]: NoAttrs extends Attrs[K] ? K : never }[OpName];

/** A layer that applies the operator to one tensor. */
export const unary =
  (op: PlainName) =>
  (layer: Layer, x: Tensor): Tensor =>
    layer.node<OpName>(op, [x], {});
