/** Postcondition: no variable of the kernel is named like a word of WGSL. Buffers are renamed when they are bound. */
import type { Expr, Kernel, Statement } from '../../../kernel/types.ts';
import { mapExpr, mapStatement, namesIn, unusedName } from '../../../kernel/walk.ts';
import { RESERVED } from '../words.ts';

export function renameWords(kernel: Kernel): Kernel {
  const names = namesIn(kernel.body);
  const taken = new Set([...names, ...kernel.buffers.map(({ name }) => name), ...RESERVED]);
  const renamed = new Map(
    [...names].filter((name) => RESERVED.has(name)).map((name) => [name, unusedName(`${name}_`, taken)]),
  );
  return renamed.size === 0 ? kernel : { ...kernel, body: renameIn(kernel.body, renamed) };
}

type Renamed = ReadonlyMap<string, string>;

const renameIn = (body: readonly Statement[], renamed: Renamed): Statement[] =>
  body.map((s) => statement(s, renamed));

function statement(s: Statement, renamed: Renamed): Statement {
  const spelled = (name: string): string => renamed.get(name) ?? name;
  const value = (e: Expr): Expr =>
    mapExpr(e, (part) => (part.kind === 'var' ? { ...part, name: spelled(part.name) } : part));
  const nested = (body: readonly Statement[]): Statement[] => renameIn(body, renamed);
  const own = mapStatement(s, nested, value);
  return 'name' in own ? { ...own, name: spelled(own.name) } : own;
}
