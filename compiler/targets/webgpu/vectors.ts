/**
 * The buffers that can be arrays of `vec4f`: all accesses are four numbers wide, at indices that are always multiples
 * of four. This is conservative: an index counts as a multiple only if that follows from its expression.
 */
import { add, constant, mul, shr, sub, u32Const } from '../../kernel/expression.ts';
import type { Expr, Kernel, Statement } from '../../kernel/types.ts';
import { expressionsOf, mapExpr } from '../../kernel/walk.ts';

type Multiples = Set<string>;

/** The names of such buffers. */
export function vectorBuffers({ buffers, grid, body }: Kernel): ReadonlySet<string> {
  const all = [...buffers, ...(grid?.shared ?? [])];
  const found = new Set(all.map(({ name }) => name));
  const see = (buffer: string, type: string, index: Expr, known: Multiples): void => {
    if (type !== 'f32x4' || !isMultiple(index, known)) found.delete(buffer);
  };
  visit(body, new Set(), see);
  return found;
}

type See = (buffer: string, type: string, index: Expr, known: Multiples) => void;

function visit(body: readonly Statement[], outer: Multiples, see: See): void {
  const known = new Set(outer);
  for (const s of body) {
    for (const e of expressionsOf(s)) {
      mapExpr(e, (part) => {
        if (part.kind === 'load') see(part.buffer, part.type, part.index, known);
        return part;
      });
    }
    switch (s.kind) {
      case 'for': {
        const isKnown = isMultiple(s.from, known) && s.step % 4 === 0;
        visit(s.body, isKnown ? new Set([...known, s.name]) : known, see);
        break;
      }
      case 'block':
        visit(s.body, known, see);
        break;
      case 'if':
        visit(s.then, known, see);
        visit(s.otherwise, known, see);
        break;
      case 'declare':
        if (!s.mutable && s.type === 'i32' && isMultiple(s.value, known)) known.add(s.name);
        break;
      case 'store':
        see(s.buffer, s.value.type, s.index, known);
        break;
      default:
    }
  }
}

function isMultiple(e: Expr, known: ReadonlySet<string>): boolean {
  switch (e.kind) {
    case 'const':
      return e.value % 4 === 0;
    case 'var':
      return known.has(e.name);
    case 'binary': {
      const [left, right] = [isMultiple(e.left, known), isMultiple(e.right, known)];
      if (e.op === 'mul') return left || right;
      return ['add', 'sub', 'min', 'max', 'rem'].includes(e.op) && left && right;
    }
    case 'select':
      return isMultiple(e.then, known) && isMultiple(e.otherwise, known);
    default:
      return false;
  }
}

/** A quarter of an index that is a multiple of four: constant factors are divided, other terms are shifted. */
export function quarter(e: Expr): Expr {
  if (e.kind === 'const') return constant(e.value / 4);
  if (e.kind === 'binary' && hasFactor(e)) {
    if (e.op === 'mul') return mul(e.left, constant((e.right as { value: number }).value / 4));
    return e.op === 'add' ? add(quarter(e.left), quarter(e.right)) : sub(quarter(e.left), quarter(e.right));
  }
  return shr(e, u32Const(2));
}

/** Whether a term of the expression is a constant or has a constant factor. */
const hasFactor = (e: Expr): boolean => {
  if (e.kind === 'const') return true;
  if (e.kind !== 'binary') return false;
  if (e.op === 'mul') return e.right.kind === 'const' && e.right.value % 4 === 0;
  return (e.op === 'add' || e.op === 'sub') && (hasFactor(e.left) || hasFactor(e.right));
};
