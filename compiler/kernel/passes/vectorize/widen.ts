/**
 * Postcondition: the body runs iterations i .. i + 4 * copies - 1 at once, with one vector of four per copy. Values
 * that are the same in every lane stay scalar and are computed once. Only for bodies that `analyze` accepts.
 */
import { add, and, f32Const, lane, not, select, splat, vector } from '../../expression.ts';
import type { Expr, Statement } from '../../types.ts';
import { isComparison, shapeOf, splitCondition, splitSelect, type Shape, type Shapes } from './shapes.ts';
import { substitute } from '../../substitute.ts';

export interface Widening {
  readonly copies: number;
  readonly varying: ReadonlySet<string>;
  /** Returns a name that is not used anywhere in scope. */
  fresh(wanted: string): string;
}

interface Scope {
  readonly shapes: Map<string, Shape>;
  /** The names of each variable in all copies. */
  readonly names: Map<string, readonly string[]>;
  /** Conditions under which assignments happen, by copy. Undefined: always. */
  readonly masks?: readonly Expr[];
}

/** Widens the body. `shapes` and `names` describe what is declared around the loop. */
export function widenBody(
  body: readonly Statement[],
  shapes: Shapes,
  names: ReadonlyMap<string, readonly string[]>,
  widening: Widening,
): Statement[] {
  return widenBlock(body, { shapes: new Map(shapes), names: new Map(names) }, widening);
}

function widenBlock(body: readonly Statement[], outer: Scope, w: Widening): Statement[] {
  const scope = { ...outer, shapes: new Map(outer.shapes), names: new Map(outer.names) };
  return body.flatMap((s) => widenStatement(s, scope, w));
}

function widenStatement(s: Statement, scope: Scope, w: Widening): Statement[] {
  switch (s.kind) {
    case 'for':
    case 'block':
      return [{ ...s, body: widenBlock(s.body, scope, w) }];
    case 'if':
      return widenIf(s, scope, w);
    case 'declare':
      return widenDeclare(s, scope, w);
    case 'assign':
      return widenAssign(s, scope, w);
    case 'store':
      return widenStore(s, scope, w);
    case 'barrier':
    case 'reduce':
    case 'comment':
      return [s];
  }
}

const copiesOf = (w: Widening): number[] => Array.from({ length: w.copies }, (_, copy) => copy);

function namesFor(name: string, w: Widening): string[] {
  return copiesOf(w).map((copy) => (copy === 0 ? name : w.fresh(name)));
}

function widenDeclare(s: Extract<Statement, { kind: 'declare' }>, scope: Scope, w: Widening): Statement[] {
  const shape = s.mutable && w.varying.has(s.name) ? 'vector' : shapeOf(s.value, scope.shapes)!;
  scope.shapes.delete(s.name);
  if (shape !== 'uniform') scope.shapes.set(s.name, shape);
  if (shape === 'uniform' || typeof shape === 'number') return [s];
  const names = namesFor(s.name, w);
  const type = shape === 'mask' ? 'boolx4' : 'f32x4';
  const statements = shared([s.value], scope, w, ([value], copy) => ({
    ...s,
    name: names[copy]!,
    type,
    value: value!,
  }));
  scope.names.set(s.name, names);
  return statements;
}

function widenAssign(s: Extract<Statement, { kind: 'assign' }>, scope: Scope, w: Widening): Statement[] {
  const names = scope.names.get(s.name);
  if (!names) return [s];
  return shared([s.value], scope, w, ([value], copy) => {
    const name = names[copy]!;
    const mask = scope.masks?.[copy];
    return { ...s, name, value: mask ? select(mask, value!, { kind: 'var', type: 'f32x4', name }) : value! };
  });
}

/** Results that are not neighbours in memory are stored one by one. */
function widenStore(s: Extract<Statement, { kind: 'store' }>, scope: Scope, w: Widening): Statement[] {
  const step = shapeOf(s.index, scope.shapes) as number;
  const place = (copy: number): Expr => substitute(s.index, stepsOf(scope.shapes, copy));
  if (step === 1)
    return shared([s.value], scope, w, ([value], copy) => ({ ...s, index: place(copy), value: value! }));
  const names = copiesOf(w).map(() => w.fresh(`${s.buffer}Lanes`));
  const computed = shared([s.value], scope, w, ([value], copy) => ({
    kind: 'declare',
    name: names[copy]!,
    type: 'f32x4',
    value: value!,
    mutable: false,
  }));
  const stores = names.flatMap((name, copy) =>
    LANES.map((i): Statement => {
      const value = lane({ kind: 'var', type: 'f32x4', name }, i);
      return { ...s, index: add(place(copy), step * i), value };
    }),
  );
  return [...computed, ...stores];
}

const LANES = [0, 1, 2, 3] as const;

