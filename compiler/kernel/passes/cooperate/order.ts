/**
 * Where a workgroup that shares loops needs a barrier for buffers: an element that one invocation stores is another's only
 * behind it, and must not be stored while another one may still load it. It tells buffers by their names: a result lies in
 * the place of an operand only where its element is stored by who has loaded it.
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

/** `before` is what was touched since the last barrier. */
export const mustWait = (before: Accesses, { loaded, stored }: Accesses): boolean =>
  [...loaded].some((name) => before.stored.has(name)) ||
  [...stored].some((name) => before.stored.has(name) || before.loaded.has(name));
