/**
 * The body as all invocations of a workgroup run it together. They share loops, one of them stores results, and all
 * of them repeat everything else. So they agree on every value outside of shared loops.
 */
import { add, constant, div, eq, f32Const, gt, mul, rem, select, splat } from '../../expression.ts';
import { INVOCATION } from '../../grid.ts';
import { expressionsOf, mapStatement, namesIn, refersTo, somePart, someStatement } from '../../walk.ts';
import type { Expr, ReduceOp, Statement, Type } from '../../types.ts';
import { analyze } from '../vectorize/analysis.ts';
import type { Name } from '../vectorize/names.ts';
import { extentOf, type Loop } from '../vectorize/parts.ts';
import type { Shape } from '../vectorize/shapes.ts';
import { substituteIn } from '../../substitute.ts';
import { accessesOf, both, mustWait, NOTHING, type Accesses } from './order.ts';
import { isShared, isWorkForAll, sharedNest, type SharedNest } from './sharing.ts';

type If = Extract<Statement, { kind: 'if' }>;

interface Team {
  readonly invocations: number;
  readonly fresh: Name;
  /** Names with the same value in all invocations, which WGSL can prove too. */
  readonly uniform: Set<string>;
  /** Variables that are still 0. */
  readonly zeros: Set<string>;
  /** Types of variables. */
  readonly types: Map<string, Type>;
  /** Accesses to buffers since the last barrier for them. */
  touched: Accesses;
}

/** Rewrites the body. `uniform` are names declared around it that depend only on the workgroup's number. */
export function together(
  body: readonly Statement[],
  invocations: number,
  fresh: Name,
  uniform: readonly string[],
): Statement[] {
  const team: Team = {
    ...{ invocations, fresh, uniform: new Set(uniform), zeros: new Set<string>() },
    ...{ types: new Map<string, Type>(), touched: NOTHING },
  };
  return ofBody(body, team);
}

const ofBody = (body: readonly Statement[], team: Team): Statement[] =>
  withResults(body, team).flatMap((s) => {
    const before = (s.kind === 'if' && !isByFirst(s)) || s.kind === 'block' ? [] : waiting(s, team);
    return [...before, ...ofStatement(s, team)];
  });

const BY_FIRST: Expr = eq(INVOCATION, 0);

const isByFirst = (s: Statement): s is If => s.kind === 'if' && s.condition === BY_FIRST;

/**
 * Lets the first invocation store results, together with the statements that only the results need: if a result is in
 * the place of an operand, no other invocation may load that. Neighbouring stores share one `if`.
 */
function withResults(body: readonly Statement[], team: Team): Statement[] {
  const done: Statement[] = [];
  body.forEach((s, i) => {
    if (s.kind !== 'store') {
      done.push(s);
      return;
    }
    const own = [...done.splice(madeFrom(done, body.slice(i + 1), team)), s];
    const last = done.at(-1);
    if (last && isByFirst(last)) done[done.length - 1] = { ...last, then: [...last.then, ...own] };
    else done.push({ kind: 'if', condition: BY_FIRST, then: own, otherwise: [] });
  });
  return done;
}

/**
 * The first statement from which on nothing is shared and nothing is needed elsewhere, neither before nor in the
 * rest.
 */
function madeFrom(body: readonly Statement[], rest: readonly Statement[], team: Team): number {
  let from = body.length;
  for (let i = body.length - 1; i >= 0; i--) {
    if (
      someStatement([body[i]!], ({ kind }) => MEETING.includes(kind)) ||
      isWorkForAll([body[i]!], team.invocations)
    )
      break;
    const moved = body.slice(i);
    const own = namesIn(moved);
    if (assignsOnly(moved, own) && !refersAny(rest, own)) from = i;
  }
  return from;
}

const MEETING: readonly Statement['kind'][] = ['barrier', 'reduce'];

const assignsOnly = (body: readonly Statement[], own: ReadonlySet<string>): boolean =>
  !someStatement(body, (s) => s.kind === 'assign' && !own.has(s.name));

const refersAny = (body: readonly Statement[], names: ReadonlySet<string>): boolean =>
  someStatement(
    body,
    (s) => (s.kind === 'assign' && names.has(s.name)) || expressionsOf(s).some((e) => refersTo(e, names)),
  );

