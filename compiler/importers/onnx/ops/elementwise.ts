/** Activations and arithmetic, element by element. */
import { sameShape, sizeOf } from '../../../ir/types.ts';
import {
  cast,
  compare,
  binary,
  layer,
  map,
  scalar,
  unary,
  where,
} from '../../recorded/algebra/arithmetic.ts';
import type { Binary, Relation, Unary } from '../../recorded/algebra/arithmetic.ts';
import { reshape } from '../../recorded/algebra/movement.ts';
import { operation, shapeOf, type Options, type Value } from '../../recorded/calls.ts';
import { makeLayer } from '../../recorded/layers.ts';
import { isFloat, known } from '../../recorded/known.ts';
import { axisOf, knownScalar, rankOf, type NodeView } from '../node.ts';
import { dtypeOf } from '../tensor.ts';
import type { Translate, Translations } from './types.ts';

const one =
  (op: Unary): Translate =>
  (node) =>
    unary(node.r, op, node.value(0));

const two =
  (op: Binary): Translate =>
  (node) =>
    binary(node.r, op, node.value(0), node.value(1));

const relation =
  (name: Relation): Translate =>
  (node) =>
    compare(node.r, name, node.value(0), node.value(1));

/** A layer with one operand. Options that equal the layer's defaults are left out. */
const plain =
  (method: string, options: (node: NodeView) => Options = () => ({})): Translate =>
  (node) =>
    layer(node.r, method, node.value(0), options(node));

/** A layer applied to any number of operands, from left to right. */
const several =
  (op: Binary): Translate =>
  (node) =>
    node.inputs.map((_, i) => node.value(i)).reduce((sum, x) => binary(node.r, op, sum, x));

const mean: Translate = (node) => {
  const sum = several('add')(node) as Value;
  return node.inputs.length === 1 ? sum : binary(node.r, 'div', sum, scalar(node.inputs.length));
};

const unless = (value: number, fallback: number): number | undefined =>
  value === fallback ? undefined : value;

const selu: Translate = (node) => {
  const [alpha, gamma] = [node.float('alpha', SELU_ALPHA), node.float('gamma', SELU_GAMMA)];
  const isUsual = Math.abs(alpha - SELU_ALPHA) < 1e-6 && Math.abs(gamma - SELU_GAMMA) < 1e-6;
  if (isUsual) return layer(node.r, 'selu', node.value(0));
  return operation(node.r, 'f32', 'selu', [node.live(0)], { alpha, gamma });
};

const SELU_ALPHA = 1.6732632423543772;
const SELU_GAMMA = 1.0507009873554805;

/** The limits are attributes before opset 11. */
const clip: Translate = (node) => {
  const limit = (index: number, name: string, none: number): number => {
    if (node.has(name)) return node.float(name);
    return node.inputs[index] ? node.known(index, name).data[0]! : none;
  };
  const [low, high] = [limit(1, 'min', -Infinity), limit(2, 'max', Infinity)];
  const x = node.value(0);
  if (x.kind === 'known') return map(x, (value) => Math.min(Math.max(value, low), high));
  // If the lower limit is above the upper one, the result is the upper one.
  const from = Math.min(low, high);
  if (!isFloat(x.dtype)) return clipIntegers(node, x, from, high);
  if (from === 0 && high === 6) return layer(node.r, 'relu6', x);
  // PyTorch and TensorFlow write the largest f32 for no limit.
  const isNone = (value: number): boolean => Math.abs(value) > 3.4e38;
  if (isNone(from) && isNone(high)) return x;
  return layer(node.r, 'clip', x, {
    low: isNone(from) ? undefined : from,
    high: isNone(high) ? undefined : high,
  });
};

const clipIntegers = (node: NodeView, x: Value, low: number, high: number): Value =>
  binary(node.r, 'minimum', binary(node.r, 'maximum', x, scalar(low)), scalar(high));

/** One slope for all elements or one for each channel is a layer. Other slopes broadcast. */
const prelu: Translate = (node) => {
  const [x, slope] = [node.value(0), node.value(1)];
  const channels = shapeOf(x)[1] ?? 1;
  const size = sizeOf(shapeOf(slope));
  const isByChannel =
    size === 1 || (size === channels && shapeOf(slope)[shapeOf(slope).length - (rankOf(x) - 1)] === channels);
  if (slope.kind === 'known' && slope.source !== undefined && isByChannel) {
    const weight = { ...slope, shape: [size] };
    const options = { slopes: unless(size, 1) };
    return makeLayer(node, 'prelu', node.live(0), options, { weight }, slope.source);
  }
  const [over, zero] = [unary(node.r, 'relu', x), scalar(0)];
  const under = binary(node.r, 'mul', binary(node.r, 'minimum', x, zero), slope);
  return binary(node.r, 'add', over, under);
};

const gelu: Translate = (node) => {
  const approximation = node.text('approximate', 'none');
  if (approximation !== 'none' && approximation !== 'tanh')
    return node.refuse('CNNC3016', `the approximation ${JSON.stringify(approximation)} is not supported`);
  return layer(node.r, 'gelu', node.value(0), {
    approximation: approximation === 'none' ? undefined : approximation,
  });
};

