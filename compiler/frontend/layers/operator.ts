/** Layers that are one operator without options; not a family, so it is not in `index.ts`. */
import type { Attrs, NoAttrs, OpName } from '../../ir/types.ts';
import type { Tensor } from '../tensor.ts';
import type { Layer } from './layer.ts';

/** Operators without attributes. */
export type PlainName = { [K in OpName]: NoAttrs extends Attrs[K] ? K : never }[OpName];

/** Of one tensor. */
export const unary =
  (op: PlainName) =>
  (layer: Layer, x: Tensor): Tensor =>
    layer.node<OpName>(op, [x], {});
