/**
 * Constructors for expressions. They fold constants and keep integer sums flat (`(i + 1) * 4` becomes `i * 4 + 4`,
 * with constants at the end), so that printed indices look hand-written. Plain numbers are accepted wherever an
 * expression is. They take the other operand's type.
 */
import type { BinaryOp, CompareOp, Expr, ScalarType, Type, UnaryOp } from './types.ts';

export type Operand = Expr | number;

export const constant = (value: number, type: ScalarType = 'i32'): Expr => ({ kind: 'const', type, value });
export const f32Const = (value: number): Expr => constant(value, 'f32');
export const u32Const = (value: number): Expr => constant(value >>> 0, 'u32');
export const boolConst = (value: boolean): Expr => constant(value ? 1 : 0, 'bool');

export const isConst = (e: Expr): e is Extract<Expr, { kind: 'const' }> => e.kind === 'const';
const isValue = (e: Expr, value: number): boolean => e.kind === 'const' && e.value === value;

/** The type of one lane. */
function scalarOf(type: Type): ScalarType {
  if (type === 'f32x4') return 'f32';
  return type === 'boolx4' ? 'bool' : type;
}

/** Turns a number into a constant of the given type. */
export function toExpr(operand: Operand, type: Type): Expr {
  if (typeof operand !== 'number') return operand;
  const scalar = constant(operand, scalarOf(type));
  return type === 'f32x4' ? splat(scalar) : scalar;
}

function pair(a: Operand, b: Operand): [Expr, Expr] {
  const type = typeof a !== 'number' ? a.type : typeof b !== 'number' ? b.type : 'i32';
  const [left, right] = [toExpr(a, type), toExpr(b, type)];
  return [besideVector(left, right), besideVector(right, left)];
}

/** Spreads a number that is combined with a vector. */
const besideVector = (e: Expr, other: Expr): Expr =>
  e.type === 'f32' && other.type === 'f32x4' ? splat(e) : e;

function binary(op: BinaryOp, left: Expr, right: Expr, type: Type = left.type): Expr {
  if (isConst(left) && isConst(right)) {
    const value = evaluateBinary(op, left.value, right.value, left.type);
    return constant(value, scalarOf(type));
  }
  return { kind: 'binary', type, op, left, right };
}

export function add(a: Operand, b: Operand): Expr {
  const [left, right] = pair(a, b);
  if (left.type === 'i32') {
    const [l, r] = [splitConstant(left), splitConstant(right)];
    return withConstant(sumOf(l.rest, r.rest), l.constant + r.constant);
  }
  if (isValue(right, 0)) return left;
  if (isValue(left, 0)) return right;
  return binary('add', left, right);
}

export function sub(a: Operand, b: Operand): Expr {
  const [left, right] = pair(a, b);
  if (left.type === 'i32') {
    const [l, r] = [splitConstant(left), splitConstant(right)];
    if (r.rest && !l.rest) return binary('sub', constant(l.constant - r.constant), r.rest);
    return withConstant(r.rest ? binary('sub', l.rest!, r.rest) : l.rest, l.constant - r.constant);
  }
  if (isValue(right, 0)) return left;
  return binary('sub', left, right);
}

/** Splits an integer expression into `rest + constant`. A constant has no rest. */
function splitConstant(e: Expr): { rest?: Expr; constant: number } {
  if (isConst(e)) return { constant: e.value };
  if (e.kind === 'binary' && isConst(e.right)) {
    if (e.op === 'add') return { rest: e.left, constant: e.right.value };
    if (e.op === 'sub') return { rest: e.left, constant: -e.right.value };
  }
  return { rest: e, constant: 0 };
}

const sumOf = (a: Expr | undefined, b: Expr | undefined): Expr | undefined =>
  a && b ? binary('add', a, b) : (a ?? b);

function withConstant(rest: Expr | undefined, value: number): Expr {
  if (!rest || value === 0) return rest ?? constant(value);
  return value > 0 ? binary('add', rest, constant(value)) : binary('sub', rest, constant(-value));
}

