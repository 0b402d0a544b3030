/**
 * Sums, products, maxima and minima along a loop, in four lanes. Long loops use several vectors in parallel, because
 * an addition takes four cycles and waits for the previous one. Lanes are combined after the outermost loop of the
 * reduction. Terms are added in another order than written. NaN passes through min and max as before.
 */
import { add, f32Const, lane, max, min, mul, splat } from '../../expression.ts';
import type { Expr, Statement } from '../../types.ts';
import { analyze, type Analysis } from './analysis.ts';
import { copiesFor, cutLoop, extentOf, isConstantLoop, type ConstantLoop } from './parts.ts';
import type { Shape } from './shapes.ts';
import { callsFunctions, expressionsOf, refersTo } from '../../walk.ts';
import type { Fresh } from './names.ts';
import { widenBody } from './widen.ts';

const COMBINE = { add, mul, min, max };
type Combination = keyof typeof COMBINE;

interface Reduction {
  readonly leaf: ConstantLoop;
  /** Variables of the loop that accumulate, with their operation. */
  readonly accumulators: ReadonlyMap<string, Combination>;
  readonly analysis: Analysis;
}

/** A shorter loop that is alone loses more by combining its lanes than it gains. */
const LEAST_EXTENT = 8;

/** Widens a reduction. `statement` is the outermost loop or condition of a nest that does nothing else. */
export function widenReduction(statement: Statement, fresh: Fresh): Statement[] | undefined {
  const found = findReduction(statement, []);
  if (!found) return undefined;
  const { leaf, accumulators, analysis } = found;
  if (extentOf(leaf) < LEAST_EXTENT && statement === leaf) return undefined;
  const copies = callsFunctions(leaf.body) ? 1 : copiesFor(extentOf(leaf), analysis.pressure);
  const name = fresh();
  const lanes = new Map<string, string[]>();
  for (const accumulator of accumulators.keys()) {
    lanes.set(
      accumulator,
      Array.from({ length: copies }, () => name(`${accumulator}Lanes`)),
    );
  }
  const body = [
    ...[...accumulators].flatMap(([accumulator, how]) =>
      openLanes(accumulator, how, lanes.get(accumulator)!),
    ),
    ...replaceLeaf(statement, leaf, widenLeaf(found, copies, lanes, fresh)),
    ...[...accumulators].flatMap(([accumulator, how]) =>
      closeLanes(accumulator, how, lanes.get(accumulator)!, name),
    ),
  ];
  return [{ kind: 'block', comment: `${[...accumulators.keys()].join(' and ')} in lanes`, body }];
}

/** Goes down through loops, conditions and declarations to the one loop that accumulates. */
function findReduction(statement: Statement, path: readonly Statement[]): Reduction | undefined {
  if (statement.kind === 'if' && statement.otherwise.length === 0)
    return findInside(statement.then, [...path, statement]);
  if (statement.kind !== 'for') return undefined;
  return reductionOf(statement, path) ?? findInside(statement.body, [...path, statement]);
}

function findInside(body: readonly Statement[], path: readonly Statement[]): Reduction | undefined {
  const declared = body.filter((s) => s.kind === 'comment' || (s.kind === 'declare' && !s.mutable));
  const [inner, another] = body.filter((s) => !declared.includes(s));
  if (!inner || another) return undefined;
  return findReduction(inner, [...path, ...declared]);
}

function reductionOf(
  leaf: Extract<Statement, { kind: 'for' }>,
  path: readonly Statement[],
): Reduction | undefined {
  if (!isConstantLoop(leaf) || extentOf(leaf) < 4) return undefined;
  const accumulators = accumulatorsOf(leaf.body);
  if (!accumulators) return undefined;
  const names = new Set(accumulators.keys());
  if (path.some((s) => expressionsOf(s).some((e) => refersTo(e, names)))) return undefined;
  const analysis = analyze(leaf.body, shapesOf(leaf, accumulators.keys()));
  return analysis && { leaf, accumulators, analysis };
}

function shapesOf(leaf: ConstantLoop, accumulators: Iterable<string>): Map<string, Shape> {
  const shapes = new Map<string, Shape>([[leaf.name, 1]]);
  for (const name of accumulators) shapes.set(name, 'vector');
  return shapes;
}

