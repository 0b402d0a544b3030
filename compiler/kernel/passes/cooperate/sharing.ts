/**
 * Which loops the invocations of a workgroup can share, and what that saves. Their iterations must not depend on each
 * other, except for variables that they add to, or whose maximum or minimum they keep.
 */
import { expressionsOf, namesIn, refersTo, someStatement } from '../../walk.ts';
import type { Expr, ReduceOp, Statement } from '../../types.ts';
import { extentOf, isConstantLoop, type ConstantLoop, type Loop } from '../vectorize/parts.ts';

type Assign = Extract<Statement, { kind: 'assign' }>;
type Declare = Extract<Statement, { kind: 'declare' }>;

/** Nested loops treated as one loop over all their iterations. */
export interface SharedNest {
  /** The loops from the outside in, with the declarations between each loop and the next. */
  readonly loops: readonly { readonly loop: ConstantLoop; readonly declared: readonly Declare[] }[];
  readonly body: readonly Statement[];
  readonly iterations: number;
  /** Outer variables that the loop accumulates into, with the operation, in the order of their first assignment. */
  readonly accumulators: ReadonlyMap<string, ReduceOp>;
}

/** Undefined if an iteration needs another one. */
export function sharedNest(loop: Loop): SharedNest | undefined {
  if (!isConstantLoop(loop)) return undefined;
  const accumulators = accumulatorsOf(loop);
  if (!accumulators) return undefined;
  const hasStores = someStatement(loop.body, ({ kind }) => kind === 'store');
  if (hasStores && !(loop.independent && accumulators.size === 0)) return undefined;
  if (!hasStores && accumulators.size === 0) return undefined;
  return { ...nestOf(loop), accumulators };
}

function nestOf(loop: ConstantLoop): Omit<SharedNest, 'accumulators'> {
  const rest = loop.body.filter(({ kind }) => kind !== 'comment');
  const declared = rest.filter((s): s is Declare => s.kind === 'declare' && !s.mutable);
  const [inner, another] = rest.filter((s) => !declared.includes(s as Declare));
  const isNest = inner?.kind === 'for' && !another && rest.at(-1) === inner;
  if (!isNest || !isConstantLoop(inner) || inner.independent !== loop.independent)
    return { loops: [{ loop, declared: [] }], body: loop.body, iterations: extentOf(loop) };
  const { loops, body, iterations } = nestOf(inner);
  return { loops: [{ loop, declared }, ...loops], body, iterations: iterations * extentOf(loop) };
}

/** Undefined if the loop reads an outer variable, or changes it in another way. */
function accumulatorsOf(loop: Loop): ReadonlyMap<string, ReduceOp> | undefined {
  const own = namesIn([loop]);
  const found = new Map<string, ReduceOp>();
  const terms: Expr[] = [];
  const isStrange = someStatement([loop], (s) => {
    if (s.kind === 'barrier' || s.kind === 'reduce') return true;
    const step = s.kind === 'assign' && !own.has(s.name) ? stepOf(s) : undefined;
    terms.push(...(step?.terms ?? expressionsOf(s)));
    if (s.kind !== 'assign' || own.has(s.name)) return false;
    if (!step || (found.get(s.name) ?? step.op) !== step.op) return true;
    found.set(s.name, step.op);
    return false;
  });
  const names = new Set(found.keys());
  return isStrange || terms.some((term) => refersTo(term, names)) ? undefined : found;
}

interface Step {
  readonly op: ReduceOp;
  readonly terms: readonly Expr[];
}

/** Matches `acc = acc + e` and similar assignments. */
function stepOf({ name, value }: Assign): Step | undefined {
  if (value.type !== 'f32' && value.type !== 'f32x4') return undefined;
  const isSelf = (e: Expr): boolean => e.kind === 'var' && e.name === name;
  if (value.kind === 'fma' && isSelf(value.c)) return { op: 'add', terms: [value.a, value.b] };
  if (value.kind !== 'binary') return undefined;
  const { op, left, right } = value;
  if (op !== 'add' && op !== 'max' && op !== 'min') return undefined;
  if (isSelf(left)) return { op, terms: [right] };
  return isSelf(right) ? { op, terms: [left] } : undefined;
}

/** A reduction over a workgroup takes as long as this many steps: seven rounds with a barrier in each. */
const REDUCTION = 16;
/** Assumed iterations of a loop with computed bounds: windows that are cut at borders. */
const ASSUMED = 8;

const tripsOf = ({ from, to, step }: Loop): number =>
  from.kind === 'const' && to.kind === 'const' ? Math.ceil((to.value - from.value) / step) : ASSUMED;

/** Steps of one invocation that does everything alone. */
export const stepsAlone = (body: readonly Statement[]): number =>
  stepsOf(body, (loop) => tripsOf(loop) * (1 + stepsAlone(loop.body)));

/** Steps of each invocation, if this many share what they can. */
export const stepsTogether = (body: readonly Statement[], invocations: number): number =>
  stepsOf(body, (loop) => Math.min(stepsShared(loop, invocations), stepsAlike(loop, invocations)));

function stepsOf(body: readonly Statement[], ofLoop: (loop: Loop) => number): number {
  return body.reduce((sum, s) => {
    switch (s.kind) {
      case 'for':
        return sum + ofLoop(s);
      case 'block':
        return sum + stepsOf(s.body, ofLoop);
      case 'if':
        return sum + Math.max(stepsOf(s.then, ofLoop), stepsOf(s.otherwise, ofLoop));
      case 'comment':
        return sum;
      default:
        return sum + 1;
    }
  }, 0);
}

function stepsShared(loop: Loop, invocations: number): number {
  const nest = sharedNest(loop);
  if (!nest) return Infinity;
  const rounds = Math.ceil(nest.iterations / invocations);
  return rounds * (1 + stepsAlone(nest.body)) + REDUCTION * nest.accumulators.size;
}

const stepsAlike = (loop: Loop, invocations: number): number =>
  tripsOf(loop) * (1 + stepsTogether(loop.body, invocations));

/** Whether sharing the loop is faster than sharing the loops inside of it. */
export const isShared = (loop: Loop, invocations: number): boolean =>
  sharedNest(loop) !== undefined && stepsShared(loop, invocations) <= stepsAlike(loop, invocations);

/**
 * Whether all invocations reach the same barriers, as WGSL must be able to prove. Barriers are between shared work
 * and stores, so loops around such work need constant bounds.
 */
export const canMeet = (body: readonly Statement[], invocations: number): boolean =>
  body.every((s) => {
    switch (s.kind) {
      case 'for':
        if (isShared(s, invocations)) return true;
        if (s.from.kind === 'const' && s.to.kind === 'const') return canMeet(s.body, invocations);
        return !isWorkForAll(s.body, invocations);
      case 'if':
        return canMeet([...s.then, ...s.otherwise], invocations);
      case 'block':
        return canMeet(s.body, invocations);
      default:
        return true;
    }
  });

/** Whether there are stores, or loops to share. Otherwise all invocations do the same. */
export const isWorkForAll = (body: readonly Statement[], invocations: number): boolean =>
  someStatement(body, (s) => s.kind === 'store' || (s.kind === 'for' && isShared(s, invocations)));
