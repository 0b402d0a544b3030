/**
 * Kernels for the same shapes often have equal parts: the same convolution with another activation copies and
 * transforms its input alike. Functions with equal bodies are printed once, and have the name of the first.
 */
import type { Sexpr } from './sexpr.ts';

/** Returns the functions and comments without the repeated functions. Calls have the names of those that remain. */
export function shareFunctions(items: readonly Sexpr[]): Sexpr[] {
  const firsts = new Map<string, string>();
  const names = new Map<string, string>();
  const kept = items.filter((item) => {
    if (!isInternal(item)) return true;
    const [, name, ...rest] = item as [string, string, ...Sexpr[]];
    const text = JSON.stringify(rest);
    const first = firsts.get(text) ?? name;
    firsts.set(text, first);
    names.set(name, first);
    return first === name;
  });
  return kept.map((item) => withNames(item, names));
}

/** Whether it is a function that only the module calls. */
const isInternal = (item: Sexpr): boolean =>
  Array.isArray(item) &&
  item[0] === 'func' &&
  !item.some((part) => Array.isArray(part) && part[0] === 'export');

function withNames(item: Sexpr, names: ReadonlyMap<string, string>): Sexpr {
  if (!Array.isArray(item)) return item;
  const parts = (item as readonly Sexpr[]).map((part) => withNames(part, names));
  if (parts[0] === 'call') parts[1] = names.get(parts[1] as string) ?? parts[1]!;
  return parts;
}
