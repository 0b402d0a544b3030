/**
 * Prints a kernel as C-like text. The default spelling is for reading (dumps, snapshots). A target passes its own
 * `Spelling` for its language. Parentheses appear only where they are needed.
 */
import type { BinaryOp, Expr, Grid, Kernel, KernelBuffer, Statement, Type, UnaryOp } from './types.ts';

/** A printed expression and the precedence of its outermost operator. */
export interface Printed {
  readonly text: string;
  readonly precedence: number;
  /** The sign of a binary operator. */
  readonly sign?: string;
}

export type PrintExpr = (e: Expr) => Printed;

/** What differs between languages. Undefined means the default spelling. */
export interface Spelling {
  constant(e: Extract<Expr, { kind: 'const' }>): string;
  declare(name: string, type: Type, mutable: boolean): string;
  forHead(name: string, from: string, to: string, step: number): string;
  expression(e: Expr, print: PrintExpr): Printed | undefined;
  load?(buffer: string, index: string, type: Type): string;
  /** Prints a store. `type` is the type of the buffer's elements, `stored` that of the value. */
  store?(buffer: string, index: string, value: string, type: Type, stored: Type): string;
  barrier(memory: 'storage' | undefined): string;
  reduce(s: Extract<Statement, { kind: 'reduce' }>, value: string): string;
}

export const ATOM = 20;
export const UNARY = 15;

const OPERATORS: Record<BinaryOp, { sign: string; precedence: number } | undefined> = {
  mul: { sign: '*', precedence: 13 },
  div: { sign: '/', precedence: 13 },
  rem: { sign: '%', precedence: 13 },
  add: { sign: '+', precedence: 12 },
  sub: { sign: '-', precedence: 12 },
  shl: { sign: '<<', precedence: 11 },
  shr: { sign: '>>', precedence: 11 },
  lt: { sign: '<', precedence: 10 },
  le: { sign: '<=', precedence: 10 },
  gt: { sign: '>', precedence: 10 },
  ge: { sign: '>=', precedence: 10 },
  eq: { sign: '==', precedence: 9 },
  ne: { sign: '!=', precedence: 9 },
  and: { sign: '&', precedence: 8 },
  xor: { sign: '^', precedence: 7 },
  or: { sign: '|', precedence: 6 },
  min: undefined,
  max: undefined,
  pow: undefined,
};

const LOGICAL: Partial<Record<BinaryOp, { sign: string; precedence: number }>> = {
  and: { sign: '&&', precedence: 5 },
  or: { sign: '||', precedence: 4 },
};

export const atom = (text: string): Printed => ({ text, precedence: ATOM });

export const call = (name: string, ...args: string[]): Printed => atom(`${name}(${args.join(', ')})`);

/** Adds parentheses if the expression binds less tightly than its surroundings need. */
export const within = (printed: Printed, precedence: number): string =>
  printed.precedence < precedence ? `(${printed.text})` : printed.text;

/**
 * `left sign right`, left-associative. Parentheses are put where the language needs them and where prettier adds them
 * for the reader: around mixed `*`, `/` and `%`, and inside of shifts and bit operations.
 */
export function infix(sign: string, precedence: number, left: Printed, right: Printed): Printed {
  const asLeft = isClear(sign, left) ? within(left, precedence) : `(${left.text})`;
  const asRight = isClear(sign, right) ? within(right, precedence + 1) : `(${right.text})`;
  return { text: `${asLeft} ${sign} ${asRight}`, precedence, sign };
}

const MULTIPLICATIVE = ['*', '/', '%'];
const BITWISE = ['<<', '>>', '>>>', '&', '|', '^'];

function isClear(sign: string, operand: Printed): boolean {
  const inner = operand.sign;
  if (inner === undefined) return true;
  if (BITWISE.includes(sign)) return false;
  if (MULTIPLICATIVE.includes(sign) && MULTIPLICATIVE.includes(inner)) return sign === inner && sign !== '%';
  return !(inner === '%' && (sign === '+' || sign === '-'));
}

/** The shortest decimal that parses to the same number. */
export const formatNumber = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export const readingSpelling: Spelling = {
  constant: (e) => (e.type === 'bool' ? String(Boolean(e.value)) : formatNumber(e.value)),
  declare: (name, type, mutable) => `${mutable ? 'var' : 'let'} ${name}: ${type}`,
  forHead: (name, from, to, step) => `for ${name} in ${from}..${to}${step === 1 ? '' : ` step ${step}`}`,
  expression: () => undefined,
  barrier: (memory) => (memory ? `barrier of ${memory}` : 'barrier'),
  reduce: ({ op }, value) => `${op} over the workgroup (${value})`,
};

/** The spelling that prints strides as products of extents: `oy * (28 * 6)`. */
export const withStrides = (spelling: Spelling, strides: Kernel['strides'] = {}): Spelling => ({
  ...spelling,
  expression(e, print) {
    const isProduct = e.kind === 'binary' && e.op === 'mul' && e.type === 'i32' && e.right.kind === 'const';
    const stride = isProduct ? strides[(e.right as { value: number }).value] : undefined;
    if (!isProduct || stride === undefined) return spelling.expression(e, print);
    return infix('*', 13, print(e.left), atom(`(${stride})`));
  },
});

export function expressionPrinter(spelling: Spelling): PrintExpr {
  const print: PrintExpr = (e) => spelling.expression(e, print) ?? defaultExpression(e, print, spelling);
  return print;
}

