/** Visits every statement and expression of a body, and rebuilds expressions. */
import type { Expr, Statement } from './types.ts';

export function someStatement(body: readonly Statement[], test: (s: Statement) => boolean): boolean {
  return body.some((s) => test(s) || someStatement(bodiesOf(s).flat(), test));
}

function bodiesOf(s: Statement): (readonly Statement[])[] {
  if (s.kind === 'for' || s.kind === 'block') return [s.body];
  return s.kind === 'if' ? [s.then, s.otherwise] : [];
}

/** The statement's own expressions, without those of statements inside of it. */
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

/** Returns the statement with its own expressions and inner bodies changed, in the order in which they run. */
export function mapStatement(
  s: Statement,
  changeBody: (body: readonly Statement[]) => readonly Statement[],
  change: (e: Expr) => Expr = (e) => e,
): Statement {
  switch (s.kind) {
    case 'for':
      return { ...s, from: change(s.from), to: change(s.to), body: changeBody(s.body) };
    case 'if': {
      const condition = change(s.condition);
      return { ...s, condition, then: changeBody(s.then), otherwise: changeBody(s.otherwise) };
    }
    case 'declare':
    case 'reduce':
    case 'assign':
      return { ...s, value: change(s.value) };
    case 'store':
      return { ...s, index: change(s.index), value: change(s.value) };
    case 'block':
      return { ...s, body: changeBody(s.body) };
    case 'barrier':
    case 'comment':
      return s;
  }
}

/**
 * Returns the statements with their expressions rewritten. `before` takes statements that a new expression needs;
 * they are put before its statement. `own` may rewrite a statement completely.
 */
export function rewriteStatements(
  body: readonly Statement[],
  rewrite: (e: Expr, before: Statement[]) => Expr,
  own?: (s: Statement, change: (e: Expr) => Expr) => readonly Statement[] | undefined,
): Statement[] {
  return body.flatMap((s) => {
    const before: Statement[] = [];
    const change = (e: Expr): Expr => rewrite(e, before);
    const inside = (inner: readonly Statement[]): Statement[] => rewriteStatements(inner, rewrite, own);
    const changed = own?.(s, change) ?? [mapStatement(s, inside, change)];
    return [...before, ...changed];
  });
}

/** The direct parts of an expression, in order. */
export function childrenOf(e: Expr): readonly Expr[] {
  const children: Expr[] = [];
  mapChildren(e, (child) => {
    children.push(child);
    return child;
  });
  return children;
}

/** Whether the expression or a part of it passes the test, from left to right. */
export const somePart = (e: Expr, test: (part: Expr) => boolean): boolean =>
  test(e) || childrenOf(e).some((child) => somePart(child, test));

const someExpression = (body: readonly Statement[], test: (part: Expr) => boolean): boolean =>
  someStatement(body, (s) => expressionsOf(s).some((e) => somePart(e, test)));

/** These have no instruction. Several such calls in parallel gain nothing and use up registers. */
const FUNCTIONS: readonly string[] = ['exp', 'log', 'tanh', 'sin', 'cos', 'pow'];

export const callsFunctions = (body: readonly Statement[]): boolean =>
  someExpression(body, (e) => (e.kind === 'unary' || e.kind === 'binary') && FUNCTIONS.includes(e.op));

export const refersTo = (e: Expr, names: ReadonlySet<string>): boolean =>
  somePart(e, (part) => part.kind === 'var' && names.has(part.name));

/** Visits every statement before the statements inside of it. */
export function visitStatements(body: readonly Statement[], see: (s: Statement) => void): void {
  for (const s of body) {
    see(s);
    if (s.kind === 'for' || s.kind === 'block') visitStatements(s.body, see);
    if (s.kind === 'if') {
      visitStatements(s.then, see);
      visitStatements(s.otherwise, see);
    }
  }
}

/** All names declared in a block or inside of it. */
export function namesIn(body: readonly Statement[]): Set<string> {
  const names = new Set<string>();
  visitStatements(body, (s) => {
    if (s.kind === 'declare' || s.kind === 'reduce' || s.kind === 'for') names.add(s.name);
  });
  return names;
}

/** Returns the wanted name, with a number if it is taken, and reserves it. */
export function unusedName(wanted: string, names: Set<string>): string {
  let name = wanted;
  for (let n = 2; names.has(name); n++) name = `${wanted}_${n}`;
  names.add(name);
  return name;
}

/** Rebuilds an expression from its leaves up. */
export const mapExpr = (e: Expr, change: (e: Expr) => Expr): Expr =>
  change(mapChildren(e, (child) => mapExpr(child, change)));

/** The expression with its direct parts changed. */
export function mapChildren(e: Expr, change: (child: Expr) => Expr): Expr {
  switch (e.kind) {
    case 'const':
    case 'var':
      return e;
    case 'load':
      return { ...e, index: change(e.index) };
    case 'unary':
    case 'cast':
    case 'splat':
      return { ...e, value: change(e.value) };
    case 'binary':
      return { ...e, left: change(e.left), right: change(e.right) };
    case 'fma':
      return { ...e, a: change(e.a), b: change(e.b), c: change(e.c) };
    case 'select':
      return { ...e, condition: change(e.condition), then: change(e.then), otherwise: change(e.otherwise) };
    case 'vector': {
      const [a, b, c, d] = e.values;
      return { ...e, values: [change(a), change(b), change(c), change(d)] };
    }
    case 'lane':
      return { ...e, vector: change(e.vector) };
  }
}
