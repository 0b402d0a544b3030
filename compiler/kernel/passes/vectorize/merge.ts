/**
 * Postcondition: two loops, one directly inside of the other, are one loop if every access is to contiguous places or
 * to one place. The computation is the same.
 *
 *     for y in 0..4 { for x in 0..5 { sum += a[y * 5 + x] } }    ->    for y_x in 0..20 { sum += a[y_x] }
 */
import { constant, mul } from '../../expression.ts';
import { expressionsOf, mapExpr, refersTo, somePart, someStatement } from '../../walk.ts';
import type { Expr, Statement } from '../../types.ts';
import { extentOf, isConstantLoop, type ConstantLoop, type Loop } from './parts.ts';
import { shapeOf } from './shapes.ts';
import { substituteIn } from '../../substitute.ts';

export function mergeLoops(body: readonly Statement[], unused: (wanted: string) => string): Statement[] {
  return body.map((s): Statement => {
    switch (s.kind) {
      case 'for':
        return mergeWithInner({ ...s, body: mergeLoops(s.body, unused) }, unused);
      case 'block':
        return { ...s, body: mergeLoops(s.body, unused) };
      case 'if':
        return { ...s, then: mergeLoops(s.then, unused), otherwise: mergeLoops(s.otherwise, unused) };
      default:
        return s;
    }
  });
}

function mergeWithInner(outer: Loop, unused: (wanted: string) => string): Loop {
  const [inner, another] = outer.body;
  if (another || inner?.kind !== 'for' || inner.independent !== outer.independent) return outer;
  if (!isConstantLoop(outer) || !isConstantLoop(inner)) return outer;
  if (outer.from.value !== 0 || inner.from.value !== 0) return outer;
  if (!isContiguous(inner.body, outer, inner)) return outer;
  const name = unused(`${outer.name}_${inner.name}`);
  const merged: Expr = { kind: 'var', type: 'i32', name };
  const body = substituteIn(
    inner.body,
    new Map<string, Expr>([
      [outer.name, constant(0)],
      [inner.name, merged],
    ]),
  );
  return { ...outer, name, to: mul(outer.to, inner.to), body };
}

/**
 * Whether both variables occur only in indices in which a step of the outer loop equals a whole round of the inner
 * loop.
 */
function isContiguous(body: readonly Statement[], outer: Loop, inner: ConstantLoop): boolean {
  const counters = new Set([outer.name, inner.name]);
  const isWhole = (index: Expr): boolean => {
    const [far, near] = [stepOf(index, outer.name), stepOf(index, inner.name)];
    return far !== undefined && near !== undefined && far === near * extentOf(inner);
  };
  const isClear = (e: Expr): boolean =>
    !somePart(e, (part) => part.kind === 'load' && !isWhole(part.index)) &&
    !refersTo(withoutLoads(e), counters);
  const isKept = (s: Statement): boolean => {
    if (s.kind === 'store') return isWhole(s.index) && isClear(s.value);
    if (s.kind === 'declare' && s.type === 'i32') return isClear(s.value) || isWhole(s.value);
    return expressionsOf(s).every(isClear);
  };
  return !someStatement(body, (s) => !isKept(s));
}

function stepOf(index: Expr, counter: string): number | undefined {
  const shape = shapeOf(index, new Map([[counter, 1]]));
  if (shape === 'uniform') return 0;
  return typeof shape === 'number' ? shape : undefined;
}

const withoutLoads = (e: Expr): Expr => mapExpr(e, (part) => (part.kind === 'load' ? constant(0) : part));
