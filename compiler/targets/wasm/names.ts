/** The names that statements declare, assign and use. */
import type { Expr, Statement } from '../../kernel/types.ts';

export interface Names {
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

export function namesOf(body: readonly Statement[]): Names {
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
