/** The spelling of kernels in WGSL, as far as it differs from the spelling in dumps. */
import { GRID_NAMES } from '../../kernel/grid.ts';
import {
  atom,
  call,
  infix,
  formatNumber,
  ATOM,
  UNARY,
  within,
  type PrintExpr,
  type Printed,
  type Spelling,
} from '../../kernel/printer.ts';
import type { ElementType, Expr, Type, UnaryOp } from '../../kernel/types.ts';
import type { Helper } from './mathematics.ts';
import { reductionName, type Reduction } from './reductions.ts';

const TYPES: Readonly<Record<Type, string>> = {
  f32: 'f32',
  i32: 'i32',
  u32: 'u32',
  bool: 'bool',
  f32x4: 'vec4f',
  boolx4: 'vec4<bool>',
};

/** The element types of the shader's bindings, and callbacks for what a shader needs. */
export interface SpellingOptions {
  readonly elementOf: (buffer: string) => ElementType;
  /** Whether a buffer holds `half4` (shader.ts), which is converted in every load and store. */
  readonly isHalf: (buffer: string) => boolean;
  readonly uses: (helper: Helper) => void;
  readonly reduces: (reduction: Reduction) => void;
}

export const wgslSpelling = ({ elementOf, isHalf, uses, reduces }: SpellingOptions): Spelling => ({
  constant: (e) => constant(e, uses),
  declare: (name, type, mutable) => `${mutable ? 'var' : 'let'} ${name}: ${TYPES[type]}`,
  forHead: (name, from, to, step) => `for (var ${name} = ${from}; ${name} < ${to}; ${name} += ${step})`,
  expression: (e, print) => expression(e, print, { elementOf, isHalf, uses }),
  store: (buffer, index, value, element, stored) =>
    `${buffer}[${index}] = ${isHalf(buffer) ? `half4(${value})` : isAsStored(stored, element) ? value : `bitcast<${TYPES[element]}>(${value})`}`,
  barrier: (memory) => (memory === 'storage' ? 'storageBarrier()' : 'workgroupBarrier()'),
  reduce(s, value) {
    reduces(s);
    return call(reductionName(s), value, GRID_NAMES[1]).text;
  },
});

function constant({ type, value }: Extract<Expr, { kind: 'const' }>, uses: (helper: Helper) => void): string {
  if (type === 'bool') return String(Boolean(value));
  if (type === 'u32') return `${value >>> 0}u`;
  if (type === 'i32') return formatNumber(value);
  if (Number.isFinite(Math.fround(value))) return floatText(value);
  uses('fromBits');
  return `fromBits(${new Uint32Array(Float32Array.of(value).buffer)[0]!}u)`;
}

function floatText(value: number): string {
  const text = formatNumber(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Whether a binding has the type of the value. Otherwise it holds bits of several types. */
const isAsStored = (type: Type, element: Type): boolean => type === 'f32x4' || type === element;

const LANES = ['x', 'y', 'z', 'w'] as const;

function expression(
  e: Expr,
  print: PrintExpr,
  { elementOf, isHalf, uses }: Omit<SpellingOptions, 'reduces'>,
): Printed | undefined {
  switch (e.kind) {
    case 'load': {
      const text = `${e.buffer}[${print(e.index).text}]`;
      if (isHalf(e.buffer)) return call('vec4f', text);
      return isAsStored(e.type, elementOf(e.buffer)) ? atom(text) : call(`bitcast<${TYPES[e.type]}>`, text);
    }
    case 'fma':
      return call('fma', print(e.a).text, print(e.b).text, print(e.c).text);
    case 'select':
      return call('select', ...[e.otherwise, e.then, e.condition].map((one) => argument(print(one))));
    case 'splat':
      return call('vec4f', print(e.value).text);
    case 'vector':
      return call('vec4f', ...e.values.map((value) => print(value).text));
    case 'lane':
      return atom(`${within(print(e.vector), ATOM)}.${LANES[e.lane]}`);
    case 'unary':
      return unary(e, print, uses);
    case 'binary':
      return binary(e, print, uses);
    default:
      return undefined;
  }
}

/** An argument, in parentheses if it is a comparison: WGSL would read `f(a < b, c > d)` as a template `a<b, c>`. */
const argument = (printed: Printed): string =>
  printed.sign === undefined || printed.precedence > 10 ? printed.text : `(${printed.text})`;

function unary(
  e: Extract<Expr, { kind: 'unary' }>,
  print: PrintExpr,
  uses: (helper: Helper) => void,
): Printed | undefined {
  const addedToOne = e.op === 'log' ? summandOfOne(e.value) : undefined;
  const value = print(addedToOne ?? e.value);
  if (e.op === 'roundEven') return call('round', value.text);
  // `--x` is no expression.
  if (e.op === 'neg' && value.text.startsWith('-')) return { text: `-(${value.text})`, precedence: UNARY };
  const helper = addedToOne ? 'logOnePlus' : OWN[e.op];
  if (!helper) return undefined;
  uses(helper);
  if (e.type === 'f32') return call(helper, value.text);
  return call('vec4f', ...LANES.map((name) => call(helper, `${within(value, ATOM)}.${name}`).text));
}

/** The x in 1 + x. */
function summandOfOne(e: Expr): Expr | undefined {
  if (e.kind !== 'binary' || e.op !== 'add') return undefined;
  if (isOne(e.left)) return e.right;
  return isOne(e.right) ? e.left : undefined;
}

const isOne = (e: Expr): boolean =>
  e.kind === 'splat' ? isOne(e.value) : e.kind === 'const' && e.value === 1;

const OWN: Partial<Record<UnaryOp, Helper>> = { tanh: 'hyperbolicTangent', sin: 'sine', cos: 'cosine' };

function power(type: Type, left: Printed, right: Printed, uses: (helper: Helper) => void): Printed {
  uses('power');
  if (type === 'f32') return call('power', left.text, right.text);
  const lanes = LANES.map((name) => {
    const [x, y] = [left, right].map((one) => `${within(one, ATOM)}.${name}`);
    return call('power', x!, y!).text;
  });
  return call('vec4f', ...lanes);
}

/** WGSL requires parentheses where `&&` and `||` meet, and where comparisons are compared. */
function binary(
  e: Extract<Expr, { kind: 'binary' }>,
  print: PrintExpr,
  uses: (helper: Helper) => void,
): Printed | undefined {
  const [left, right] = [print(e.left), print(e.right)];
  if (e.op === 'pow') return power(e.type, left, right, uses);
  // The right operand of a shift must be a u32.
  if ((e.op === 'shl' || e.op === 'shr') && e.right.type === 'i32') {
    const by = e.right.kind === 'const' ? atom(`${e.right.value}u`) : call('u32', right.text);
    return infix(e.op === 'shl' ? '<<' : '>>', 11, left, by);
  }
  if (e.type === 'bool' && (e.op === 'and' || e.op === 'or')) {
    const sign = e.op === 'and' ? '&&' : '||';
    const side = (one: Printed): Printed =>
      one.sign === undefined || one.precedence > 8 ? one : atom(`(${one.text})`);
    return infix(sign, e.op === 'and' ? 5 : 4, side(left), side(right));
  }
  if ((e.op === 'eq' || e.op === 'ne') && e.left.type === 'bool') {
    const sign = e.op === 'eq' ? '==' : '!=';
    return infix(sign, 9, atom(`(${left.text})`), atom(`(${right.text})`));
  }
  return undefined;
}
