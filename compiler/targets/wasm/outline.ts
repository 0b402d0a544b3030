/**
 * Which loops' bodies become functions of their own. V8 replaces its quick first code by the optimized one between
 * calls only, so a call should not take longer than some hundred microseconds even in the first code, and the calls of
 * a kernel's first run should be many. Iterations of such a loop do not depend on one another.
 */
import type { Expr, Statement } from '../../kernel/types.ts';

export type Loop = Extract<Statement, { kind: 'for' }>;

/** Statements run by one call: a call that does less would cost more than it does. */
const LEAST = 300;
/** A call that does more is cut further in, where that can be. */
const MOST = 30_000;
/** Iterations of a loop whose bounds are no constants: the columns and rows of a window. */
const ASSUMED = 3;

/** Loops whose bodies are to be functions, none inside of another. */
export function outlinedLoops(body: readonly Statement[]): ReadonlySet<Statement> {
  const chosen = new Set<Statement>();
  for (const statement of body) choose(statement, chosen);
  return chosen;
}

/** Whether anything inside is chosen. */
function choose(statement: Statement, chosen: Set<Statement>): boolean {
  switch (statement.kind) {
    case 'for': {
      const work = workOf(statement.body);
      if (work < LEAST) return false;
      const isCandidate = statement.independent && !assignsOutside(statement.body);
      if (work > MOST || !isCandidate) {
        const inside = chooseAll(statement.body, chosen);
        if (inside || !isCandidate) return inside;
      }
      chosen.add(statement);
      return true;
    }
    case 'block':
      return chooseAll(statement.body, chosen);
    case 'if':
      return chooseAll([...statement.then, ...statement.otherwise], chosen);
    default:
      return false;
  }
}

const chooseAll = (body: readonly Statement[], chosen: Set<Statement>): boolean =>
  body.map((statement) => choose(statement, chosen)).includes(true);

function workOf(body: readonly Statement[]): number {
  return body.reduce((sum, statement) => {
    switch (statement.kind) {
      case 'for':
        return sum + tripCount(statement) * (workOf(statement.body) + 1);
      case 'block':
        return sum + workOf(statement.body);
      case 'if':
        return sum + Math.max(workOf(statement.then), workOf(statement.otherwise));
      case 'comment':
      case 'barrier':
        return sum;
      default:
        return sum + 1;
    }
  }, 0);
}

function tripCount({ from, to, step }: Loop): number {
  const isFixed = from.kind === 'const' && to.kind === 'const';
  return isFixed ? Math.max(0, Math.ceil((to.value - from.value) / step)) : ASSUMED;
}

/** An accumulator of the surroundings is changed: the body cannot be a function. */
function assignsOutside(body: readonly Statement[]): boolean {
  const { assigned, declared } = namesOf(body);
  return [...assigned].some((name) => !declared.has(name));
}

interface Names {
  readonly declared: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** Read from, in the order in which they appear; buffers as well. */
  readonly used: ReadonlySet<string>;
}

/** What a function of this body takes: names that it uses and does not declare. */
export function freeNames(body: readonly Statement[]): string[] {
  const { declared, used } = namesOf(body);
  return [...used].filter((name) => !declared.has(name));
}

function namesOf(body: readonly Statement[]): Names {
  const [declared, assigned, used] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const see = (statements: readonly Statement[]): void => statements.forEach(look);
  const look = (s: Statement): void => {
    switch (s.kind) {
      case 'for':
        declared.add(s.name);
        namesIn(s.from, used);
        namesIn(s.to, used);
        return see(s.body);
      case 'if':
        namesIn(s.condition, used);
        see(s.then);
        return see(s.otherwise);
      case 'declare':
      case 'reduce':
        declared.add(s.name);
        return namesIn(s.value, used);
      case 'assign':
        assigned.add(s.name);
        return namesIn(s.value, used);
      case 'store':
        used.add(s.buffer);
        namesIn(s.index, used);
        return namesIn(s.value, used);
      case 'block':
        return see(s.body);
      case 'barrier':
      case 'comment':
        return;
    }
  };
  see(body);
  return { declared, assigned, used };
}

function namesIn(e: Expr, found: Set<string>): void {
  const look = (inner: Expr): void => namesIn(inner, found);
  switch (e.kind) {
    case 'const':
      return;
    case 'var':
      found.add(e.name);
      return;
    case 'load':
      found.add(e.buffer);
      return look(e.index);
    case 'unary':
    case 'cast':
    case 'splat':
      return look(e.value);
    case 'lane':
      return look(e.vector);
    case 'binary':
      look(e.left);
      return look(e.right);
    case 'fma':
      return [e.a, e.b, e.c].forEach(look);
    case 'select':
      return [e.condition, e.then, e.otherwise].forEach(look);
    case 'vector':
      return e.values.forEach(look);
    default:
      return e satisfies never;
  }
}
