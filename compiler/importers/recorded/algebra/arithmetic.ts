/** Arithmetic element by element: known tensors are computed at import, live ones by layers. Shapes broadcast. */
import { sizeOf } from '../../../ir/types.ts';
import { broadcastShapes } from '../../../ops/shared/pointwise.ts';
import { call, live, operation, refuse, shapeOf } from '../calls.ts';
import type { Live, Options, Recorder, Value } from '../calls.ts';
import {
  allocate,
  isFloat,
  known,
  rounded,
  sourceOf,
  stridesOf,
  type Known,
  type SourceDType,
} from '../known.ts';

export type Unary =
  | 'abs'
  | 'ceil'
  | 'cos'
  | 'exp'
  | 'floor'
  | 'log'
  | 'neg'
  | 'reciprocal'
  | 'relu'
  | 'round'
  | 'sigmoid'
  | 'sign'
  | 'sin'
  | 'sqrt'
  | 'tanh';

const UNARY: { readonly [U in Unary]: (x: number) => number } = {
  abs: Math.abs,
  ceil: Math.ceil,
  cos: Math.cos,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  neg: (x) => -x,
  reciprocal: (x) => 1 / x,
  relu: (x) => Math.max(x, 0),
  round: roundEven,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  tanh: Math.tanh,
};

/** Rounds to the nearest whole number, halves to the even one. */
function roundEven(x: number): number {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

export function unary(r: Recorder, op: Unary, x: Value): Value {
  if (x.kind === 'known') return map(x, UNARY[op]);
  return inFloats(r, x, (float) => call(r, 'f32', op, [float]));
}

export const map = (x: Known, f: (value: number) => number): Known => {
  const data = allocate(x.dtype, x.shape);
  for (let i = 0; i < data.length; i++) data[i] = rounded(f(x.data[i]!), x.dtype);
  return { ...x, data };
};

export type Binary = 'add' | 'sub' | 'mul' | 'div' | 'pow' | 'minimum' | 'maximum';

const BINARY: { readonly [B in Binary]: (a: number, b: number) => number } = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  pow: (a, b) => a ** b,
  minimum: Math.min,
  maximum: Math.max,
};

/** Integers divide towards zero. Live integers are computed in f32, which is exact up to 2^24. */
export function binary(r: Recorder, op: Binary, a: Value, b: Value): Value {
  if (a.kind === 'known' && b.kind === 'known') {
    if (op === 'div' && !isFloat(a.dtype) && b.data.includes(0))
      refuse(r, 'CNNC3015', 'a division of integers by 0');
    return zip(r, a.dtype, a, b, BINARY[op]);
  }
  if (!isFloat(a.dtype)) {
    const result = binary(r, op, cast(r, a, 'f32'), cast(r, b, 'f32'));
    return cast(r, result, a.dtype);
  }
  const [left, right] = [cast(r, a, 'f32'), cast(r, b, 'f32')];
  const number = right.kind === 'known' && right.data.length === 1 ? right.data[0]! : undefined;
  const isPlain =
    number !== undefined && !Number.isNaN(number) && shapeOf(right).length <= shapeOf(left).length;
  if (isPlain) return call(r, 'f32', op, [live(r, left), number]);
  const commutes = op === 'add' || op === 'mul' || op === 'minimum' || op === 'maximum';
  if (commutes && left.kind === 'known' && right.kind === 'live') return binary(r, op, right, left);
  return call(r, 'f32', op, [live(r, left), live(r, right)]);
}

export type Relation = 'equal' | 'notEqual' | 'less' | 'lessOrEqual' | 'greater' | 'greaterOrEqual';

const RELATIONS: { readonly [R in Relation]: (a: number, b: number) => boolean } = {
  equal: (a, b) => a === b,
  notEqual: (a, b) => a !== b,
  less: (a, b) => a < b,
  lessOrEqual: (a, b) => a <= b,
  greater: (a, b) => a > b,
  greaterOrEqual: (a, b) => a >= b,
};