function waiting(s: Statement, team: Team): Statement[] {
  const own = accessesOf([s]);
  const waits = mustWait(team.touched, own);
  team.touched = waits ? own : both(team.touched, own);
  return waits ? [{ kind: 'barrier', memory: 'storage' }] : [];
}

function ofStatement(s: Statement, team: Team): Statement[] {
  switch (s.kind) {
    case 'for':
      if (isShared(s, team.invocations)) return share(sharedNest(s)!, team);
      forget([s], team);
      return isWorkForAll(s.body, team.invocations) ? [inTurn(s, team)] : [s];
    case 'if':
      return isByFirst(s) ? [s] : ofIf(s, team);
    case 'block':
      return [{ ...s, body: ofBody(s.body, team) }];
    case 'declare':
      team.types.set(s.name, s.type);
      if (s.mutable && isZero(s.value)) team.zeros.add(s.name);
      return [s];
    case 'assign':
      team.zeros.delete(s.name);
      return [s];
    default:
      return [s];
  }
}

const isZero = (e: Expr): boolean =>
  e.kind === 'splat' ? isZero(e.value) : e.kind === 'const' && e.value === 0;

function forget(body: readonly Statement[], { zeros }: Team): void {
  someStatement(body, (s) => {
    if (s.kind === 'assign') zeros.delete(s.name);
    return false;
  });
}

/**
 * A loop whose iterations all invocations run one after the other. The start of an iteration waits for the accesses
 * of the previous one.
 */
function inTurn(loop: Loop, team: Team): Statement {
  const own = accessesOf(loop.body);
  const waits = mustWait(own, own);
  const { touched } = team;
  team.uniform.add(loop.name);
  team.touched = NOTHING;
  const body = ofBody(loop.body, team);
  team.touched = touched;
  return { ...loop, body: waits ? [{ kind: 'barrier', memory: 'storage' }, ...body] : body };
}

/**
 * A value loaded from a buffer is the same in all invocations, but WGSL does not know that and allows no barrier
 * under such a condition. A reduction makes the condition uniform.
 */
function ofIf(s: If, team: Team): Statement[] {
  const before = waiting({ ...s, then: [], otherwise: [] }, team);
  const { touched } = team;
  const branches = [s.then, s.otherwise].map((branch) => {
    team.touched = touched;
    const body = isWorkForAll(branch, team.invocations) ? ofBody(branch, team) : branch;
    return { body, touched: both(team.touched, accessesOf(branch)) };
  });
  forget([s], team);
  const [then, otherwise] = branches as [(typeof branches)[0], (typeof branches)[0]];
  team.touched = both(then.touched, otherwise.touched);
  const own: If = { ...s, then: then.body, otherwise: otherwise.body };
  const needs = someStatement([...own.then, ...own.otherwise], ({ kind }) => MEETING.includes(kind));
  if (!needs || isUniform(s.condition, team)) return [...before, own];
  const name = team.fresh('holds');
  const value = select(s.condition, f32Const(1), f32Const(0));
  const holds: Expr = { kind: 'var', type: 'f32', name };
  return [
    ...before,
    { kind: 'reduce', name, type: 'f32', op: 'max', value },
    { ...own, condition: gt(holds, 0) },
  ];
}

const isUniform = (e: Expr, { uniform }: Team): boolean =>
  !somePart(e, (part) => part.kind === 'load' || (part.kind === 'var' && !uniform.has(part.name)));

/**
 * The loop with its iterations distributed over the invocations, then the reduction of what they have accumulated.
 */
function share(nest: SharedNest, team: Team): Statement[] {
  const parts = [...nest.accumulators].map(([name, op]) => openPart(name, op, team));
  const renamed = new Map(parts.map(({ name, part }) => [name, part]));
  const body = renameIn(nest.body, renamed);
  const shared = byTurns({ ...nest, body }, new Set(renamed.values()), team);
  forget([shared], team);
  return [
    ...parts.flatMap(({ opened }) => opened),
    shared,
    ...parts.flatMap((part) => closePart(part, team)),
  ];
}

interface Part {
  readonly name: string;
  readonly op: ReduceOp;
  readonly type: 'f32' | 'f32x4';
  /** The variable that an invocation accumulates into. */
  readonly part: string;
  readonly opened: readonly Statement[];
}

/**
 * Maxima, minima, and sums that are 0 accumulate in the variable itself. Before and after the loop all invocations
 * have the same value in it.
 */
