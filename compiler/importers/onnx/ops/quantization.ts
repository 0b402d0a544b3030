/**
 * Quantized models in QDQ form. Constant weights become f32. On activations, QuantizeLinear and DequantizeLinear
 * become arithmetic, so the results equal those of integers.
 */
import { sizeOf } from '../../../ir/types.ts';
import { binary, cast, scalar, unary } from '../../recorded/algebra/arithmetic.ts';
import { reshape } from '../../recorded/algebra/movement.ts';
import { shapeOf, type Value } from '../../recorded/calls.ts';
import { INTEGERS, isFloat, type SourceDType } from '../../recorded/known.ts';
import { axisOf, type NodeView } from '../node.ts';
import { dtypeOf } from '../tensor.ts';
import type { Translate, Translations } from './types.ts';

/** Shapes a parameter to broadcast: one number for the tensor, or one for every slice along the axis. */
function alongAxis(node: NodeView, parameter: Value): Value {
  const size = sizeOf(shapeOf(parameter));
  if (size === 1) return reshape(node.r, parameter, []);
  const shape = shapeOf(node.value(0));
  const axis = axisOf(node, node.int('axis', 1), shape.length);
  if (shapeOf(parameter).length !== 1 || size !== shape[axis])
    return node.refuse('CNNC3016', 'scales of blocks are not supported');
  return reshape(
    node.r,
    parameter,
    shape.map((extent, i) => (i === axis ? extent : 1)),
  );
}

const zeroPoint = (node: NodeView): Value | undefined =>
  node.inputs[2] && cast(node.r, alongAxis(node, node.inputs[2]), 'f32');

const dequantize: Translate = (node) => {
  const { r } = node;
  const x = cast(r, node.value(0), 'f32');
  const zero = zeroPoint(node);
  const shifted = zero ? binary(r, 'sub', x, zero) : x;
  return binary(r, 'mul', shifted, alongAxis(node, node.value(1)));
};

/** round(x / scale) + zero, saturated to the type of the zero point. */
const quantize: Translate = (node) => {
  const { r } = node;
  const dtype = typeOf(node);
  const limits = INTEGERS[dtype];
  if (!limits || limits[1] > 2 ** 16)
    return node.refuse('CNNC3016', `quantization to ${dtype} is not supported`);
  const scaled = unary(r, 'round', binary(r, 'div', node.value(0), alongAxis(node, node.value(1))));
  const zero = zeroPoint(node);
  const shifted = zero ? binary(r, 'add', scaled, zero) : scaled;
  const raised = binary(r, 'maximum', shifted, scalar(limits[0]));
  return cast(r, binary(r, 'minimum', raised, scalar(limits[1])), dtype);
};

function typeOf(node: NodeView): SourceDType {
  const zero = node.inputs[2];
  if (zero && !isFloat(zero.dtype)) return zero.dtype;
  return (node.has('output_dtype') ? dtypeOf(node.int('output_dtype')) : undefined) ?? 'u8';
}

export const quantization: Translations = { DequantizeLinear: dequantize, QuantizeLinear: quantize };
