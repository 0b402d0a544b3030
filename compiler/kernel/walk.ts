/** Looking at every statement and expression of a body. */
import { mapExpr } from './passes/shareIndices.ts';
import type { Expr, Statement } from './types.ts';

export function someStatement(body: readonly Statement[], test: (s: Statement) => boolean): boolean {
  return body.some((s) => test(s) || someStatement(bodiesOf(s).flat(), test));
}

function bodiesOf(s: Statement): (readonly Statement[])[] {
  if (s.kind === 'for' || s.kind === 'block') return [s.body];
  return s.kind === 'if' ? [s.then, s.otherwise] : [];
}

/** The statement's own expressions, not those of statements inside of it. */
export function expressionsOf(s: Statement): readonly Expr[] {
  switch (s.kind) {
    case 'for':
      return [s.from, s.to];
    case 'if':
      return [s.condition];
    case 'declare':
    case 'reduce':
    case 'assign':
      return [s.value];
    case 'store':
      return [s.index, s.value];
    case 'block':
    case 'barrier':
    case 'comment':
      return [];
  }
}

/** In the expression or a part of it. */
export function somePart(e: Expr, test: (part: Expr) => boolean): boolean {
  let found = false;
  mapExpr(e, (part) => {
    found ||= test(part);
    return part;
  });
  return found;
}

export const someExpression = (body: readonly Statement[], test: (part: Expr) => boolean): boolean =>
  someStatement(body, (s) => expressionsOf(s).some((e) => somePart(e, test)));

/** These have no instruction: side by side, such calls gain nothing and crowd the registers. */
const FUNCTIONS: readonly string[] = ['exp', 'log', 'tanh', 'sin', 'cos', 'pow'];

export const callsFunctions = (body: readonly Statement[]): boolean =>
  someExpression(body, (e) => (e.kind === 'unary' || e.kind === 'binary') && FUNCTIONS.includes(e.op));

export const refersTo = (e: Expr, names: ReadonlySet<string>): boolean =>
  somePart(e, (part) => part.kind === 'var' && names.has(part.name));