function defaultExpression(e: Expr, print: PrintExpr, spelling: Spelling): Printed {
  switch (e.kind) {
    case 'const': {
      const text = spelling.constant(e);
      return { text, precedence: text.startsWith('-') ? UNARY : ATOM };
    }
    case 'var':
      return atom(e.name);
    case 'load': {
      const index = print(e.index).text;
      return atom(spelling.load?.(e.buffer, index, e.type) ?? `${e.buffer}[${index}]`);
    }
    case 'unary':
      return printUnary(e.op, print(e.value));
    case 'binary': {
      const operator = (e.type === 'bool' && LOGICAL[e.op]) || OPERATORS[e.op];
      if (!operator) return call(e.op, print(e.left).text, print(e.right).text);
      return infix(operator.sign, operator.precedence, print(e.left), print(e.right));
    }
    case 'fma':
      return infix('+', 12, infix('*', 13, print(e.a), print(e.b)), print(e.c));
    case 'select':
      return {
        text: `${within(print(e.condition), 4)} ? ${within(print(e.then), 4)} : ${within(print(e.otherwise), 3)}`,
        precedence: 3,
      };
    case 'cast':
      return call(e.type, print(e.value).text);
    case 'splat':
      return call('f32x4', print(e.value).text);
    case 'vector':
      return call('f32x4', ...e.values.map((value) => print(value).text));
    case 'lane':
      return atom(`${within(print(e.vector), ATOM)}[${e.lane}]`);
  }
}

function printUnary(op: UnaryOp, value: Printed): Printed {
  if (op === 'neg') return { text: `-${within(value, UNARY + 1)}`, precedence: UNARY };
  if (op === 'not') return { text: `!${within(value, UNARY + 1)}`, precedence: UNARY };
  return call(op, value.text);
}

/** Prints C-like statements as lines, indented by two spaces per level. */
export function printStatements(
  body: readonly Statement[],
  spelling: Spelling,
  elementOf: (buffer: string) => Type,
  semicolon = ';',
): string[] {
  const print = expressionPrinter(spelling);
  const text = (e: Expr) => print(e).text;
  const block = (statements: readonly Statement[]): string[] =>
    printStatements(statements, spelling, elementOf, semicolon).map((line) => `  ${line}`);
  return body.flatMap((s): string[] => {
    switch (s.kind) {
      case 'for':
        return [
          `${spelling.forHead(s.name, text(s.from), within(print(s.to), 11), s.step)} {`,
          ...block(s.body),
          '}',
        ];
      case 'if':
        return [
          `if (${text(s.condition)}) {`,
          ...block(s.then),
          ...(s.otherwise.length ? ['} else {', ...block(s.otherwise)] : []),
          '}',
        ];
      case 'declare':
        return [`${spelling.declare(s.name, s.type, s.mutable)} = ${text(s.value)}${semicolon}`];
      case 'assign':
        return [printAssign(s.name, s.value, text, semicolon)];
      case 'store': {
        const value = text(s.value);
        const stored = spelling.store?.(s.buffer, text(s.index), value, elementOf(s.buffer), s.value.type);
        return [`${stored ?? `${s.buffer}[${text(s.index)}] = ${value}`}${semicolon}`];
      }
      case 'barrier':
        return [`${spelling.barrier(s.memory)}${semicolon}`];
      case 'reduce':
        return [
          `${spelling.declare(s.name, s.type, false)} = ${spelling.reduce(s, text(s.value))}${semicolon}`,
        ];
      case 'comment':
        return [`// ${s.text}`];
      case 'block':
        // A single loop already is a scope.
        return s.body.length === 1 && s.body[0]!.kind === 'for'
          ? [`// ${s.comment}`, ...printStatements(s.body, spelling, elementOf, semicolon)]
          : [`// ${s.comment}`, '{', ...block(s.body), '}'];
    }
  });
}

/** Prints `acc += x` if the value adds to the variable itself. Sums of u32 wrap and are written out. */
function printAssign(name: string, value: Expr, text: (e: Expr) => string, semicolon: string): string {
  const isSelf = (e: Expr) => e.kind === 'var' && e.name === name;
  if (value.kind === 'fma' && isSelf(value.c)) {
    const product: Expr = { kind: 'binary', op: 'mul', type: value.type, left: value.a, right: value.b };
    return `${name} += ${text(product)}${semicolon}`;
  }
  if (value.kind === 'binary' && value.op === 'add' && value.type !== 'u32' && isSelf(value.left)) {
    return `${name} += ${text(value.right)}${semicolon}`;
  }
  return `${name} = ${text(value)}${semicolon}`;
}

const formatBuffer = ({ name, element, length, access }: KernelBuffer): string =>
  `${name}: ${access} ${element}[${length}]`;

function formatGrid(grid: Grid | undefined): string {
  if (!grid) return '';
  const shared = grid.shared.map(({ name, length }) => `, ${name}: f32[${length}]`).join('');
  return ` over ${grid.workgroups} x ${grid.invocations}${shared}`;
}

/** Prints the whole kernel for reading. */
export function printKernel(kernel: Kernel): string {
  const elements = new Map(kernel.buffers.map((buffer) => [buffer.name, buffer.element]));
  return [
    ...kernel.comment.map((line) => `// ${line}`),
    `kernel ${kernel.name}(${kernel.buffers.map(formatBuffer).join(', ')})${formatGrid(kernel.grid)} {`,
    ...printStatements(kernel.body, readingSpelling, (name) => elements.get(name) ?? 'f32', '').map(
      (l) => `  ${l}`,
    ),
    '}',
  ].join('\n');
}
