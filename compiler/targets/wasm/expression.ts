/**
 * Expressions of the kernel language as WebAssembly instructions. `bool` is an i32, `f32x4` and `boolx4` are
 * v128. If an index is a sum with a constant, the constant becomes the instruction's offset where that is safe.
 */
import type { BinaryOp, Expr, Type, UnaryOp } from '../../kernel/types.ts';
import { somePart } from '../../kernel/walk.ts';
import { rangeOf, type Ranges } from './ranges.ts';
import type { Sexpr } from './sexpr.ts';

export interface ExpressionContext {
  /** The name of a variable's local, without the dollar. */
  local(name: string): string;
  readonly ranges: Ranges;
  /** Whether multiply-adds are rounded once on machines that can. */
  readonly relaxed: boolean;
  /** Called with the name of each function of `math/` that is needed. */
  uses(name: string): void;
}

export const WASM_TYPES: Readonly<Record<Type, string>> = {
  f32: 'f32',
  i32: 'i32',
  u32: 'i32',
  bool: 'i32',
  f32x4: 'v128',
  boolx4: 'v128',
};

const ELEMENT_BYTES = 4;

export const i32 = (value: number): Sexpr => ['i32.const', String(value | 0)];

const formatF32 = (value: number): string => {
  if (Number.isNaN(value)) return 'nan';
  if (value === Infinity) return 'inf';
  if (value === -Infinity) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
};

function constant(value: number, type: Type): Sexpr {
  return type === 'f32' ? ['f32.const', formatF32(value)] : i32(value);
}

/** `offset=16` and the address it is added to, in bytes. */
export function addressOf(buffer: string, index: Expr, context: ExpressionContext): Sexpr[] {
  const base: Sexpr = ['local.get', `$${context.local(buffer)}`];
  if (index.kind === 'const') return [...offset(index.value), base];
  const { rest, added } = splitSum(index);
  const isSafe = added > 0 && rangeOf(rest, context.ranges).low >= 0;
  const scaled: Sexpr = ['i32.shl', expression(isSafe ? rest : index, context), i32(2)];
  return [...offset(isSafe ? added : 0), ['i32.add', base, scaled]];
}

const offset = (elements: number): Sexpr[] => (elements === 0 ? [] : [`offset=${elements * ELEMENT_BYTES}`]);

function splitSum(e: Expr): { rest: Expr; added: number } {
  if (e.kind === 'binary' && e.right.kind === 'const') {
    if (e.op === 'add') return { rest: e.left, added: e.right.value };
    if (e.op === 'sub') return { rest: e.left, added: -e.right.value };
  }
  return { rest: e, added: 0 };
}

export function expression(e: Expr, context: ExpressionContext): Sexpr {
  const print = (inner: Expr): Sexpr => expression(inner, context);
  switch (e.kind) {
    case 'const':
      return constant(e.value, e.type);
    case 'var':
      return ['local.get', `$${context.local(e.name)}`];
    case 'load':
      return [
        e.type === 'f32x4' ? 'v128.load' : `${WASM_TYPES[e.type]}.load`,
        ...addressOf(e.buffer, e.index, context),
      ];
    case 'unary':
      return unary(e, context);
    case 'binary':
      return binary(e, context);
    case 'fma':
      return fma(e, context);
    case 'select':
      return select(e, context);
    case 'cast':
      return cast(e, print(e.value));
    case 'splat':
      return splat(e.value, context);
    case 'lane':
      return ['f32x4.extract_lane', String(e.lane), print(e.vector)];
    case 'vector':
      return vector(e.values, context);
    default:
      return e satisfies never;
  }
}

function splat(value: Expr, context: ExpressionContext): Sexpr {
  if (value.kind === 'const')
    return ['v128.const', 'f32x4', ...Array<string>(4).fill(formatF32(value.value))];
  if (value.kind === 'load') return ['v128.load32_splat', ...addressOf(value.buffer, value.index, context)];
  return ['f32x4.splat', expression(value, context)];
}

