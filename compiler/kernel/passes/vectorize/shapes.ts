/**
 * What an expression becomes when four iterations of a loop run at once: the same number in every lane, an index that
 * steps by a constant, a vector, a mask, or undefined if the language cannot express it.
 *
 * An `i32` that counts under masks becomes a vector of f32. That is exact, because nothing counts to 2^24. It is
 * never an index.
 */
import { isConst } from '../../expression.ts';
import type { Expr } from '../../types.ts';

/** A number is the step of an index from one iteration to the next. */
export type Shape = 'uniform' | 'vector' | 'mask' | number;
/** Shapes of the names that are not uniform. */
export type Shapes = ReadonlyMap<string, Shape>;

type Binary = Extract<Expr, { kind: 'binary' }>;
type Select = Extract<Expr, { kind: 'select' }>;

const COMPARISONS: readonly string[] = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'];

export const isComparison = (e: Binary): boolean => COMPARISONS.includes(e.op);

export function shapeOf(e: Expr, names: Shapes): Shape | undefined {
  switch (e.kind) {
    case 'const':
      return 'uniform';
    case 'var':
      return e.type === 'f32x4' || e.type === 'boolx4' ? undefined : (names.get(e.name) ?? 'uniform');
    case 'load':
      return shapeOfLoad(e, names);
    case 'unary':
      return shapeOfUnary(e, names);
    case 'binary':
      return shapeOfBinary(e, names);
    case 'fma': {
      const parts = [e.a, e.b, e.c].map((part) => shapeOf(part, names));
      if (parts.every((part) => part === 'uniform')) return 'uniform';
      return e.type === 'f32' && parts.every(isLaneValue) ? 'vector' : undefined;
    }
    case 'select':
      return shapeOfSelect(e, names);
    case 'cast': {
      const shape = shapeOf(e.value, names);
      if (shape === 'mask') return e.type === 'f32' ? 'vector' : undefined;
      return shape === 'uniform' ? 'uniform' : undefined;
    }
    case 'splat':
    case 'vector':
    case 'lane':
      return undefined;
  }
}

const isLaneValue = (shape: Shape | undefined): boolean => shape === 'vector' || shape === 'uniform';

function shapeOfLoad(e: Extract<Expr, { kind: 'load' }>, names: Shapes): Shape | undefined {
  if (e.type === 'f32x4') return undefined;
  const index = shapeOf(e.index, names);
  if (index === 'uniform') return 'uniform';
  return typeof index === 'number' && e.type === 'f32' ? 'vector' : undefined;
}

function shapeOfUnary(e: Extract<Expr, { kind: 'unary' }>, names: Shapes): Shape | undefined {
  const shape = shapeOf(e.value, names);
  if (typeof shape === 'number') return e.op === 'neg' ? -shape : undefined;
  return shape === 'vector' && e.type !== 'f32' ? undefined : shape;
}

function shapeOfBinary(e: Binary, names: Shapes): Shape | undefined {
  const [left, right] = [shapeOf(e.left, names), shapeOf(e.right, names)];
  if (left === undefined || right === undefined) return undefined;
  if (left === 'uniform' && right === 'uniform') return 'uniform';
  if (isComparison(e)) return isCounted(e, names) ? 'mask' : undefined;
  if (e.type === 'bool')
    return [e.left, e.right].every((side) => isMaskable(side, names)) ? 'mask' : undefined;
  if (e.type === 'f32') return isLaneValue(left) && isLaneValue(right) ? 'vector' : undefined;
  if (e.type !== 'i32') return undefined;
  if (left === 'vector' || right === 'vector')
    return ['add', 'sub'].includes(e.op) && isCounted(e, names) ? 'vector' : undefined;
  return stepOf(e, left, right);
}

/** Whether both sides are vectors, or numbers that f32 holds exactly. */
const isCounted = ({ left, right }: { left: Expr; right: Expr }, names: Shapes): boolean =>
  [left, right].every((side) => {
    const shape = shapeOf(side, names);
    if (shape === 'vector') return true;
    return shape === 'uniform' && (side.type === 'f32' || isSmall(side));
  });

export const isSmall = (e: Expr): boolean => e.type === 'i32' && isConst(e) && Math.abs(e.value) < 2 ** 20;

function stepOf({ op, left: l, right: r }: Binary, left: Shape, right: Shape): Shape | undefined {
  const step = (shape: Shape): number | undefined =>
    typeof shape === 'number' ? shape : shape === 'uniform' ? 0 : undefined;
  const [a, b] = [step(left), step(right)];
  if (a === undefined || b === undefined) return undefined;
  const sum = {
    add: a + b,
    sub: a - b,
    mul: isConst(r) ? a * r.value : isConst(l) ? b * l.value : undefined,
  }[op as string];
  return sum === 0 ? 'uniform' : sum;
}

/** Whether it is a mask, or a comparison of numbers that are the same in every lane. */
function isMaskable(e: Expr, names: Shapes): boolean {
  const shape = shapeOf(e, names);
  if (shape !== 'uniform') return shape === 'mask';
  return e.kind === 'binary' && isComparison(e) && e.left.type === 'f32';
}

function shapeOfSelect(e: Select, names: Shapes): Shape | undefined {
  const condition = shapeOf(e.condition, names);
  const split = splitSelect(e, names);
  if (split) return shapeOf(split, names);
  const branches = [shapeOf(e.then, names), shapeOf(e.otherwise, names)];
  if (condition === 'uniform') {
    if (branches.every((branch) => branch === 'uniform')) return 'uniform';
    if (e.type === 'f32') return branches.every(isLaneValue) ? 'vector' : undefined;
    if (branches.includes('vector'))
      return isCounted({ left: e.then, right: e.otherwise }, names) ? 'vector' : undefined;
    return typeof branches[0] === 'number' && branches[0] === branches[1] ? branches[0] : undefined;
  }
  if (condition !== 'mask') return undefined;
  if (e.type === 'f32') return branches.every(isLaneValue) ? 'vector' : undefined;
  return e.type === 'i32' && isCounted({ left: e.then, right: e.otherwise }, names) ? 'vector' : undefined;
}

/** Turns `(u && mask) ? a : b` into `u ? (mask ? a : b) : b`, where u is the same in every lane and no mask. */
export function splitSelect(e: Select, names: Shapes): Expr | undefined {
  const parts = splitCondition(e.condition, names);
  if (!parts) return undefined;
  const inner: Expr = { ...e, condition: parts.varying };
  return parts.op === 'and'
    ? { ...e, condition: parts.uniform, then: inner }
    : { ...e, condition: parts.uniform, otherwise: inner };
}

export interface SplitCondition {
  readonly op: 'and' | 'or';
  readonly uniform: Expr;
  readonly varying: Expr;
}

export function splitCondition(e: Expr, names: Shapes): SplitCondition | undefined {
  if (e.kind !== 'binary' || e.type !== 'bool' || (e.op !== 'and' && e.op !== 'or')) return undefined;
  const { op, left, right } = e;
  const [a, b] = [shapeOf(left, names), shapeOf(right, names)];
  if (a === 'uniform' && b !== 'uniform' && !isMaskable(left, names))
    return { op, uniform: left, varying: right };
  if (b === 'uniform' && a !== 'uniform' && !isMaskable(right, names))
    return { op, uniform: right, varying: left };
  return undefined;
}
