/**
 * Decides where a workgroup that shares loops needs a barrier for buffers. Other invocations may read an element only
 * after a barrier that follows its store, and it must not be stored while another invocation may still load it.
 * Buffers are distinguished by their names: a result may be in the place of an operand only if the invocation that
 * stores an element is the one that has loaded it.
 */
import type { Statement } from '../../types.ts';
import { expressionsOf, somePart, someStatement } from '../../walk.ts';

export interface Accesses {
  readonly loaded: ReadonlySet<string>;
  readonly stored: ReadonlySet<string>;
}

export const NOTHING: Accesses = { loaded: new Set(), stored: new Set() };

export function accessesOf(body: readonly Statement[]): Accesses {
  const [loaded, stored] = [new Set<string>(), new Set<string>()];
  someStatement(body, (s) => {
    if (s.kind === 'store') stored.add(s.buffer);
    for (const e of expressionsOf(s)) {
      somePart(e, (part) => {
        if (part.kind === 'load') loaded.add(part.buffer);
        return false;
      });
    }
    return false;
  });
  return { loaded, stored };
}

export const both = (a: Accesses, b: Accesses): Accesses => ({
  loaded: new Set([...a.loaded, ...b.loaded]),
  stored: new Set([...a.stored, ...b.stored]),
});

/** Whether a barrier is needed. `before` are the accesses since the last barrier. */
export const mustWait = (before: Accesses, { loaded, stored }: Accesses): boolean =>
  [...loaded].some((name) => before.stored.has(name)) ||
  [...stored].some((name) => before.stored.has(name) || before.loaded.has(name));