function vector(values: readonly Expr[], context: ExpressionContext): Sexpr {
  return values.reduce<Sexpr>((inner, value, lane) => {
    if (lane === 0) return splat(value, context);
    if (value.kind === 'load') {
      const [at, address] = withOffset(addressOf(value.buffer, value.index, context));
      return ['v128.load32_lane', ...at, String(lane), address, inner];
    }
    return ['f32x4.replace_lane', String(lane), inner, expression(value, context)];
  }, '');
}

const withOffset = (parts: Sexpr[]): [Sexpr[], Sexpr] => [parts.slice(0, -1), parts.at(-1)!];

function fma({ a, b, c, type }: Extract<Expr, { kind: 'fma' }>, context: ExpressionContext): Sexpr {
  const [x, y, z] = [expression(a, context), expression(b, context), expression(c, context)];
  if (type !== 'f32x4') return [`${WASM_TYPES[type]}.add`, [`${WASM_TYPES[type]}.mul`, x, y], z];
  return context.relaxed ? ['f32x4.relaxed_madd', x, y, z] : ['f32x4.add', ['f32x4.mul', x, y], z];
}

/** Computes both sides, unless one reads memory: its index may be valid only if the condition holds. */
function select(e: Extract<Expr, { kind: 'select' }>, context: ExpressionContext): Sexpr {
  const [condition, then, otherwise] = [e.condition, e.then, e.otherwise].map((part) =>
    expression(part, context),
  ) as [Sexpr, Sexpr, Sexpr];
  if (e.condition.type === 'boolx4') return ['v128.bitselect', then, otherwise, condition];
  if (!mayTrap(e.then) && !mayTrap(e.otherwise)) return ['select', then, otherwise, condition];
  return ['if', ['result', WASM_TYPES[e.type]], condition, ['then', then], ['else', otherwise]];
}

/** Whether an expression reads memory or divides integers. */
const mayTrap = (e: Expr): boolean =>
  somePart(e, (part) => part.kind === 'load' || (part.kind === 'binary' && isIntegerDivision(part)));

const isIntegerDivision = (e: Extract<Expr, { kind: 'binary' }>): boolean =>
  (e.op === 'div' || e.op === 'rem') && e.type !== 'f32' && e.type !== 'f32x4' && e.right.kind !== 'const';

function cast(e: Extract<Expr, { kind: 'cast' }>, value: Sexpr): Sexpr {
  const from = e.value.type;
  switch (e.type) {
    case 'f32':
      return [from === 'i32' ? 'f32.convert_i32_s' : 'f32.convert_i32_u', value];
    case 'i32':
      return from === 'f32' ? ['i32.trunc_sat_f32_s', value] : value;
    case 'u32':
      return from === 'f32' ? ['i32.trunc_sat_f32_u', value] : value;
    case 'bool':
      return from === 'f32' ? ['f32.ne', value, ['f32.const', '0']] : ['i32.ne', value, i32(0)];
  }
}

const FLOAT_UNARY: Partial<Record<UnaryOp, string>> = {
  neg: 'neg',
  abs: 'abs',
  sqrt: 'sqrt',
  floor: 'floor',
  ceil: 'ceil',
  roundEven: 'nearest',
};

function unary(e: Extract<Expr, { kind: 'unary' }>, context: ExpressionContext): Sexpr {
  const value = expression(e.value, context);
  if (e.op === 'not') return e.type === 'boolx4' ? ['v128.not', value] : ['i32.eqz', value];
  if (e.type === 'i32') {
    if (e.op === 'neg') return ['i32.sub', i32(0), value];
    // abs: `sign` is all ones for a negative number; xor and subtraction then negate it.
    const sign: Sexpr = ['i32.shr_s', value, i32(31)];
    return ['i32.sub', ['i32.xor', value, sign], sign];
  }
  const instruction = FLOAT_UNARY[e.op];
  if (instruction) return [`${e.type}.${instruction}`, value];
  return call(e.op, e.type, [value], context);
}

/** A function of `math/`: `$exp_f32x4`. */
function call(op: string, type: Type, values: readonly Sexpr[], context: ExpressionContext): Sexpr {
  const name = `${op}_${type}`;
  context.uses(name);
  return ['call', `$${name}`, ...values];
}

