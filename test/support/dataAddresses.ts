/**
 * Finds loads and stores of a module whose addresses depend on numbers in memory: one run makes only some of these
 * addresses. A local is tainted if a loaded value or another tainted local is assigned to it, or if it is assigned
 * under a tainted condition. So are the parameters that a call hands such a value.
 */
import { accessOf, addressIn, functionsOf } from './checkedModule.ts';
import { parseSexpression, type Node } from './sexpressions.ts';

interface Func {
  readonly body: readonly Node[];
  readonly parameters: readonly string[];
  readonly tainted: Set<string>;
}

/** The names of functions that have such an access. */
export function functionsWithDataAddresses(wat: string): string[] {
  const functions = new Map(
    [...functionsOf(parseSexpression(wat))].map(([name, body]): [string, Func] => [
      `$${name}`,
      { body, parameters: parametersOf(body), tainted: new Set() },
    ]),
  );
  for (let before = -1, after = 0; before !== after;) {
    before = after;
    for (const func of functions.values()) for (const node of func.body) spread(node, func, functions, false);
    after = [...functions.values()].reduce((sum, { tainted }) => sum + tainted.size, 0);
  }
  return [...functions].filter(([, func]) => hasTaintedAccess(func)).map(([name]) => name.slice(1));
}

const parametersOf = (func: readonly Node[]): string[] =>
  func.flatMap((part) => (part[0] === 'param' ? [part[1] as string] : []));

const isTainted = (node: Node, func: Func): boolean => {
  if (typeof node === 'string') return false;
  if (accessOf(node[0] as string)) return true;
  if (node[0] === 'local.get') return func.tainted.has(node[1] as string);
  return node.some((part) => isTainted(part, func));
};

/** One round; `isConditional`: whether it runs depends on numbers in memory. */
function spread(node: Node, func: Func, functions: ReadonlyMap<string, Func>, isConditional: boolean): void {
  if (typeof node === 'string') return;
  const [kind] = node;
  let inside = isConditional;
  if (kind === 'if')
    inside ||= node.some((part) => part[0] !== 'then' && part[0] !== 'else' && isTainted(part, func));
  if (kind === 'loop') inside ||= node.some((part) => part[0] === 'br_if' && isTainted(part, func));
  if (kind === 'local.set' || kind === 'local.tee') {
    if (isConditional || isTainted(node[2]!, func)) func.tainted.add(node[1] as string);
  }
  if (kind === 'call') {
    const called = functions.get(node[1] as string);
    called?.parameters.forEach((parameter, i) => {
      if (isConditional || isTainted(node[2 + i]!, func)) called.tainted.add(parameter);
    });
  }
  for (const part of node) spread(part, func, functions, inside);
}

function hasTaintedAccess(func: Func): boolean {
  const look = (node: Node): boolean => {
    if (typeof node === 'string') return false;
    if (accessOf(node[0] as string) && isTainted(node[addressIn(node).at]!, func)) return true;
    return node.some(look);
  };
  return func.body.some(look);
}
