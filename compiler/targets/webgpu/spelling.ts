/** WGSL's spelling of legal kernels: what differs from the one for reading. */
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

const TYPES: Readonly<Record<Type, string>> = {
  f32: 'f32',
  i32: 'i32',
  u32: 'u32',
  bool: 'bool',
  f32x4: 'vec4f',
  boolx4: 'vec4<bool>',
};

/** What the shader's bindings hold, as far as it is not what the kernel loads. */
export interface SpellingOptions {
  readonly elementOf: (buffer: string) => ElementType;
  readonly uses: (helper: Helper) => void;
}

export const wgslSpelling = ({ elementOf, uses }: SpellingOptions): Spelling => ({
  constant,
  declare: (name, type, mutable) => `${mutable ? 'var' : 'let'} ${name}: ${TYPES[type]}`,
  forHead: (name, from, to, step) => `for (var ${name} = ${from}; ${name} < ${to}; ${name} += ${step})`,
  expression: (e, print) => expression(e, print, { elementOf, uses }),
  store: (buffer, index, value, element, stored) =>
    `${buffer}[${index}] = ${isAsStored(stored, element) ? value : `bitcast<${TYPES[element]}>(${value})`}`,
  barrier: 'workgroupBarrier()',
});

function constant({ type, value }: Extract<Expr, { kind: 'const' }>): string {
  if (type === 'bool') return String(Boolean(value));
  if (type === 'u32') return `${value >>> 0}u`;
  if (type === 'i32') return formatNumber(value);
  return floatText(value);
}

/** Infinities and NaN have no spelling but their bits, which must not be constants either. */
function floatText(value: number): string {
  if (!Number.isFinite(Math.fround(value))) {
    const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
    return `bitcast<f32>(${bits}u)`;
  }
  const text = formatNumber(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Otherwise the range holds bits of several types. */
const isAsStored = (type: Type, element: Type): boolean => type === 'f32x4' || type === element;

const LANES = ['x', 'y', 'z', 'w'] as const;

function expression(e: Expr, print: PrintExpr, { elementOf, uses }: SpellingOptions): Printed | undefined {
  switch (e.kind) {
    case 'load': {
      const text = `${e.buffer}[${print(e.index).text}]`;
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

/** `f(a < b, c > d)` would be a call with a template `a<b, c>`. */
const argument = (printed: Printed): string =>
  printed.sign === undefined || printed.precedence > 10 ? printed.text : `(${printed.text})`;

function unary(
  e: Extract<Expr, { kind: 'unary' }>,
  print: PrintExpr,
  uses: (helper: Helper) => void,
): Printed | undefined {
  const value = print(e.value);
  if (e.op === 'roundEven') return call('round', value.text);
  // `--x` is no expression.
  if (e.op === 'neg' && value.text.startsWith('-')) return { text: `-(${value.text})`, precedence: UNARY };
  const helper = OWN[e.op];
  if (!helper) return undefined;
  uses(helper);
  if (e.type === 'f32') return call(helper, value.text);
  return call('vec4f', ...LANES.map((name) => call(helper, `${within(value, ATOM)}.${name}`).text));
}

const OWN: Partial<Record<UnaryOp, Helper>> = { tanh: 'hyperbolicTangent', sin: 'sine', cos: 'cosine' };

/** WGSL wants parentheses between `&&` and `||`, and between comparisons. */
function binary(
  e: Extract<Expr, { kind: 'binary' }>,
  print: PrintExpr,
  uses: (helper: Helper) => void,
): Printed | undefined {
  const [left, right] = [print(e.left), print(e.right)];
  if (e.op === 'pow' && e.type === 'f32') {
    uses('power');
    return call('power', left.text, right.text);
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