const INTEGER_OPS: Readonly<
  Record<Exclude<BinaryOp, 'min' | 'max' | 'pow'>, readonly [signed: string, unsigned: string]>
> = {
  add: ['add', 'add'],
  sub: ['sub', 'sub'],
  mul: ['mul', 'mul'],
  div: ['div_s', 'div_u'],
  rem: ['rem_s', 'rem_u'],
  and: ['and', 'and'],
  or: ['or', 'or'],
  xor: ['xor', 'xor'],
  shl: ['shl', 'shl'],
  shr: ['shr_s', 'shr_u'],
  lt: ['lt_s', 'lt_u'],
  le: ['le_s', 'le_u'],
  gt: ['gt_s', 'gt_u'],
  ge: ['ge_s', 'ge_u'],
  eq: ['eq', 'eq'],
  ne: ['ne', 'ne'],
};

function binary(e: Extract<Expr, { kind: 'binary' }>, context: ExpressionContext): Sexpr {
  const type = e.left.type;
  const [left, right] = [expression(e.left, context), expression(e.right, context)];
  switch (type) {
    case 'bool':
      return logical(e.op, e, left, right);
    case 'boolx4':
      return [`v128.${e.op}`, left, right];
    case 'f32':
    case 'f32x4':
      return float(e, type, left, right, context);
    case 'i32':
    case 'u32':
      return integer(e.op, type, left, right);
  }
}

/** Short-circuits if the right side may trap: it may read memory that exists only if the left side holds. */
function logical(op: BinaryOp, e: Extract<Expr, { kind: 'binary' }>, left: Sexpr, right: Sexpr): Sexpr {
  if ((op === 'and' || op === 'or') && mayTrap(e.right)) {
    const [then, otherwise] = op === 'and' ? [right, i32(0)] : [i32(1), right];
    return ['if', ['result', 'i32'], left, ['then', then], ['else', otherwise]];
  }
  return [`i32.${op}`, left, right];
}

/**
 * wasm's min and max return NaN if an operand is NaN, which takes six instructions on x86. pmin and pmax take one: they
 * return their first operand unless the second is less (more). So they are used if one operand is a constant, which is
 * no NaN and becomes the second.
 */
function float(
  e: Extract<Expr, { kind: 'binary' }>,
  type: 'f32' | 'f32x4',
  left: Sexpr,
  right: Sexpr,
  context: ExpressionContext,
): Sexpr {
  if (e.op === 'pow' || e.op === 'rem') return call(e.op, type, [left, right], context);
  if (type === 'f32x4' && (e.op === 'min' || e.op === 'max')) {
    if (isNumber(e.right)) return [`f32x4.p${e.op}`, left, right];
    if (isNumber(e.left)) return [`f32x4.p${e.op}`, right, left];
  }
  return [`${type}.${e.op}`, left, right];
}

const isNumber = (e: Expr): boolean =>
  e.kind === 'splat' && e.value.kind === 'const' && !Number.isNaN(e.value.value);

/**
 * There is no instruction for min and max of integers, so operands are printed twice; they are cheap and have no
 * effects.
 */
function integer(op: BinaryOp, type: 'i32' | 'u32', left: Sexpr, right: Sexpr): Sexpr {
  const signed = type === 'i32' ? 's' : 'u';
  switch (op) {
    case 'min':
      return ['select', left, right, [`i32.lt_${signed}`, left, right]];
    case 'max':
      return ['select', left, right, [`i32.gt_${signed}`, left, right]];
    case 'pow':
      throw new Error('there is no power of integers');
    case 'mul':
      return multiply(left, right);
    default:
      return [`i32.${INTEGER_OPS[op][type === 'i32' ? 0 : 1]}`, left, right];
  }
}

/** A product; a shift if the factor is a power of two. */
function multiply(left: Sexpr, right: Sexpr): Sexpr {
  const factor = typeof right !== 'string' && right[0] === 'i32.const' ? Number(right[1]) : 0;
  const bits = Math.log2(factor);
  return factor > 0 && Number.isInteger(bits) ? ['i32.shl', left, i32(bits)] : ['i32.mul', left, right];
}
