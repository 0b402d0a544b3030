/**
 * Integer expressions three ways: a plain tree evaluated here, the same tree through the folding
 * constructors, and any `Expr` run by the interpreter and by the JavaScript evaluator.
 */
import fc from 'fast-check';
import { add, constant, div, mul, rem, sub } from '../../compiler/kernel/expression.ts';
import { interpretKernel } from '../../compiler/kernel/interpreter.ts';
import { compileKernel } from '../../compiler/kernel/javascript.ts';
import { expressionPrinter, readingSpelling } from '../../compiler/kernel/printer.ts';
import type { Expr, Kernel, Statement } from '../../compiler/kernel/types.ts';

export const VARIABLES = ['i', 'j', 'k'] as const;
export type Variable = (typeof VARIABLES)[number];
export type Values = Readonly<Record<Variable, number>>;

type Operator = 'add' | 'sub' | 'mul' | 'div' | 'rem';

/** A tree as it was asked for, nothing folded. */
export type Tree =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'variable'; readonly name: Variable }
  | { readonly kind: 'operation'; readonly op: Operator; readonly left: Tree; readonly right: Tree };

const constructors = { add, sub, mul, div, rem };

export const variable = (name: Variable): Expr => ({ kind: 'var', type: 'i32', name });

/** The tree by the constructors, which fold. */
export function folded(tree: Tree): Expr {
  switch (tree.kind) {
    case 'number':
      return constant(tree.value);
    case 'variable':
      return variable(tree.name);
    case 'operation':
      return constructors[tree.op](folded(tree.left), folded(tree.right));
  }
}

/** The tree as it stands. Integers divide toward zero; the remainder has the dividend's sign. */
export function evaluateTree(tree: Tree, values: Values): number {
  if (tree.kind === 'number') return tree.value;
  if (tree.kind === 'variable') return values[tree.name];
  const [left, right] = [evaluateTree(tree.left, values), evaluateTree(tree.right, values)];
  switch (tree.op) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return Math.trunc(left / right);
    case 'rem':
      return left - Math.trunc(left / right) * right;
  }
}

/**
 * Index arithmetic: products have a constant factor and divisors are constants that are not 0. At most five
 * levels of numbers up to 64 stay below 2^31, where i32 is exact.
 */
export const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree; number: Tree; divisor: Tree }>((tie) => ({
  number: fc.integer({ min: -6, max: 12 }).map((value): Tree => ({ kind: 'number', value })),
  divisor: fc
    .integer({ min: 1, max: 12 })
    .chain((value) => fc.constantFrom(value, -value))
    .map((value): Tree => ({ kind: 'number', value })),
  tree: fc.oneof(
    { maxDepth: 5, depthSize: 'max' },
    fc.constantFrom(...VARIABLES).map((name): Tree => ({ kind: 'variable', name })),
    tie('number'),
    fc
      .tuple(fc.constantFrom<Operator>('add', 'sub'), tie('tree'), tie('tree'))
      .map(([op, left, right]): Tree => ({ kind: 'operation', op, left, right })),
    fc.tuple(tie('tree'), tie('number'), fc.boolean()).map(([a, b, swap]): Tree => ({
      kind: 'operation',
      op: 'mul',
      left: swap ? b : a,
      right: swap ? a : b,
    })),
    fc
      .tuple(fc.constantFrom<Operator>('div', 'rem'), tie('tree'), tie('divisor'))
      .map(([op, left, right]): Tree => ({ kind: 'operation', op, left, right })),
  ),
})).tree;

export const variableValues: fc.Arbitrary<Values> = fc.record({
  i: fc.integer({ min: -9, max: 64 }),
  j: fc.integer({ min: -9, max: 64 }),
  k: fc.integer({ min: -9, max: 64 }),
});

/** A kernel whose one store is the expression's value. */
function expressionKernel(e: Expr, values: Values): Kernel {
  const declared = VARIABLES.map((name): Statement => ({
    kind: 'declare',
    name,
    type: 'i32',
    value: constant(values[name]),
    mutable: false,
  }));
  const store: Statement = { kind: 'store', buffer: 'out', index: constant(0), value: e };
  return {
    name: 'expression',
    comment: [],
    buffers: [{ name: 'out', element: 'i32', length: 1, access: 'write' }],
    body: [...declared, store],
  };
}

/** The value by the interpreter. */
export function interpretExpression(e: Expr, values: Values): number {
  const out = new Float64Array(1);
  interpretKernel(expressionKernel(e, values), [out]);
  return out[0]!;
}

/** The value by the printed JavaScript. */
export function runExpression(e: Expr, values: Values): number {
  const out = new Float64Array(1);
  compileKernel(expressionKernel(e, values))(out);
  return out[0]!;
}

/** A tree as text. */
export const text = (e: Expr): string => expressionPrinter(readingSpelling)(e).text;
