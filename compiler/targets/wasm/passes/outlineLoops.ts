/**
 * Chooses the loops whose bodies become functions. V8 replaces the code of its baseline compiler by optimized code only
 * between calls. So a call should take no longer than a few hundred microseconds in baseline code, and the first run of
 * a kernel should make many calls.
 *
 * Postcondition: such loops are marked `isOutlined`, and none is inside another. Their iterations are independent.
 */
import type { Kernel, Statement } from '../../../kernel/types.ts';
import { namesOf } from '../names.ts';

type Loop = Extract<Statement, { kind: 'for' }>;

/** The fewest statements of a call: with fewer, the call itself would cost more. */
const LEAST = 300;
/** The most statements of a call: with more, inner loops are outlined instead if possible. */
const MOST = 30_000;
/** The assumed iterations of a loop without constant bounds: these run over the columns and rows of a window. */
const ASSUMED = 3;

export function outlineLoops(kernel: Kernel): Kernel {
  const body = outlineAll(kernel.body);
  return body === kernel.body ? kernel : { ...kernel, body };
}

/** The statements with chosen loops marked; the same list if there are none. */
function outlineAll(body: readonly Statement[]): readonly Statement[] {
  const outlined = body.map(outline);
  return outlined.every((statement, i) => statement === body[i]) ? body : outlined;
}

/** The statement with chosen loops marked; the same object if there are none. */
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

/** Chooses a loop or loops inside it, never both. */
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

/** Whether the body assigns a variable that is declared outside. Then it cannot become a function. */
function assignsOutside(body: readonly Statement[]): boolean {
  const { assigned, declared } = namesOf(body);
  return [...assigned].some((name) => !declared.has(name));
}
