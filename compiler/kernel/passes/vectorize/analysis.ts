/**
 * Whether four iterations of a loop can run at once, one in each lane, and what that costs. It trusts `independent`.
 * It checks that the language can express the result: f32 stores at constant steps, uniform bounds of inner loops,
 * and no varying integers except indices and counters.
 */
import { expressionsOf, mapExpr } from '../../walk.ts';
import type { Expr, Statement } from '../../types.ts';
import { isSmall, shapeOf, splitCondition, type Shape, type Shapes } from './shapes.ts';

export interface Analysis {
  /** Mutable variables that differ between lanes. */
  readonly varying: ReadonlySet<string>;
  /** Number of loads that must collect their four numbers one by one. */
  readonly gathers: number;
  /** Loop depth of the stores that must write their four numbers one by one; -1 if there are none. */
  readonly scatterDepth: number;
  /** Loop depth of the loads of four numbers at once. */
  readonly loadDepth: number;
  /** Vector registers that the fullest block needs for each copy: for what it loads, reads and accumulates. */
  readonly pressure: number;
}

interface Findings {
  readonly varying: Set<string>;
  /** Variables that the loop may assign: its own, and the accumulators that the caller of `analyze` names. */
  readonly assignable: Set<string>;
  gathers: number;
  scatterDepth: number;
  loadDepth: number;
  pressure: number;
  /** Number of loops that are open. */
  depth: number;
  /** The indices of stores and of loads for each buffer, as text. */
  readonly stored: Map<string, Set<string>>;
  readonly loaded: Map<string, Set<string>>;
}

/** Analyzes the body. `outside` describes the names declared around the loop, including the loop's own variable. */
export function analyze(body: readonly Statement[], outside: Shapes): Analysis | undefined {
  const varying = new Set<string>();
  for (const [name, shape] of outside) if (shape === 'vector') varying.add(name);
  for (;;) {
    const known = varying.size;
    const findings = createFindings(varying);
    if (!checkBlock(body, new Map(outside), findings, false)) return undefined;
    if (!keepsToItsElements(findings)) return undefined;
    if (varying.size === known) return findings;
  }
}

const createFindings = (varying: Set<string>): Findings => ({
  varying,
  assignable: new Set(varying),
  gathers: 0,
  scatterDepth: -1,
  loadDepth: -1,
  pressure: 0,
  depth: 0,
  stored: new Map(),
  loaded: new Map(),
});

/** A buffer that is written is read only where the same iteration writes it. */
const keepsToItsElements = ({ stored, loaded }: Findings): boolean =>
  [...stored].every(([buffer, indices]) => {
    const reads = loaded.get(buffer);
    return !reads || (indices.size === 1 && reads.size === 1 && reads.has([...indices][0]!));
  });

type Names = Map<string, Shape>;

function checkBlock(body: readonly Statement[], names: Names, found: Findings, masked: boolean): boolean {
  const wanted = new Set<string>();
  for (const s of body) {
    if (!checkStatement(s, names, found, masked)) return false;
    lookAt(s, names, found, wanted);
    if (masked && s.kind === 'assign') wanted.add('the mask');
  }
  for (const s of body) if (s.kind === 'declare' && !s.mutable) wanted.delete(s.name);
  found.pressure = Math.max(found.pressure, wanted.size);
  return true;
}

function checkStatement(s: Statement, names: Names, found: Findings, masked: boolean): boolean {
  const shape = (e: Expr): Shape | undefined => shapeOf(e, names);
  const nested = (body: readonly Statement[], isMasked = masked): boolean =>
    checkBlock(body, new Map(names), found, isMasked);
  switch (s.kind) {
    case 'for': {
      if (shape(s.from) !== 'uniform' || shape(s.to) !== 'uniform') return false;
      found.depth++;
      const isFine = nested(s.body);
      found.depth--;
      return isFine;
    }
    case 'if':
      return checkIf(s, names, found, masked);
    case 'declare':
      return checkDeclare(s, names, found);
    case 'assign':
      return checkAssign(s, names, found, masked);
    case 'store':
      return !masked && s.value.type === 'f32' && isLaneValue(shape(s.value)) && checkPlace(s, names, found);
    case 'block':
      return nested(s.body);
    case 'barrier':
    case 'reduce':
      return false;
    case 'comment':
      return true;
  }
}

