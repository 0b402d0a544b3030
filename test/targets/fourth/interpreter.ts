/**
 * Runs kernels that are data. This file is copied into packages as it is, so it imports nothing. Every statement and
 * expression becomes a closure once, when the package is loaded. Arithmetic is in doubles; a store rounds.
 */
export type Numbers = Float32Array | Int32Array | Uint32Array;

/** A function of the kernel's buffers, in their order. */
export type Kernel = (...buffers: Numbers[]) => void;

export interface Typed {
  readonly type: string;
}

export type Expr = Typed &
  (
    | { readonly kind: 'const'; readonly value: number }
    | { readonly kind: 'var'; readonly name: string }
    | { readonly kind: 'load'; readonly buffer: string; readonly index: Expr }
    | { readonly kind: 'unary'; readonly op: string; readonly value: Expr }
    | { readonly kind: 'binary'; readonly op: string; readonly left: Expr; readonly right: Expr }
    | { readonly kind: 'fma'; readonly a: Expr; readonly b: Expr; readonly c: Expr }
    | { readonly kind: 'select'; readonly condition: Expr; readonly then: Expr; readonly otherwise: Expr }
    | { readonly kind: 'cast'; readonly value: Expr }
  );

export type Statement =
  | {
      readonly kind: 'for';
      readonly name: string;
      readonly from: Expr;
      readonly to: Expr;
      readonly step: number;
      readonly body: readonly Statement[];
    }
  | {
      readonly kind: 'if';
      readonly condition: Expr;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    }
  | { readonly kind: 'declare' | 'assign'; readonly name: string; readonly value: Expr }
  | { readonly kind: 'store'; readonly buffer: string; readonly index: Expr; readonly value: Expr }
  | { readonly kind: 'block'; readonly body: readonly Statement[] };

interface Frame {
  readonly buffers: readonly Numbers[];
  readonly variables: number[];
}

type Run = (frame: Frame) => void;
type Evaluate = (frame: Frame) => number;

interface Names {
  /** The number of a buffer. */
  buffer(name: string): number;
  /** The number of a variable. */
  variable(name: string): number;
}

export function interpreted(buffers: readonly string[], body: readonly Statement[]): Kernel {
  const variables: string[] = [];
  const names: Names = {
    buffer: (name) => buffers.indexOf(name),
    variable: (name) => (variables.includes(name) ? variables.indexOf(name) : variables.push(name) - 1),
  };
  const run = runAll(body, names);
  const numbers: number[] = [];
  return (...given) => run({ buffers: given, variables: numbers });
}

function runAll(body: readonly Statement[], names: Names): Run {
  const runs = body.map((statement) => runOne(statement, names));
  const [only] = runs;
  if (only && runs.length === 1) return only;
  return (frame) => {
    for (const run of runs) run(frame);
  };
}

function runOne(s: Statement, names: Names): Run {
  switch (s.kind) {
    case 'for':
      return runLoop(s, names);
    case 'if': {
      const condition = evaluate(s.condition, names);
      const [then, otherwise] = [runAll(s.then, names), runAll(s.otherwise, names)];
      return (frame) => (condition(frame) ? then(frame) : otherwise(frame));
    }
    case 'declare':
    case 'assign': {
      const [at, value] = [names.variable(s.name), evaluate(s.value, names)];
      return (frame) => void (frame.variables[at] = value(frame));
    }
    case 'store': {
      const [buffer, index, value] = [
        names.buffer(s.buffer),
        evaluate(s.index, names),
        evaluate(s.value, names),
      ];
      return (frame) => void (frame.buffers[buffer]![index(frame)] = value(frame));
    }
    case 'block':
      return runAll(s.body, names);
  }
}

function runLoop(s: Extract<Statement, { kind: 'for' }>, names: Names): Run {
  const [from, to] = [evaluate(s.from, names), evaluate(s.to, names)];
  const [at, body] = [names.variable(s.name), runAll(s.body, names)];
  return (frame) => {
    const end = to(frame);
    for (let i = from(frame); i < end; i += s.step) {
      frame.variables[at] = i;
      body(frame);
    }
  };
}

