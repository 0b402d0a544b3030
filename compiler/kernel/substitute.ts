/** Postcondition: every use of the names is replaced by their expressions. Integer sums are flat and folded again. */
import { add, div, mul, rem, sub } from './expression.ts';
import { mapExpr, mapStatement } from './walk.ts';
import type { Expr, Statement } from './types.ts';

export type Replacements = ReadonlyMap<string, Expr>;

export function substitute(e: Expr, by: Replacements): Expr {
  if (by.size === 0) return e;
  return mapExpr(e, (inner) => {
    if (inner.kind === 'var') return by.get(inner.name) ?? inner;
    return inner.kind === 'binary' && inner.type === 'i32' ? folded(inner) : inner;
  });
}

function folded(e: Extract<Expr, { kind: 'binary' }>): Expr {
  const construct = { add, sub, mul, div, rem }[e.op as string];
  return construct ? construct(e.left, e.right) : e;
}

/** Declarations of names that turn out to be constants are removed. */
export function substituteIn(body: readonly Statement[], outer: Replacements): Statement[] {
  const by = new Map(outer);
  const value = (e: Expr): Expr => substitute(e, by);
  const block = (inner: readonly Statement[]): Statement[] => substituteIn(inner, by);
  return body.flatMap((s): Statement[] => {
    if (s.kind !== 'declare') return [mapStatement(s, block, value)];
    const declared = { ...s, value: value(s.value) };
    if (s.mutable || declared.value.kind !== 'const') return [declared];
    by.set(s.name, declared.value);
    return [];
  });
}