export function mul(a: Operand, b: Operand): Expr {
  let [left, right] = pair(a, b);
  if (isConst(left)) [left, right] = [right, left];
  if (isValue(right, 1)) return left;
  if (left.type === 'i32' && isConst(right)) {
    if (right.value === 0) return constant(0);
    if (left.kind === 'binary' && isConst(left.right)) {
      if (left.op === 'mul') return mul(left.left, left.right.value * right.value);
      if (left.op === 'add') return add(mul(left.left, right), left.right.value * right.value);
      if (left.op === 'sub') return sub(mul(left.left, right), left.right.value * right.value);
    }
  }
  return binary('mul', left, right);
}

/** Division. Integers divide toward zero. */
export function div(a: Operand, b: Operand): Expr {
  const [left, right] = pair(a, b);
  if (isValue(right, 1)) return left;
  const factor = multipleOf(left, right);
  return factor === undefined ? binary('div', left, right) : mul((left as { left: Expr }).left, factor);
}

/** The remainder of `div`, with the sign of `a`. */
export function rem(a: Operand, b: Operand): Expr {
  const [left, right] = pair(a, b);
  if (left.type !== 'f32' && (isValue(right, 1) || multipleOf(left, right) !== undefined)) {
    return constant(0, scalarOf(left.type));
  }
  return binary('rem', left, right);
}

/** The quotient a / b for integers `e * a` and `b`, if b divides a. */
function multipleOf(left: Expr, right: Expr): number | undefined {
  if (
    left.type !== 'i32' ||
    left.kind !== 'binary' ||
    left.op !== 'mul' ||
    !isConst(left.right) ||
    !isConst(right)
  )
    return undefined;
  const factor = left.right.value / right.value;
  return Number.isInteger(factor) ? factor : undefined;
}

const plain =
  (op: BinaryOp) =>
  (a: Operand, b: Operand): Expr =>
    binary(op, ...pair(a, b));

/** The smaller of two. NaN in either operand gives NaN, as in JavaScript, wasm and PyTorch. */
export const min = plain('min');
export const max = plain('max');
export const pow = plain('pow');
export const bitAnd = plain('and');
export const bitOr = plain('or');
export const xor = plain('xor');
export const shl = plain('shl');
export const shr = plain('shr');

const compare =
  (op: CompareOp) =>
  (a: Operand, b: Operand): Expr => {
    const [left, right] = pair(a, b);
    return binary(op, left, right, left.type === 'f32x4' ? 'boolx4' : 'bool');
  };

export const lt = compare('lt');
export const le = compare('le');
export const gt = compare('gt');
export const ge = compare('ge');
export const eq = compare('eq');
export const ne = compare('ne');

export function and(a: Expr, b: Expr): Expr {
  if (isConst(a)) return a.value ? b : a;
  if (isConst(b)) return b.value ? a : b;
  return binary('and', a, b);
}

export function or(a: Expr, b: Expr): Expr {
  if (isConst(a)) return a.value ? a : b;
  if (isConst(b)) return b.value ? b : a;
  return binary('or', a, b);
}

function unary(op: UnaryOp, value: Expr): Expr {
  if (isConst(value)) return constant(evaluateUnary(op, value.value), value.type);
  return { kind: 'unary', type: value.type, op, value };
}

export const neg = (value: Expr): Expr => unary('neg', value);
export const abs = (value: Expr): Expr => unary('abs', value);
export const sqrt = (value: Expr): Expr => unary('sqrt', value);
export const exp = (value: Expr): Expr => unary('exp', value);
export const log = (value: Expr): Expr => unary('log', value);
export const tanh = (value: Expr): Expr => unary('tanh', value);
export const sin = (value: Expr): Expr => unary('sin', value);
export const cos = (value: Expr): Expr => unary('cos', value);
export const floor = (value: Expr): Expr => unary('floor', value);
export const ceil = (value: Expr): Expr => unary('ceil', value);
/** Rounds to the nearest integer, halves to the even one. */
export const roundEven = (value: Expr): Expr => unary('roundEven', value);
export const not = (value: Expr): Expr => unary('not', value);