function checkPlace(s: Extract<Statement, { kind: 'store' }>, names: Names, found: Findings): boolean {
  note(found.stored, s.buffer, s.index);
  const step = shapeOf(s.index, names);
  if (typeof step !== 'number') return false;
  if (step !== 1) found.scatterDepth = Math.max(found.scatterDepth, found.depth);
  return true;
}

const isLaneValue = (shape: Shape | undefined): boolean => shape === 'uniform' || shape === 'vector';

function checkIf(
  s: Extract<Statement, { kind: 'if' }>,
  names: Names,
  found: Findings,
  masked: boolean,
): boolean {
  const shape = shapeOf(s.condition, names);
  const branch = (body: readonly Statement[], isMasked: boolean): boolean =>
    checkBlock(body, new Map(names), found, isMasked);
  if (shape === 'uniform') return branch(s.then, masked) && branch(s.otherwise, masked);
  if (shape === 'mask') return branch(s.then, true) && branch(s.otherwise, true);
  const split = splitCondition(s.condition, names);
  if (split?.op !== 'and' || s.otherwise.length > 0) return false;
  return checkIf({ ...s, condition: split.varying }, names, found, masked);
}

function checkDeclare(
  s: Extract<Statement, { kind: 'declare' }>,
  names: Names,
  { varying, assignable }: Findings,
): boolean {
  const shape = shapeOf(s.value, names);
  names.delete(s.name);
  assignable.add(s.name);
  if (shape === undefined) return false;
  if (!s.mutable) {
    names.set(s.name, shape);
    return true;
  }
  if (typeof shape === 'number' || shape === 'mask') return false;
  if (shape === 'vector') varying.add(s.name);
  if (!varying.has(s.name)) return true;
  names.set(s.name, 'vector');
  return isCountable(s.value, shape);
}

/** Whether an integer that counts in lanes may become this value. */
const isCountable = (value: Expr, shape: Shape | undefined): boolean =>
  value.type === 'f32' || shape === 'vector' || isSmall(value);

function checkAssign(
  s: Extract<Statement, { kind: 'assign' }>,
  names: Names,
  { varying, assignable }: Findings,
  masked: boolean,
): boolean {
  const shape = shapeOf(s.value, names);
  if (!assignable.has(s.name)) return false;
  // Possibly a counter. The next round treats it as a vector.
  const isGuess = shape === undefined && s.value.type === 'i32' && !varying.has(s.name);
  if (isGuess) varying.add(s.name);
  if (!isLaneValue(shape)) return isGuess;
  if (shape === 'uniform' && !masked && !varying.has(s.name)) return true;
  varying.add(s.name);
  return isCountable(s.value, shape);
}

/** Notes the loads of the statement itself, and the vectors that it needs in registers. */
function lookAt(s: Statement, names: Names, found: Findings, wanted: Set<string>): void {
  const see = (e: Expr): Expr => {
    if (e.kind === 'var' && ['vector', 'mask'].includes(names.get(e.name) as string)) wanted.add(e.name);
    if (e.kind !== 'load') return e;
    note(found.loaded, e.buffer, e.index);
    const step = shapeOf(e.index, names);
    if (typeof step !== 'number') return e;
    if (step === 1) found.loadDepth = Math.max(found.loadDepth, found.depth);
    else found.gathers++;
    wanted.add(`${e.buffer}[${JSON.stringify(e.index)}]`);
    return e;
  };
  for (const e of expressionsOf(s)) mapExpr(e, see);
}

function note(table: Map<string, Set<string>>, buffer: string, index: Expr): void {
  const known = table.get(buffer) ?? new Set();
  table.set(buffer, known.add(JSON.stringify(index)));
}
