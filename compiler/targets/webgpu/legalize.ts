/**
 * Postcondition: the body says what WGSL can say. Every access is to a binding or shared memory, at its own element
 * (a `vec4f` or a scalar); four numbers that are no `vec4f` are loaded and stored one by one; no name is a word of the
 * language; and a scalar `select` whose sides load is an `if`, because WGSL computes both sides.
 */
import { add, cast, constant, lane, splat, vector } from '../../kernel/expression.ts';
import { mapChildren, namesIn } from '../../kernel/passes/shareIndices.ts';
import type { Expr, Kernel, Statement } from '../../kernel/types.ts';
import { somePart } from '../../kernel/walk.ts';
import { quarter } from './vectors.ts';
import { RESERVED } from './words.ts';

/** What a buffer of the kernel is in the shader. */
export interface Place {
  readonly name: string;
  readonly isVector: boolean;
  /** The element of the binding that is the buffer's first, in numbers. */
  readonly base: number;
}

const LANES = [0, 1, 2, 3] as const;

export function legalize(kernel: Kernel, placeOf: (buffer: string) => Place): readonly Statement[] {
  const taken = new Set([...namesIn(kernel.body), ...kernel.buffers.map(({ name }) => placeOf(name).name)]);
  const names = createNames(taken);
  const context: Context = { placeOf, names };
  return block(kernel.body, context);
}

interface Context {
  readonly placeOf: (buffer: string) => Place;
  readonly names: Names;
}

interface Names {
  /** What a name of the kernel is called. */
  spelled(name: string): string;
  /** A name that nobody has. */
  fresh(wanted: string): string;
}

function createNames(taken: Set<string>): Names {
  const fresh = (wanted: string): string => {
    let name = wanted;
    for (let n = 2; taken.has(name) || RESERVED.has(name); n++) name = `${wanted}_${n}`;
    taken.add(name);
    return name;
  };
  const renamed = new Map<string, string>();
  return {
    fresh,
    spelled(name) {
      if (!RESERVED.has(name)) return name;
      const known = renamed.get(name) ?? fresh(`${name}_`);
      renamed.set(name, known);
      return known;
    },
  };
}

const block = (body: readonly Statement[], context: Context): Statement[] =>
  body.flatMap((s) => statement(s, context));

function statement(s: Statement, context: Context): Statement[] {
  const before: Statement[] = [];
  const value = (e: Expr): Expr => expression(e, context, before);
  const nested = (body: readonly Statement[]): Statement[] => block(body, context);
  const { spelled } = context.names;
  const own = ((): Statement[] => {
    switch (s.kind) {
      case 'for':
        return [{ ...s, name: spelled(s.name), from: value(s.from), to: value(s.to), body: nested(s.body) }];
      case 'if':
        return [
          { ...s, condition: value(s.condition), then: nested(s.then), otherwise: nested(s.otherwise) },
        ];
      case 'declare':
        return [{ ...s, name: spelled(s.name), value: value(s.value) }];
      case 'reduce':
        return [{ ...s, name: spelled(s.name), value: value(s.value) }];
      case 'assign':
        return [{ ...s, name: spelled(s.name), value: value(s.value) }];
      case 'store':
        return store(s, value(s.index), value(s.value), context);
      case 'block':
        return [{ ...s, body: nested(s.body) }];
      case 'barrier':
      case 'comment':
        return [s];
    }
  })();
  return [...before, ...own];
}

function store(
  s: Extract<Statement, { kind: 'store' }>,
  index: Expr,
  value: Expr,
  { placeOf, names }: Context,
): Statement[] {
  const { name, isVector, base } = placeOf(s.buffer);
  const at = add(index, base);
  if (isVector) return [{ kind: 'store', buffer: name, index: quarter(at), value }];
  if (value.type !== 'f32x4') return [{ kind: 'store', buffer: name, index: at, value }];
  const [stored, place] = [declare(names.fresh('stored'), value), declare(names.fresh('place'), at)];
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

/** Constants and variables need no name. */
const declare = (name: string, value: Expr): Named =>
  value.kind === 'const' || value.kind === 'var'
    ? value
    : { kind: 'declare', name, type: value.type, value, mutable: false };

const isDeclaration = (named: Named): named is Extract<Statement, { kind: 'declare' }> =>
  named.kind === 'declare';

const valueOf = (named: Named): Expr =>
  isDeclaration(named) ? { kind: 'var', type: named.type, name: named.name } : named;

/** What must be computed first goes to `before`. */
function expression(e: Expr, context: Context, before: Statement[]): Expr {
  const { placeOf, names } = context;
  if (e.kind === 'select' && e.type !== 'f32x4' && [e.then, e.otherwise].some(loads))
    return chosen(e, context, before);
  if (e.kind === 'binary' && e.type === 'bool' && loads(e.right)) return shortened(e, context, before);
  const inner = mapChildren(e, (child) => expression(child, context, before));
  if (inner.kind === 'var') return { ...inner, name: names.spelled(inner.name) };
  if (inner.kind !== 'load') return inner;
  const { name, isVector, base } = placeOf(inner.buffer);
  const at = add(inner.index, base);
  if (isVector) return { ...inner, buffer: name, index: quarter(at) };
  if (inner.type !== 'f32x4') return { ...inner, buffer: name, index: at };
  const place = declare(names.fresh('from'), at);
  if (isDeclaration(place)) before.push(place);
  const one = (i: number): Expr => ({
    kind: 'load',
    type: 'f32',
    buffer: name,
    index: add(valueOf(place), i),
  });
  return vector(one(0), one(1), one(2), one(3));
}

const loads = (e: Expr): boolean => somePart(e, ({ kind }) => kind === 'load');

/** `var chosen = otherwise's zero; if (condition) { chosen = then; } else { chosen = otherwise; }` */
function chosen(e: Extract<Expr, { kind: 'select' }>, context: Context, before: Statement[]): Expr {
  const name = context.names.fresh('chosen');
  const condition = expression(e.condition, context, before);
  const branch = (side: Expr): Statement[] => {
    const inner: Statement[] = [];
    const value = expression(side, context, inner);
    return [...inner, { kind: 'assign', name, value }];
  };
  const isPlain = e.otherwise.kind === 'const' || e.otherwise.kind === 'var';
  const first = isPlain ? expression(e.otherwise, context, before) : zero(e.type);
  before.push(
    { kind: 'declare', name, type: e.type, value: first, mutable: true },
    { kind: 'if', condition, then: branch(e.then), otherwise: isPlain ? [] : branch(e.otherwise) },
  );
  return { kind: 'var', type: e.type, name };
}

/** `a && b` where `b` must not be computed unless `a` holds, and what `b` needs first must not either. */
function shortened(e: Extract<Expr, { kind: 'binary' }>, context: Context, before: Statement[]): Expr {
  const isAnd = e.op === 'and';
  if (!isAnd && e.op !== 'or') {
    return mapChildren(e, (child) => expression(child, context, before));
  }
  const [then, otherwise] = isAnd ? [e.right, constant(0, 'bool')] : [constant(1, 'bool'), e.right];
  return chosen({ kind: 'select', type: 'bool', condition: e.left, then, otherwise }, context, before);
}

function zero(type: Expr['type']): Expr {
  if (type === 'f32x4') return splat(constant(0, 'f32'));
  return type === 'boolx4' ? cast(constant(0), 'bool') : constant(0, type);
}