function openPart(name: string, op: ReduceOp, { zeros, types, fresh }: Team): Part {
  const type = types.get(name) === 'f32x4' ? 'f32x4' : 'f32';
  if (op !== 'add' || zeros.has(name)) return { name, op, type, part: name, opened: [] };
  const part = fresh(`${name}Part`);
  const zero = f32Const(0);
  const value = type === 'f32x4' ? splat(zero) : zero;
  return { name, op, type, part, opened: [{ kind: 'declare', name: part, type, value, mutable: true }] };
}

function closePart({ name, op, type, part }: Part, { fresh, zeros }: Team): Statement[] {
  const total = fresh(`${name}OfAll`);
  const [all, own]: Expr[] = [
    { kind: 'var', type, name: total },
    { kind: 'var', type, name },
  ];
  zeros.delete(name);
  return [
    { kind: 'reduce', name: total, type, op, value: { kind: 'var', type, name: part } },
    { kind: 'assign', name, value: part === name ? all! : add(own!, all!) },
  ];
}

function renameIn(body: readonly Statement[], names: ReadonlyMap<string, string>): Statement[] {
  const by = new Map<string, Expr>();
  someStatement(body, (s) => {
    const to = s.kind === 'assign' ? names.get(s.name) : undefined;
    if (s.kind === 'assign' && to && to !== s.name)
      by.set(s.name, { kind: 'var', type: s.value.type, name: to });
    return false;
  });
  const assigned = (statements: readonly Statement[]): Statement[] =>
    statements.map((s): Statement => {
      if (s.kind === 'assign') return { ...s, name: names.get(s.name) ?? s.name };
      return mapStatement(s, assigned);
    });
  return by.size === 0 ? [...body] : assigned(substituteIn(body, by));
}

/**
 * Neighbouring invocations take neighbouring iterations, or four each if those are vectors:
 *
 *     for i in 0..n    ->    for i in invocation..n step invocations
 */
function byTurns(nest: SharedNest, gathered: ReadonlySet<string>, { invocations, fresh }: Team): Loop {
  const { loops, iterations } = nest;
  const lanes = iterations >= 4 * invocations && isInVectors(nest, gathered) ? 4 : 1;
  const last = loops.at(-1)!.loop;
  const inner = lanes === 1 ? nest.body : [laneLoop(last, nest.body, fresh)];
  const stride = { step: lanes * invocations, independent: last.independent };
  const first = mul(INVOCATION, lanes);
  if (loops.length === 1) return { ...last, ...stride, from: add(last.from, first), body: inner };
  const name = fresh('element');
  const element: Expr = { kind: 'var', type: 'i32', name };
  let behind = iterations;
  const indices = loops.flatMap(({ loop, declared }): Statement[] => {
    const around = behind;
    behind /= extentOf(loop);
    const along = div(around === iterations ? element : rem(element, around), behind);
    const value = add(along, loop.from.value);
    return [{ kind: 'declare', name: loop.name, type: 'i32', value, mutable: false }, ...declared];
  });
  return {
    ...{ kind: 'for', name, from: first, to: constant(iterations), ...stride },
    body: [...indices, ...inner],
  };
}

/** A loop over four lanes, which `vectorizeLoops` turns into a vector. */
function laneLoop(loop: Loop, body: readonly Statement[], fresh: Name): Statement {
  const name = fresh('lane');
  const at: Expr = add({ kind: 'var', type: 'i32', name: loop.name }, { kind: 'var', type: 'i32', name });
  const own = substituteIn(body, new Map([[loop.name, at]]));
  return { ...loop, name, from: constant(0), to: constant(4), body: own };
}

/** Whether four iterations are neighbours in memory in every access. */
function isInVectors({ loops, body }: SharedNest, gathered: ReadonlySet<string>): boolean {
  const { loop } = loops.at(-1)!;
  if (extentOf(loop) % 4 !== 0 || loop.from.value % 4 !== 0) return false;
  const isPlain = body.every((s) => s.kind === 'assign' || s.kind === 'comment' || isName(s));
  if (gathered.size > 0 && !isPlain) return false;
  const shapes = new Map<string, Shape>([[loop.name, 1]]);
  for (const name of gathered) shapes.set(name, 'vector');
  const found = analyze(body, shapes);
  return found !== undefined && found.gathers === 0 && found.scatterDepth < 0;
}

const isName = (s: Statement): boolean => s.kind === 'declare' && !s.mutable;