export function fma(a: Expr, b: Expr, c: Expr): Expr {
  const vector = [a, b, c].find(({ type }) => type === 'f32x4') ?? c;
  const [x, y, z] = [a, b, c].map((part) => besideVector(part, vector)) as [Expr, Expr, Expr];
  return { kind: 'fma', type: z.type, a: x, b: y, c: z };
}

/** Chooses by a condition. With a mask, two numbers are spread, because every lane chooses. */
export function select(condition: Expr, then: Operand, otherwise: Operand): Expr {
  const isSpread = condition.type === 'boolx4';
  const [a, b] = pair(then, otherwise).map((e) => (isSpread && e.type === 'f32' ? splat(e) : e)) as [
    Expr,
    Expr,
  ];
  if (isConst(condition)) return condition.value ? a : b;
  return { kind: 'select', type: a.type, condition, then: a, otherwise: b };
}

export function cast(value: Expr, type: ScalarType): Expr {
  if (value.type === type) return value;
  if (isConst(value)) return constant(evaluateCast(value.value, type), type);
  return { kind: 'cast', type, value };
}

export const splat = (value: Expr): Expr => ({ kind: 'splat', type: 'f32x4', value });
export const vector = (a: Expr, b: Expr, c: Expr, d: Expr): Expr => ({
  kind: 'vector',
  type: 'f32x4',
  values: [a, b, c, d],
});
export const lane = (vector: Expr, index: 0 | 1 | 2 | 3): Expr => ({
  kind: 'lane',
  type: 'f32',
  vector,
  lane: index,
});

/** 0 <= index < extent. If the index is a constant, comparisons that always hold are left out. */
export function inside(index: Expr, extent: number): Expr {
  return and(ge(index, 0), lt(index, extent));
}

/** What a cast does to a number. The interpreter and constant folding share it. */
export function evaluateCast(value: number, type: ScalarType): number {
  switch (type) {
    case 'f32':
      return value;
    case 'i32':
      return Math.trunc(value) | 0;
    case 'u32':
      return value >>> 0;
    case 'bool':
      return value ? 1 : 0;
  }
}

export function evaluateUnary(op: UnaryOp, value: number): number {
  switch (op) {
    case 'neg':
      return -value;
    case 'not':
      return value ? 0 : 1;
    case 'roundEven':
      return roundHalfEven(value);
    default:
      return Math[op](value);
  }
}

function roundHalfEven(value: number): number {
  const floored = Math.floor(value);
  const rest = value - floored;
  if (rest !== 0.5) return rest < 0.5 ? floored : floored + 1;
  return floored % 2 === 0 ? floored : floored + 1;
}

export function evaluateBinary(op: BinaryOp, a: number, b: number, type: Type): number {
  switch (op) {
    case 'add':
      return wrap(a + b, type);
    case 'sub':
      return wrap(a - b, type);
    case 'mul':
      return type === 'u32' ? Math.imul(a, b) >>> 0 : a * b;
    case 'div':
      return type === 'i32' || type === 'u32' ? Math.trunc(a / b) : a / b;
    case 'rem':
      return a % b;
    case 'min':
      return Math.min(a, b);
    case 'max':
      return Math.max(a, b);
    case 'pow':
      return a ** b;
    case 'and':
      return wrap(a & b, type);
    case 'or':
      return wrap(a | b, type);
    case 'xor':
      return wrap(a ^ b, type);
    case 'shl':
      return wrap(a << b, type);
    case 'shr':
      return type === 'u32' ? a >>> b : a >> b;
    case 'lt':
      return Number(a < b);
    case 'le':
      return Number(a <= b);
    case 'gt':
      return Number(a > b);
    case 'ge':
      return Number(a >= b);
    case 'eq':
      return Number(a === b);
    case 'ne':
      return Number(a !== b);
  }
}

const wrap = (value: number, type: Type): number => (type === 'u32' ? value >>> 0 : value);
