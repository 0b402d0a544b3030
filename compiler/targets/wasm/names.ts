/** The names that statements declare, assign and use. */
import type { Expr, Statement } from '../../kernel/types.ts';
import { childrenOf } from '../../kernel/walk.ts';

export interface Names {
  readonly declared: ReadonlySet<string>;
  readonly assigned: ReadonlySet<string>;
  /** Names that are read, buffers included, in the order in which they appear. */
  readonly used: ReadonlySet<string>;
}

/** The parameters of a function with this body: the names that it uses but does not declare. */
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
  if (e.kind === 'var') found.add(e.name);
  if (e.kind === 'load') found.add(e.buffer);
  for (const child of childrenOf(e)) namesIn(child, found);
}