export function compare(r: Recorder, relation: Relation, a: Value, b: Value): Value {
  if (a.kind === 'known' && b.kind === 'known')
    return zip(r, 'bool', a, b, (x, y) => Number(RELATIONS[relation](x, y)));
  return operation(r, 'bool', 'compare', [live(r, a), live(r, b)], { relation });
}

/** a if the condition is true, else b. */
export function where(r: Recorder, condition: Value, a: Value, b: Value): Value {
  if (condition.kind === 'known' && a.kind === 'known' && b.kind === 'known') {
    const size = sizeOf(commonShape(r, [condition, a, b]));
    const [picked, first, second] = broadcast(r, [condition, a, b]);
    const data = allocate(a.dtype, picked!.shape);
    for (let i = 0; i < size; i++) data[i] = (picked!.data[i] ? first : second)!.data[i]!;
    return { kind: 'known', dtype: a.dtype, shape: picked!.shape, data, source: sourceOf([a, b]) };
  }
  return operation(r, a.dtype, 'where', [live(r, condition), live(r, a), live(r, b)]);
}

/** Converts to another type. A float between 0 and 1 counts as true. */
export function cast(r: Recorder, x: Value, dtype: SourceDType): Value {
  if (x.dtype === dtype) return x;
  if (x.kind === 'known') {
    const data = allocate(dtype, x.shape);
    for (let i = 0; i < data.length; i++) data[i] = rounded(x.data[i]!, dtype);
    return { ...x, dtype, data };
  }
  if (dtype === 'bool') {
    const zero = known(x.dtype, [], [0]);
    return compare(r, 'notEqual', x, zero);
  }
  const target = isFloat(dtype) ? 'f32' : 'i32';
  if (x.tensor.dtype === target) return { ...x, dtype };
  return operation(r, dtype, 'cast', [x], { dtype: target });
}

/** Applies a function of floats to a value that may hold integers. */
function inFloats(r: Recorder, x: Live, apply: (x: Live) => Value): Value {
  if (x.tensor.dtype === 'f32') return apply(x);
  return cast(r, apply(live(r, cast(r, x, 'f32'))), x.dtype);
}

/** Calls a layer with one operand. */
export const layer = (r: Recorder, method: string, x: Value, options: Options = {}): Live =>
  call(r, 'f32', method, [live(r, cast(r, x, 'f32'))], options);

export const scalar = (value: number, dtype: SourceDType = 'f32'): Known => known(dtype, [], [value]);

function commonShape(r: Recorder, xs: readonly Value[]): readonly number[] {
  const shapes = xs.map(shapeOf);
  // An extent of 0 broadcasts against 1 like any other.
  const shape = broadcastShapes(shapes);
  return (
    shape ??
    refuse(
      r,
      'CNNC3015',
      `the shapes ${shapes.map((s) => `[${s.join(',')}]`).join(' and ')} do not broadcast`,
    )
  );
}

function broadcast(r: Recorder, xs: readonly Known[]): Known[] {
  const shape = commonShape(r, xs);
  return xs.map((x) => {
    const offset = shape.length - x.shape.length;
    const strides = stridesOf(x.shape).map((stride, axis) => (x.shape[axis] === 1 ? 0 : stride));
    const outer = stridesOf(shape);
    const data = allocate(x.dtype, shape);
    for (let i = 0; i < data.length; i++) {
      let place = 0;
      strides.forEach((stride, axis) => {
        place += (Math.floor(i / outer[axis + offset]!) % shape[axis + offset]!) * stride;
      });
      data[i] = x.data[place]!;
    }
    return { ...x, shape, data };
  });
}

function zip(
  r: Recorder,
  dtype: SourceDType,
  a: Known,
  b: Known,
  f: (a: number, b: number) => number,
): Known {
  const [left, right] = broadcast(r, [a, b]);
  const data = allocate(dtype, left!.shape);
  for (let i = 0; i < data.length; i++) data[i] = rounded(f(left!.data[i]!, right!.data[i]!), dtype);
  return { kind: 'known', dtype, shape: left!.shape, data, source: sourceOf([a, b]) };
}
