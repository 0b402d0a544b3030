/**
 * Postcondition: no scalar `select` has a side that loads, and no `and` or `or` has a right side that loads. Each is
 * replaced by an `if` that assigns a variable, because WGSL computes both sides and one may read outside its buffer.
 */
import { cast, constant, splat } from '../../../kernel/expression.ts';
import type { Expr, Kernel, Statement } from '../../../kernel/types.ts';
import { mapChildren, namesIn, somePart, unusedName, rewriteStatements } from '../../../kernel/walk.ts';

/** A function that returns a name that is not used in the kernel. */
type Fresh = (wanted: string) => string;

export function branchOnLoads(kernel: Kernel): Kernel {
  const taken = new Set([...namesIn(kernel.body), ...kernel.buffers.map(({ name }) => name)]);
  const fresh = (wanted: string): string => unusedName(wanted, taken);
  return { ...kernel, body: rewriteStatements(kernel.body, (e, before) => expression(e, fresh, before)) };
}

/** Rewrites an expression. Statements that must run before it are added to `before`. */
function expression(e: Expr, fresh: Fresh, before: Statement[]): Expr {
  if (e.kind === 'select' && e.type !== 'f32x4' && [e.then, e.otherwise].some(loads))
    return chosen(e, fresh, before);
  if (e.kind === 'binary' && e.type === 'bool' && loads(e.right)) return shortened(e, fresh, before);
  return mapChildren(e, (child) => expression(child, fresh, before));
}

const loads = (e: Expr): boolean => somePart(e, ({ kind }) => kind === 'load');

/** `var chosen = 0; if (condition) { chosen = then; } else { chosen = otherwise; }` */
function chosen(e: Extract<Expr, { kind: 'select' }>, fresh: Fresh, before: Statement[]): Expr {
  const name = fresh('chosen');
  const condition = expression(e.condition, fresh, before);
  const branch = (side: Expr): Statement[] => {
    const inner: Statement[] = [];
    const value = expression(side, fresh, inner);
    return [...inner, { kind: 'assign', name, value }];
  };
  const isPlain = e.otherwise.kind === 'const' || e.otherwise.kind === 'var';
  const first = isPlain ? e.otherwise : zero(e.type);
  before.push(
    { kind: 'declare', name, type: e.type, value: first, mutable: true },
    { kind: 'if', condition, then: branch(e.then), otherwise: isPlain ? [] : branch(e.otherwise) },
  );
  return { kind: 'var', type: e.type, name };
}

/** `a && b`, where `b` and the statements before it must run only if `a` holds. */
function shortened(e: Extract<Expr, { kind: 'binary' }>, fresh: Fresh, before: Statement[]): Expr {
  if (e.op !== 'and' && e.op !== 'or') return mapChildren(e, (child) => expression(child, fresh, before));
  const [then, otherwise] = e.op === 'and' ? [e.right, constant(0, 'bool')] : [constant(1, 'bool'), e.right];
  return chosen({ kind: 'select', type: 'bool', condition: e.left, then, otherwise }, fresh, before);
}

function zero(type: Expr['type']): Expr {
  if (type === 'f32x4') return splat(constant(0, 'f32'));
  return type === 'boolx4' ? cast(constant(0), 'bool') : constant(0, type);
}