/** Under a mask both branches run, and their assignments choose lane by lane. */
function widenIf(s: Extract<Statement, { kind: 'if' }>, scope: Scope, w: Widening): Statement[] {
  const shape = shapeOf(s.condition, scope.shapes);
  if (shape === 'uniform') {
    const [then, otherwise] = [widenBlock(s.then, scope, w), widenBlock(s.otherwise, scope, w)];
    return [{ ...s, then, otherwise }];
  }
  const split = splitCondition(s.condition, scope.shapes);
  if (shape !== 'mask' && split)
    return [{ ...s, condition: split.uniform, then: widenIf({ ...s, condition: split.varying }, scope, w) }];
  const names = copiesOf(w).map(() => w.fresh('mask'));
  const declared = shared([s.condition], scope, w, ([condition], copy): Statement => {
    const outer = scope.masks?.[copy];
    const value = outer ? and(outer, condition!) : condition!;
    return { kind: 'declare', name: names[copy]!, type: 'boolx4', value, mutable: false };
  });
  const masks = names.map((name): Expr => ({ kind: 'var', type: 'boolx4', name }));
  const others = masks.map((mask, copy) => (scope.masks ? and(scope.masks[copy]!, not(mask)) : not(mask)));
  const body = [
    ...declared,
    ...widenBlock(s.then, { ...scope, masks }, w),
    ...widenBlock(s.otherwise, { ...scope, masks: others }, w),
  ];
  return [{ kind: 'block', comment: 'lane by lane', body }];
}

/**
 * One statement for each copy. Numbers that are the same in all lanes, except constants, are spread over a vector
 * once for all copies, unless a condition guards them.
 */
function shared(
  values: readonly Expr[],
  scope: Scope,
  w: Widening,
  statement: (values: readonly Expr[], copy: number) => Statement,
): Statement[] {
  const spread = new Map<string, Extract<Statement, { kind: 'declare' }>>();
  const spreadOnce = (e: Expr): Expr => {
    if (w.copies === 1 || e.kind === 'const') return splat(e);
    const key = JSON.stringify(e);
    const name = spread.get(key)?.name ?? w.fresh(e.kind === 'var' ? `${e.name}Lanes` : 'lanes');
    spread.set(key, { kind: 'declare', name, type: 'f32x4', value: splat(e), mutable: false });
    return { kind: 'var', type: 'f32x4', name };
  };
  const statements = copiesOf(w).map((copy) => {
    const print: Lanes = { scope, copy, spread: spreadOnce };
    return statement(
      values.map((value) => widen(value, print)),
      copy,
    );
  });
  return [...spread.values(), ...statements];
}

interface Lanes {
  readonly scope: Scope;
  readonly copy: number;
  spread(e: Expr): Expr;
}

/** The distance that each stepping name has moved in a copy. */
function stepsOf(shapes: Shapes, copy: number): ReadonlyMap<string, Expr> {
  const steps = new Map<string, Expr>();
  if (copy === 0) return steps;
  for (const [name, shape] of shapes) {
    if (typeof shape === 'number') steps.set(name, add({ kind: 'var', type: 'i32', name }, shape * 4 * copy));
  }
  return steps;
}

/** An f32 or a counter as `f32x4`, a bool as `boolx4`. */
function widen(e: Expr, lanes: Lanes): Expr {
  const { scope, copy } = lanes;
  const inner = (part: Expr): Expr => widen(part, lanes);
  if (shapeOf(e, scope.shapes) === 'uniform' && e.type !== 'bool') {
    return e.type === 'i32' && e.kind === 'const' ? splat(f32Const(e.value)) : lanes.spread(e);
  }
  switch (e.kind) {
    case 'var':
      return {
        kind: 'var',
        type: e.type === 'bool' ? 'boolx4' : 'f32x4',
        name: scope.names.get(e.name)![copy]!,
      };
    case 'load':
      return widenLoad(e, lanes);
    case 'unary':
      return { ...e, type: e.type === 'bool' ? 'boolx4' : 'f32x4', value: inner(e.value) };
    case 'binary': {
      const type = isComparison(e) || e.type === 'bool' ? 'boolx4' : 'f32x4';
      return { ...e, type, left: inner(e.left), right: inner(e.right) };
    }
    case 'fma':
      return { ...e, type: 'f32x4', a: inner(e.a), b: inner(e.b), c: inner(e.c) };
    case 'select':
      return widenSelect(e, lanes);
    case 'cast':
      return select(inner(e.value), splat(f32Const(1)), splat(f32Const(0)));
    default:
      throw new Error(`the ${e.kind} of ${e.type} has no vector`);
  }
}

function widenLoad(e: Extract<Expr, { kind: 'load' }>, { scope, copy }: Lanes): Expr {
  const step = shapeOf(e.index, scope.shapes) as number;
  const index = substitute(e.index, stepsOf(scope.shapes, copy));
  if (step === 1) return { ...e, type: 'f32x4', index };
  const at = (lane: number): Expr => ({ ...e, index: add(index, step * lane) });
  return vector(at(0), at(1), at(2), at(3));
}

function widenSelect(e: Extract<Expr, { kind: 'select' }>, lanes: Lanes): Expr {
  const split = splitSelect(e, lanes.scope.shapes);
  if (split) return widen(split, lanes);
  if (shapeOf(e.condition, lanes.scope.shapes) === 'mask') {
    return select(widen(e.condition, lanes), widen(e.then, lanes), widen(e.otherwise, lanes));
  }
  // An expression that the condition guards must not be computed before it.
  const guarded: Lanes = { ...lanes, spread: splat };
  return select(e.condition, widen(e.then, guarded), widen(e.otherwise, guarded));
}
