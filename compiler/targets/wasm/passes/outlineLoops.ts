/**
 * Chooses the loops whose bodies become functions. V8 replaces its quick first code by the optimized code between
 * calls only. So a call should not take longer than some hundred microseconds in the first code, and the first run of a
 * kernel should make many calls.
 *
 * Postcondition: such loops are marked `isOutlined`, none inside of another; their iterations do not depend on one another.
 */
import type { Kernel, Statement } from '../../../kernel/types.ts';
import { namesOf } from '../names.ts';

type Loop = Extract<Statement, { kind: 'for' }>;

/** Statements run by one call: a call that does less would cost more than it does. */
const LEAST = 300;
/** A call that does more is cut further in, where that can be. */
const MOST = 30_000;
/** Iterations of a loop whose bounds are no constants: the columns and rows of a window. */
const ASSUMED = 3;

export function outlineLoops(kernel: Kernel): Kernel {
  const body = outlineAll(kernel.body);
  return body === kernel.body ? kernel : { ...kernel, body };
}

/** The same list where nothing inside is chosen. */
function outlineAll(body: readonly Statement[]): readonly Statement[] {
  const outlined = body.map(outline);
  return outlined.every((statement, i) => statement === body[i]) ? body : outlined;
}

/** The same statement where nothing inside is chosen. */
function outline(s: Statement): Statement {
  switch (s.kind) {
    case 'for':
      return outlineLoop(s);
    case 'block': {
      const body = outlineAll(s.body);
      return body === s.body ? s : { ...s, body };
    }
    case 'if': {
      const [then, otherwise] = [outlineAll(s.then), outlineAll(s.otherwise)];
      return then === s.then && otherwise === s.otherwise ? s : { ...s, then, otherwise };
    }
    default:
      return s;
  }
}

/** No loop inside of a chosen one is chosen. */
function outlineLoop(s: Loop): Loop {
  const work = workOf(s.body);
  if (work < LEAST) return s;
  const isCandidate = s.independent && !assignsOutside(s.body);
  if (work > MOST || !isCandidate) {
    const body = outlineAll(s.body);
    if (body !== s.body) return { ...s, body };
    if (!isCandidate) return s;
  }
  return { ...s, isOutlined: true };
}

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