/** Conditions are 0 or 1. */
function evaluate(e: Expr, names: Names): Evaluate {
  switch (e.kind) {
    case 'const':
      return () => e.value;
    case 'var': {
      const at = names.variable(e.name);
      return (frame) => frame.variables[at]!;
    }
    case 'load': {
      const [buffer, index] = [names.buffer(e.buffer), evaluate(e.index, names)];
      return (frame) => frame.buffers[buffer]![index(frame)]!;
    }
    case 'unary': {
      const [apply, value] = [UNARY[e.op]!, evaluate(e.value, names)];
      return (frame) => apply(value(frame));
    }
    case 'binary':
      return evaluateBinary(e, names);
    case 'fma': {
      const [a, b, c] = [evaluate(e.a, names), evaluate(e.b, names), evaluate(e.c, names)];
      return (frame) => a(frame) * b(frame) + c(frame);
    }
    case 'select': {
      const condition = evaluate(e.condition, names);
      const [then, otherwise] = [evaluate(e.then, names), evaluate(e.otherwise, names)];
      return (frame) => (condition(frame) ? then(frame) : otherwise(frame));
    }
    case 'cast': {
      const [apply, value] = [CASTS[e.type]!, evaluate(e.value, names)];
      return (frame) => apply(value(frame));
    }
  }
}

function evaluateBinary(e: Extract<Expr, { kind: 'binary' }>, names: Names): Evaluate {
  const [left, right] = [evaluate(e.left, names), evaluate(e.right, names)];
  // The right side may hold a load that is valid only when the left side holds.
  if (e.type === 'bool' && e.op === 'and') return (frame) => (left(frame) ? right(frame) : 0);
  if (e.type === 'bool' && e.op === 'or') return (frame) => (left(frame) ? 1 : right(frame));
  const type = e.left.type;
  const apply = (type === 'f32' ? undefined : INTEGER[`${e.op} ${type}`]) ?? BINARY[e.op]!;
  return (frame) => apply(left(frame), right(frame));
}

const roundEven = (x: number): number => {
  const rounded = Math.round(x);
  return rounded - x === 0.5 && rounded % 2 !== 0 ? rounded - 1 : rounded;
};

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  neg: (x) => -x,
  not: (x) => (x ? 0 : 1),
  roundEven,
  abs: Math.abs,
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  tanh: Math.tanh,
  sin: Math.sin,
  cos: Math.cos,
  floor: Math.floor,
  ceil: Math.ceil,
};

type Binary = (a: number, b: number) => number;

const BINARY: Readonly<Record<string, Binary>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  rem: (a, b) => a % b,
  min: Math.min,
  max: Math.max,
  pow: Math.pow,
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
  shl: (a, b) => a << b,
  shr: (a, b) => a >> b,
  lt: (a, b) => Number(a < b),
  le: (a, b) => Number(a <= b),
  gt: (a, b) => Number(a > b),
  ge: (a, b) => Number(a >= b),
  eq: (a, b) => Number(a === b),
  ne: (a, b) => Number(a !== b),
};

/** Where integers differ: u32 wraps around, quotients are truncated. */
const INTEGER: Readonly<Record<string, Binary>> = {
  'add u32': (a, b) => (a + b) >>> 0,
  'sub u32': (a, b) => (a - b) >>> 0,
  'mul u32': (a, b) => Math.imul(a, b) >>> 0,
  'and u32': (a, b) => (a & b) >>> 0,
  'or u32': (a, b) => (a | b) >>> 0,
  'xor u32': (a, b) => (a ^ b) >>> 0,
  'shl u32': (a, b) => (a << b) >>> 0,
  'shr u32': (a, b) => a >>> b,
  'div u32': (a, b) => Math.trunc(a / b),
  'div i32': (a, b) => Math.trunc(a / b),
};

const CASTS: Readonly<Record<string, (x: number) => number>> = {
  f32: (x) => x,
  i32: (x) => Math.trunc(x) | 0,
  u32: (x) => x >>> 0,
  bool: (x) => (x ? 1 : 0),
};