/** Undefined if the body does anything else, or if the terms depend on an accumulator. */
function accumulatorsOf(body: readonly Statement[]): Map<string, Combination> | undefined {
  const found = new Map<string, Combination>();
  const terms: Expr[] = [];
  for (const s of body) {
    if (s.kind === 'comment') continue;
    if (s.kind === 'declare' && !s.mutable) {
      terms.push(s.value);
      continue;
    }
    const step = s.kind === 'assign' ? stepOf(s) : undefined;
    if (s.kind !== 'assign' || !step || (found.get(s.name) ?? step.how) !== step.how) return undefined;
    found.set(s.name, step.how);
    terms.push(...step.terms);
  }
  const names = new Set(found.keys());
  return found.size > 0 && !terms.some((term) => refersTo(term, names)) ? found : undefined;
}

interface Step {
  readonly how: Combination;
  readonly terms: readonly Expr[];
}

/** Matches `acc = acc + e` and similar assignments. */
function stepOf({ name, value }: Extract<Statement, { kind: 'assign' }>): Step | undefined {
  if (value.type !== 'f32') return undefined;
  const isSelf = (e: Expr): boolean => e.kind === 'var' && e.name === name;
  if (value.kind === 'fma' && isSelf(value.c)) return { how: 'add', terms: [value.a, value.b] };
  if (value.kind !== 'binary' || !(value.op in COMBINE)) return undefined;
  const how = value.op as Combination;
  if (isSelf(value.left)) return { how, terms: [value.right] };
  return isSelf(value.right) ? { how, terms: [value.left] } : undefined;
}

const vectorOf = (name: string): Expr => ({ kind: 'var', type: 'f32x4', name });
const numberOf = (name: string): Expr => ({ kind: 'var', type: 'f32', name });

/** Declares the lanes. Sums start at 0. The maximum so far may be counted four times. */
function openLanes(accumulator: string, how: Combination, names: readonly string[]): Statement[] {
  const neutral = {
    add: f32Const(0),
    mul: f32Const(1),
    min: numberOf(accumulator),
    max: numberOf(accumulator),
  };
  const value = splat(neutral[how]);
  return names.map((name) => ({ kind: 'declare', name, type: 'f32x4', value, mutable: true }));
}

function widenLeaf(
  { leaf, accumulators, analysis }: Reduction,
  copies: number,
  lanes: ReadonlyMap<string, readonly string[]>,
  fresh: Fresh,
): Statement[] {
  const taken = [...lanes.values()].flat();
  return cutLoop(leaf, copies, (count) =>
    widenBody(leaf.body, shapesOf(leaf, accumulators.keys()), lanes, {
      copies: count,
      varying: analysis.varying,
      fresh: fresh(taken),
    }),
  );
}

function replaceLeaf(s: Statement, leaf: Statement, by: readonly Statement[]): readonly Statement[] {
  if (s === leaf) return by;
  const inside = (body: readonly Statement[]): Statement[] =>
    body.flatMap((inner) => replaceLeaf(inner, leaf, by));
  if (s.kind === 'for') return [{ ...s, body: inside(s.body) }];
  return s.kind === 'if' ? [{ ...s, then: inside(s.then) }] : [s];
}

function closeLanes(
  accumulator: string,
  how: Combination,
  names: readonly string[],
  fresh: (wanted: string) => string,
): Statement[] {
  const combine = COMBINE[how];
  const total = pairwise(names.map(vectorOf), combine);
  const name = names.length > 1 ? fresh(`${accumulator}Total`) : names[0]!;
  const numbers = ([0, 1, 2, 3] as const).map((i) => lane(vectorOf(name), i));
  const value = combine(numberOf(accumulator), pairwise(numbers, combine));
  return [
    ...(names.length > 1
      ? [{ kind: 'declare', name, type: 'f32x4', value: total, mutable: false } as const]
      : []),
    { kind: 'assign', name: accumulator, value },
  ];
}

function pairwise(parts: readonly Expr[], combine: (a: Expr, b: Expr) => Expr): Expr {
  if (parts.length === 1) return parts[0]!;
  const half = Math.ceil(parts.length / 2);
  return combine(pairwise(parts.slice(0, half), combine), pairwise(parts.slice(half), combine));
}