/** Softmax. It is over all axes from the given one to the last before opset 13. */
const softmax =
  (method: 'softmax' | 'logSoftmax'): Translate =>
  (node) => {
    const x = node.value(0);
    const shape = shapeOf(x);
    const axis = axisOf(node, node.int('axis', node.opset < 13 ? 1 : -1), Math.max(shape.length, 1));
    if (node.opset >= 13 || axis === shape.length - 1)
      return layer(node.r, method, x, { axis: unless(axis, 1) });
    const rows = reshape(node.r, x, [sizeOf(shape.slice(0, axis)), sizeOf(shape.slice(axis))]);
    return reshape(node.r, layer(node.r, method, rows), shape);
  };

const castTo: Translate = (node) => {
  const dtype = dtypeOf(node.int('to'));
  return dtype
    ? cast(node.r, node.value(0), dtype)
    : node.refuse('CNNC3016', 'its element type is not supported');
};

const bool = (x: Value, node: NodeView): Value => cast(node.r, x, 'bool');

const logic =
  (pick: (node: NodeView, a: Value, b: Value) => Value): Translate =>
  (node) =>
    pick(node, bool(node.value(0), node), bool(node.value(1), node));

const yes = known('bool', [], [1]);
const no = known('bool', [], [0]);

const mod: Translate = (node) => {
  const [a, b] = [node.value(0), node.value(1)];
  if (node.int('fmod', 0) !== 0) return node.refuse('CNNC3016', 'fmod is not supported');
  const quotient = unary(
    node.r,
    'floor',
    binary(node.r, 'div', cast(node.r, a, 'f32'), cast(node.r, b, 'f32')),
  );
  return cast(node.r, binary(node.r, 'sub', a, binary(node.r, 'mul', quotient, b)), a.dtype);
};

/** Needs the shapes of both operands, or one operand that already has the whole shape. */
const whereNode: Translate = (node) => {
  const [condition, a, b] = [node.value(0), node.value(1), node.value(2)];
  const shape = shapeOf(a);
  const picked = condition.kind === 'known' && knownScalar(condition) !== undefined;
  if (picked && sameShape(shape, shapeOf(b))) return condition.data[0] ? a : b;
  return where(node.r, condition, a, b);
};

/**
 * Identity. PyTorch stores equal initializers once and makes the others by Identity. They become separate weights.
 */
const identity: Translate = (node) => {
  const x = node.value(0);
  return x.kind === 'known' && x.source !== undefined
    ? { ...x, data: x.data.slice(), source: node.outputs[0] || x.source }
    : x;
};

const sizes: Translate = (node) => known('i64', [], [sizeOf(shapeOf(node.value(0)))]);

export const elementwise: Translations = {
  Abs: one('abs'),
  Add: two('add'),
  And: logic((node, a, b) => where(node.r, a, b, no)),
  Cast: castTo,
  CastLike: (node) => cast(node.r, node.value(0), node.value(1).dtype),
  Ceil: one('ceil'),
  Celu: plain('celu', (node) => ({ alpha: unless(node.float('alpha', 1), 1) })),
  Clip: clip,
  Cos: one('cos'),
  Div: two('div'),
  Elu: plain('elu', (node) => ({ alpha: unless(node.float('alpha', 1), 1) })),
  Equal: relation('equal'),
  Erf: plain('erf'),
  Exp: one('exp'),
  Floor: one('floor'),
  Gelu: gelu,
  Greater: relation('greater'),
  GreaterOrEqual: relation('greaterOrEqual'),
  HardSigmoid: plain('hardSigmoid', (node) => ({
    alpha: node.float('alpha', 0.2),
    beta: unless(node.float('beta', 0.5), 0.5),
  })),
  HardSwish: plain('hardSwish'),
  Identity: identity,
  LeakyRelu: plain('leakyRelu', (node) => ({ slope: unless(node.float('alpha', 0.01), 0.01) })),
  Less: relation('less'),
  LessOrEqual: relation('lessOrEqual'),
  Log: one('log'),
  LogSoftmax: softmax('logSoftmax'),
  Max: several('maximum'),
  Mean: mean,
  Min: several('minimum'),
  Mish: plain('mish'),
  Mod: mod,
  Mul: two('mul'),
  Neg: one('neg'),
  Not: (node) => compare(node.r, 'equal', bool(node.value(0), node), no),
  Or: logic((node, a, b) => where(node.r, a, yes, b)),
  PRelu: prelu,
  Pow: two('pow'),
  Reciprocal: one('reciprocal'),
  Relu: one('relu'),
  Round: one('round'),
  Selu: selu,
  Sigmoid: one('sigmoid'),
  Sign: one('sign'),
  Sin: one('sin'),
  Size: sizes,
  Softmax: softmax('softmax'),
  Softplus: plain('softplus'),
  Softsign: plain('softsign'),
  Sqrt: one('sqrt'),
  Sub: two('sub'),
  Sum: several('add'),
  Swish: plain('silu'),
  Tanh: one('tanh'),
  ThresholdedRelu: plain('thresholdedRelu', (node) => ({ alpha: unless(node.float('alpha', 1), 1) })),
  Where: whereNode,
  Xor: logic((node, a, b) => compare(node.r, 'notEqual', a, b)),
};
