/**
 * Turns a kernel's accesses into accesses to bindings and to the memory of workgroups. Postcondition: every index
 * counts elements of the binding, which are `vec4f` or numbers. A vector in a binding of numbers is loaded and stored
 * one number at a time.
 */
import { add, lane, vector } from '../../kernel/expression.ts';
import type { Expr, Kernel, Statement } from '../../kernel/types.ts';
import { mapChildren, namesIn, unusedName, rewriteStatements } from '../../kernel/walk.ts';
import { quarter } from './vectors.ts';
import { RESERVED } from './words.ts';

/** The place of a buffer in the shader. */
export interface Place {
  readonly name: string;
  readonly isVector: boolean;
  /** The index of the buffer's first number in the binding. */
  readonly base: number;
}

const LANES = [0, 1, 2, 3] as const;

interface Context {
  readonly placeOf: (buffer: string) => Place;
  /** Returns a name that is not used in the shader. */
  fresh(wanted: string): string;
}

export function placeBuffers(kernel: Kernel, placeOf: (buffer: string) => Place): readonly Statement[] {
  const places = kernel.buffers.map(({ name }) => placeOf(name).name);
  const taken = new Set([...namesIn(kernel.body), ...places, ...RESERVED]);
  const context: Context = { placeOf, fresh: (wanted) => unusedName(wanted, taken) };
  return rewriteStatements(
    kernel.body,
    (e, before) => expression(e, context, before),
    (s, change) =>
      s.kind === 'store' ? store(s.buffer, change(s.index), change(s.value), context) : undefined,
  );
}

function store(buffer: string, index: Expr, value: Expr, { placeOf, fresh }: Context): Statement[] {
  const { name, isVector, base } = placeOf(buffer);
  const at = add(index, base);
  if (isVector) return [{ kind: 'store', buffer: name, index: quarter(at), value }];
  if (value.type !== 'f32x4') return [{ kind: 'store', buffer: name, index: at, value }];
  const [stored, place] = [declare(fresh('stored'), value), declare(fresh('place'), at)];
  return [
    ...[stored, place].filter(isDeclaration),
    ...LANES.map((i): Statement => {
      return {
        kind: 'store',
        buffer: name,
        index: add(valueOf(place), i),
        value: lane(valueOf(stored), i),
      };
    }),
  ];
}

type Named = Extract<Statement, { kind: 'declare' }> | Expr;

/** A declaration of the value, or the value itself if it is a constant or a variable. */
const declare = (name: string, value: Expr): Named =>
  value.kind === 'const' || value.kind === 'var'
    ? value
    : { kind: 'declare', name, type: value.type, value, mutable: false };

const isDeclaration = (named: Named): named is Extract<Statement, { kind: 'declare' }> =>
  named.kind === 'declare';

const valueOf = (named: Named): Expr =>
  isDeclaration(named) ? { kind: 'var', type: named.type, name: named.name } : named;

/** Rewrites an expression. Statements that must run before it are added to `before`. */
function expression(e: Expr, context: Context, before: Statement[]): Expr {
  const inner = mapChildren(e, (child) => expression(child, context, before));
  if (inner.kind !== 'load') return inner;
  const { name, isVector, base } = context.placeOf(inner.buffer);
  const at = add(inner.index, base);
  if (isVector) return { ...inner, buffer: name, index: quarter(at) };
  if (inner.type !== 'f32x4') return { ...inner, buffer: name, index: at };
  const place = declare(context.fresh('from'), at);
  if (isDeclaration(place)) before.push(place);
  const one = (i: number): Expr => ({
    kind: 'load',
    type: 'f32',
    buffer: name,
    index: add(valueOf(place), i),
  });
  return vector(one(0), one(1), one(2), one(3));
}
