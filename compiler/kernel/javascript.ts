/**
 * Kernels as JavaScript: the spelling that the TypeScript target prints, and an evaluator for values that the
 * compiler itself needs (folded and packed weights). Arithmetic is in f64. A store into a Float32Array rounds once
 * (four times faster than `Math.fround` at every step).
 */
import {
  atom,
  call,
  infix,
  printStatements,
  within,
  withStrides,
  type PrintExpr,
  type Printed,
  type Spelling,
} from './printer.ts';
import { formatNumber } from './printer.ts';
import type { Expr, Kernel, UnaryOp } from './types.ts';

export type KernelArray = Float32Array | Int32Array | Uint32Array | Float64Array;

const MATH: Partial<Record<UnaryOp, string>> = {
  abs: 'Math.abs',
  sqrt: 'Math.sqrt',
  exp: 'Math.exp',
  log: 'Math.log',
  tanh: 'Math.tanh',
  sin: 'Math.sin',
  cos: 'Math.cos',
  floor: 'Math.floor',
  ceil: 'Math.ceil',
};

/** Adding and then subtracting 1.5 * 2^52 rounds a double to an integer, halves to even. */
const ROUND_EVEN = 6755399441055744;

const unsigned = (printed: Printed): Printed => infix('>>>', 11, printed, atom('0'));

function binary(e: Extract<Expr, { kind: 'binary' }>, print: PrintExpr): Printed | undefined {
  const [left, right] = [print(e.left), print(e.right)];
  switch (e.op) {
    case 'eq':
      return infix('===', 9, left, right);
    case 'ne':
      return infix('!==', 9, left, right);
    case 'min':
    case 'max':
      return call(`Math.${e.op}`, left.text, right.text);
    case 'pow':
      return call('Math.pow', left.text, right.text);
    case 'div':
      if (e.type === 'f32') return undefined;
      return call('Math.trunc', infix('/', 13, left, right).text);
    default:
      break;
  }
  if (e.type !== 'u32') return undefined;
  switch (e.op) {
    case 'add':
      return unsigned(infix('+', 12, left, right));
    case 'sub':
      return unsigned(infix('-', 12, left, right));
    case 'mul':
      return unsigned(call('Math.imul', left.text, right.text));
    case 'and':
      return unsigned(infix('&', 8, left, right));
    case 'or':
      return unsigned(infix('|', 6, left, right));
    case 'xor':
      return unsigned(infix('^', 7, left, right));
    case 'shl':
      return unsigned(infix('<<', 11, left, right));
    case 'shr':
      return infix('>>>', 11, left, right);
    default:
      return undefined;
  }
}

function unary(op: UnaryOp, value: Printed): Printed | undefined {
  const name = MATH[op];
  if (name) return call(name, value.text);
  if (op !== 'roundEven') return undefined;
  return { text: `${within(value, 12)} + ${ROUND_EVEN} - ${ROUND_EVEN}`, precedence: 12 };
}

function cast(e: Extract<Expr, { kind: 'cast' }>, print: PrintExpr): Printed {
  const value = print(e.value);
  switch (e.type) {
    case 'f32':
      return e.value.type === 'bool' ? call('Number', value.text) : value;
    case 'i32':
      return e.value.type === 'f32' ? call('Math.trunc', value.text) : infix('|', 6, value, atom('0'));
    case 'u32':
      return unsigned(value);
    case 'bool':
      return infix('!==', 9, value, atom('0'));
  }
}

const javascriptSpelling: Spelling = {
  constant: (e) => (e.type === 'bool' ? String(Boolean(e.value)) : formatNumber(e.value)),
  declare: (name, _type, mutable) => `${mutable ? 'let' : 'const'} ${name}`,
  forHead: (name, from, to, step) =>
    `for (let ${name} = ${from}; ${name} < ${to}; ${step === 1 ? `${name}++` : `${name} += ${step}`})`,
  expression(e, print) {
    if (e.type === 'f32x4' || e.type === 'boolx4')
      throw new Error('JavaScript has no vectors: this kernel is for another target');
    if (e.kind === 'binary') return binary(e, print);
    if (e.kind === 'unary') return unary(e.op, print(e.value));
    if (e.kind === 'cast') return cast(e, print);
    return undefined;
  },
  barrier: () => '',
  reduce({ name }) {
    throw new Error(`JavaScript has no workgroups: ${name} is for another target`);
  },
};

/** The statements of the kernel's body, one per line, without types. */
export function printJavascriptBody(kernel: Kernel): string[] {
  return printStatements(kernel.body, withStrides(javascriptSpelling, kernel.strides), () => 'f32');
}

/** Compiles the kernel to a function of its buffers, in their order, and of the number of images if it counts them. */
export function compileKernel(kernel: Kernel): (...given: (KernelArray | number)[]) => void {
  const parameters = [
    ...kernel.buffers.map((buffer) => buffer.name),
    ...(kernel.count ? [kernel.count.name] : []),
  ];
  const body = ['"use strict";', ...printJavascriptBody(kernel)].join('\n');
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- The text is printed from a verified kernel, whose names are identifiers.
  return new Function(...parameters, body) as (...given: (KernelArray | number)[]) => void;
}
